import { ChannelFault } from '../connection/fault.ts';
import './messages.ts';
import { heartbeat } from './pmc-frames.ts';

/** Milliseconds. */
export interface PmcTimes {
  /** Between two signs of life of ours: the platform wants one every 5 to 10 seconds. */
  heartbeat: number;
  /** Until the service has to have taken the connection. */
  connect: number;
  /** After so long without a word from there the connection is made anew: it may be dead without anybody telling. */
  quiet: number;
}

export interface PmcSocketOptions {
  socket: WebSocket;
  /** For sentences: the rest of the address proves who we are. */
  host: string;
  times: PmcTimes;
  /** Epoch milliseconds. */
  now(): number;
  onOpen(): void;
}

/** Why a connection is over: a fault, or that it was ended from here. */
type End = ChannelFault | 'stopped' | 'quiet';

/**
 * What comes over a websocket, whatever came meanwhile together, until the signal is aborted or nothing has come for long.
 * Shows the other side that we live. The socket is closed when nobody asks for more.
 *
 * @throws ChannelFault when the connection is refused or cut
 */
export async function* textsOver(options: PmcSocketOptions, signal: AbortSignal): AsyncGenerator<string[]> {
  const { socket } = options;
  let came: string[] = [];
  let end: End | undefined;
  let wake = (): void => undefined;
  const stopWatching = watch(
    options,
    (text) => {
      came.push(text);
      wake();
    },
    (reason) => {
      end ??= reason;
      wake();
    },
    signal,
  );
  try {
    while (end === undefined) {
      const batch = came;
      came = [];
      if (batch.length > 0) yield batch;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    stopWatching();
    socket.close();
  }
  if (typeof end === 'object') throw end;
}

/** Tells what comes and how it ends; answers how to look away. */
function watch(
  { socket, host, times, now, onOpen }: PmcSocketOptions,
  onText: (text: string) => void,
  onEnd: (end: End) => void,
  signal: AbortSignal,
): () => void {
  const watching = new AbortController();
  const on = { signal: watching.signal };
  let isOpen = false;
  let heardAt = performance.now();
  const opened = (): void => {
    isOpen = true;
    heardAt = performance.now();
    onOpen();
  };
  socket.addEventListener('open', opened, on);
  const heard = ({ data }: MessageEvent): void => {
    heardAt = performance.now();
    onText(String(data));
  };
  socket.addEventListener('message', heard, on);
  const ended = (code: number): void =>
    onEnd(new ChannelFault('platform', 'pinduoduo.messages-cut', { host, code }));
  socket.addEventListener('close', ({ code }) => ended(code), on);
  // One that was never taken has an error, and may have no end.
  socket.addEventListener('error', (event) => (isOpen ? ended(1006) : onEnd(refused(host, event))), on);
  signal.addEventListener('abort', () => onEnd('stopped'), on);
  if (signal.aborted) onEnd('stopped');

  const connecting = setTimeout(() => {
    const seconds = times.connect / 1_000;
    if (!isOpen) onEnd(new ChannelFault('platform', 'pinduoduo.messages-silent', { host, seconds }));
  }, times.connect);
  const beating = setInterval(() => {
    if (!isOpen) return;
    if (performance.now() - heardAt > times.quiet) onEnd('quiet');
    else socket.send(heartbeat(now()));
  }, times.heartbeat);
  return () => {
    clearTimeout(connecting);
    clearInterval(beating);
    watching.abort();
  };
}

function refused(host: string, event: Event): ChannelFault {
  const reason = 'message' in event && typeof event.message === 'string' ? event.message : '';
  return new ChannelFault('platform', 'pinduoduo.messages-refused', { host, reason: reason || '–' });
}
