import { ChannelFault } from '../fault.ts';
import type { CallRequest } from '../http-call.ts';

/**
 * Why it ends when a signal was aborted: a time limit that has passed is no closing of the node.
 *
 * @param since when it was asked, epoch milliseconds
 */
export function stopFault({ reason }: AbortSignal, request: CallRequest, since: number): ChannelFault {
  // The reason that AbortSignal.timeout gives (WHATWG DOM, AbortSignal.timeout).
  const isLate = reason instanceof DOMException && reason.name === 'TimeoutError';
  if (!isLate) return new ChannelFault('platform', 'channel.stopped', {}, { retryable: false });
  const seconds = Math.ceil((Date.now() - since) / 100) / 10;
  const { host } = new URL(request.url);
  return new ChannelFault('platform', 'channel.timeout', { host, call: request.name, seconds });
}

/**
 * What a request promised, or the end of waiting for it once the signal is aborted.
 *
 * @throws ChannelFault `channel.stopped`; `channel.timeout` where a time limit aborted it
 */
export function orStopped<T>(
  promised: Promise<T>,
  signal: AbortSignal,
  request: () => CallRequest,
): Promise<T> {
  const since = Date.now();
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(stopFault(signal, request(), since));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promised.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
