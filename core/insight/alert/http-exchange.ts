import { Readable } from 'node:stream';
import type { AxiosResponse } from 'axios';
import { HubError, type HubErrorOptions } from '../../errors.ts';
import type { PreparedRequest, SendTools } from './channel.ts';
import { agents, ConnectionWatch, connectTimeoutCode } from './connection-watch.ts';
import './messages.ts';
import { redacted } from '../../redacted.ts';
import { retryAfterMs } from '../../retry-after.ts';

/** Milliseconds until an exchange, or the making of its connection, is given up. */
export const defaultTimeoutMs = 10_000;
/** Bytes of an answer that are read; those that matter have a few hundred. */
const mostAnswerBytes = 64 * 1024;

export interface HttpAnswer {
  kind: 'answer';
  host: string;
  status: number;
  /** From the header Retry-After. */
  retryAfterMs: number | undefined;
  /** The body, as far as it was read; lost on the way, it is empty. */
  text: string;
}

export interface HttpFault {
  kind: 'fault';
  /** `no`: nothing of the request can have arrived. `maybe`: the answer was lost, the request perhaps not. */
  arrived: 'no' | 'maybe';
  error: HubError;
}

/**
 * Posts a prepared request once: no redirect is followed (a signed request is meant for one address), no proxy is
 * used unless given, the answer is bounded in size and time. Errors name the host, never the rest of the address,
 * which may hold a token.
 *
 * @param secrets kept out of every error
 */
export async function exchange(
  request: PreparedRequest,
  tools: SendTools,
  secrets: readonly (string | undefined)[],
): Promise<HttpAnswer | HttpFault> {
  const url = new URL(request.url);
  const timeoutMs = tools.timeoutMs ?? defaultTimeoutMs;
  const watch = new ConnectionWatch(
    url.protocol,
    tools.connectTimeoutMs ?? Math.min(timeoutMs, defaultTimeoutMs),
  );
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = tools.signal ? AbortSignal.any([timeout, tools.signal]) : timeout;
  try {
    const response = await tools.http.request<unknown>({
      method: 'POST',
      url: request.url,
      headers: {
        'accept-encoding': 'identity',
        'user-agent': 'Order-Hub',
        // A request without a body has no type, where axios would give it one.
        ...(request.body === '' ? { 'content-type': false } : {}),
        ...request.headers,
      },
      data: request.body === '' ? undefined : Buffer.from(request.body),
      responseType: 'stream',
      // What is sent was signed as it is, and every answer is judged here.
      transformRequest: [(data: unknown) => data],
      transformResponse: [(data: unknown) => data],
      validateStatus: () => true,
      decompress: false,
      maxRedirects: 0,
      maxBodyLength: Number.POSITIVE_INFINITY,
      proxy: tools.proxy ?? false,
      transport: watch,
      signal,
      ...agents,
    });
    return {
      kind: 'answer',
      host: url.host,
      status: response.status,
      retryAfterMs: retryAfterMs(retryAfterOf(response), tools.now),
      text: await readText(response.data, signal),
    };
  } catch (error) {
    return faultOf(error, { host: url.host, watch, timeout, stopped: tools.signal, timeoutMs, secrets });
  }
}

interface Failure {
  host: string;
  watch: ConnectionWatch;
  timeout: AbortSignal;
  stopped: AbortSignal | undefined;
  timeoutMs: number;
  secrets: readonly (string | undefined)[];
}

/** The network's own codes for a request that never left. */
const neverLeft = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  connectTimeoutCode,
]);

function faultOf(error: unknown, failure: Failure): HttpFault {
  const { host, watch, timeout, stopped, timeoutMs, secrets } = failure;
  const code = codeOf(error);
  const arrived = watch.connection === 'pending' || neverLeft.has(code) ? 'no' : 'maybe';
  const fault = (name: string, params: Record<string, string | number>, retryable = true): HttpFault => ({
    kind: 'fault',
    arrived,
    error: new HubError(name, { host, ...params }, { retryable }),
  });
  if (stopped?.aborted) return fault('alert.stopped', {});
  if (code === connectTimeoutCode) return fault('alert.connect-timeout', {});
  if (timeout.aborted || code === 'ETIMEDOUT') return fault('alert.timeout', { seconds: timeoutMs / 1000 });
  // The error of the HTTP client holds address, headers and body: only its words go on, without the secrets.
  const reason = redacted(error instanceof Error ? error.message : String(error), secrets) || code;
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/.test(code))
    return fault('alert.certificate', { reason }, false);
  return fault('alert.unreachable', { reason });
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string' && error.code !== 'ERR_NETWORK') return error.code;
  return 'cause' in error ? codeOf(error.cause) : '';
}

/** As much of the body as is wanted. A body that breaks off gives what came: the status was already there. */
async function readText(data: unknown, signal: AbortSignal): Promise<string> {
  if (typeof data === 'string') return data;
  if (!(data instanceof Readable)) return data === undefined || data === null ? '' : JSON.stringify(data);
  const chunks: Buffer[] = [];
  let bytes = 0;
  const stop = () => data.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of data) {
      const part = Buffer.from(chunk as Uint8Array);
      chunks.push(part);
      bytes += part.length;
      if (bytes >= mostAnswerBytes) break;
    }
  } catch {
    // Whether the part that came says enough is for the one who asked; a robot's half answer is no answer to him.
    return Buffer.concat(chunks).toString('utf8');
  } finally {
    signal.removeEventListener('abort', stop);
    data.destroy();
  }
  return Buffer.concat(chunks).subarray(0, mostAnswerBytes).toString('utf8');
}

function retryAfterOf(response: AxiosResponse): string | undefined {
  const header: unknown = response.headers?.['retry-after'];
  return typeof header === 'string' ? header : undefined;
}

/** The error an HTTP status alone means; undefined for 2xx. */
export function statusError(
  answer: HttpAnswer,
  secrets: readonly (string | undefined)[],
): HubError | undefined {
  const { status, host, retryAfterMs } = answer;
  if (status >= 200 && status < 300) return undefined;
  const params = { host, status };
  if (status >= 300 && status < 400) return new HubError('alert.redirected', params);
  const again: HubErrorOptions = { retryable: true, retryAfterMs };
  if (status === 429) return throttled(host, retryAfterMs ?? 60_000);
  if (status === 408 || status === 425 || status >= 500)
    return new HubError('alert.server-error', params, again);
  return new HubError('alert.refused', { ...params, reason: redacted(answer.text, secrets) || '–' });
}

/** The other side wants fewer messages. */
export function throttled(host: string, waitMs: number): HubError {
  return new HubError(
    'alert.throttled',
    { host, seconds: Math.ceil(waitMs / 1000) },
    { retryable: true, retryAfterMs: waitMs },
  );
}

/** The body as a JSON object; undefined for anything else, such as the HTML page of a proxy. */
export function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    // Not JSON is an answer too: who asked tells it with its status and beginning.
    return undefined;
  }
}

/** A 2xx whose body says nothing that can be understood. Something on the way answered, so it may pass. */
export function unreadable(answer: HttpAnswer, secrets: readonly (string | undefined)[]): HubError {
  const { host, status, text } = answer;
  const start = redacted(
    text
      .slice(0, 2000)
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' '),
    secrets,
  ).slice(0, 80);
  return new HubError('alert.answer-unreadable', { host, status, start: start || '–' }, { retryable: true });
}
