/** A request as a platform's folder wants it sent, signed and whole. */
export interface CallRequest {
  /** The platform's name of what is called, such as `taobao.trade.fullinfo.get`: limits and troubles are told by it. */
  name: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: string;
  headers?: Readonly<Record<string, string>>;
  /** Sent as these bytes. */
  body?: string;
  /**
   * Whether asking twice does no more than asking once: only then is a request repeated whose answer was lost.
   * Signed requests are made anew for each attempt, so `request` of {@link HttpCall} is a function.
   */
  repeatable: boolean;
  /** What it weighs against the account's rate, in requests or cost points; 1 unless told. */
  weight?: number;
}

export interface CallAnswer {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** The body, decoded by its charset (UTF-8 unless the answer names another, such as GBK). */
  text: string;
  /**
   * The body as JSON that keeps its digits (see core/json.ts).
   *
   * @throws ChannelFault `channel.answer-not-json`, `channel.answer-truncated`, for an HTML page among others
   */
  json(): unknown;
}

/**
 * Sends a request and hands over whatever the platform answers, 4xx and 5xx included: what an answer means is for
 * the platform's folder to say, by a ChannelFault that `judge` throws. Troubles that may pass (no connection, 5xx,
 * throttling) are tried again, spaced out, within the call; Retry-After and a fault's `retryAfterMs` are obeyed up
 * to a bound, beyond which the fault goes to the caller.
 *
 * @param request made anew for each attempt, for signatures hold the time
 * @param judge turns an answer into what is wanted; throws a ChannelFault for one that is none
 * @throws ChannelFault
 */
export type HttpCall = <T>(
  request: () => CallRequest,
  judge: (answer: CallAnswer) => T,
  signal: AbortSignal,
) => Promise<T>;
