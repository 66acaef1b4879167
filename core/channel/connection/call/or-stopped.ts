import { ChannelFault } from '../fault.ts';

/**
 * What was promised, or the end of waiting for it once the signal is aborted.
 *
 * @throws ChannelFault `channel.stopped`
 */
export function orStopped<T>(promised: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void =>
      reject(new ChannelFault('platform', 'channel.stopped', {}, { retryable: false }));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promised.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
