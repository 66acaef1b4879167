/** What a platform sends of its own accord over a connection we opened. */
export interface ChannelMessage {
  /** The platform's id of the message, the same when it comes again. */
  id: string;
  /** What it says happened, such as `taobao_trade_TradeBuyerPay`. */
  topic: string;
  /** The order it is about: to be read again, for the message is only a hint. Null when it is about none. */
  channelOrderId: string | null;
  /** JSON text of the message as it came. */
  body: string;
}

export interface MessageSourceEvents {
  /** Resolves once the messages are durable; only then are they acknowledged. Rejecting leaves them to come again. */
  onMessages(messages: readonly ChannelMessage[]): Promise<void>;
  /** `open` once the platform has proved that it sends; `waiting` with the reason while it is tried again. */
  onState(state: { kind: 'connecting' | 'open' } | { kind: 'waiting'; reason: Error; retryAt: number }): void;
}

export interface MessageSource {
  readonly transport: 'pull' | 'websocket';
  /**
   * Takes messages until the signal is aborted; connects again by itself, spaced out, after every fault that may
   * pass. Resolves when nothing is under way any more.
   *
   * @throws ChannelFault that a person must end (credentials, permission)
   */
  listen(events: MessageSourceEvents, signal: AbortSignal): Promise<void>;
}
