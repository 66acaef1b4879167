import { ChannelFault } from '../connection/fault.ts';
import type { ChannelMessage } from '../connection/messages-in.ts';
import './messages.ts';
import { answerTo, frameOf, heartbeat, type PmcFrame } from './pmc-frames.ts';

/** Messages that become durable together at most. */
const mostAtOnce = 100;

/** Milliseconds. */
export interface PmcTimes {
  /** Between two signs of life of ours: the platform wants one every 5 to 10 seconds. */
  heartbeat: number;
  /** Until the service has to have taken the connection. */
  connect: number;
  /** After so long without a word from there the connection is made anew: it may be dead without anybody telling. */
  quiet: number;
}

export interface PmcOptions {
  socket: WebSocket;
  /** For sentences: the rest of the address proves who we are. */
  host: string;
  times: PmcTimes;
  /** Epoch milliseconds. */
  now(): number;
  onOpen(): void;
  /** Resolves once they are durable. */
  onMessages(messages: readonly ChannelMessage[]): Promise<void>;
}

/** Why a connection is over: a fault, or that it was ended from here. */
type End = ChannelFault | 'stopped' | 'quiet';

/**
 * Takes messages over one connection until the signal is aborted or nothing has come for long. Each is acknowledged once
 * it is durable; those that cannot be kept are said to have failed, and come again.
 *
 * @throws ChannelFault when the connection is refused or cut; whatever `onMessages` rejects with
 */
export async function takeMessages(options: PmcOptions, signal: AbortSignal): Promise<void> {
  const { socket, times, now } = options;
  const waiting: PmcFrame[] = [];
  let end: End | undefined;
  let wake = (): void => undefined;
  let heardAt = performance.now();
  const finish = (reason: End): void => {
    end ??= reason;
    wake();
  };
  const stop = (): void => finish('stopped');
  const listening = new AbortController();
  const on = { signal: listening.signal };
  // One that was never taken has an error only.
  let isOpen = false;
  socket.addEventListener(
    'open',
    () => {
      isOpen = true;
      heardAt = performance.now();
      options.onOpen();
    },
    on,
  );
  socket.addEventListener(
    'message',
    ({ data }) => {
      heardAt = performance.now();
      const frame = frameOf(String(data));
      if (frame) waiting.push(frame);
      wake();
    },
    on,
  );
  socket.addEventListener(
    'error',
    (event) => finish(isOpen ? cut(options, 1006) : refused(options, event)),
    on,
  );
  socket.addEventListener('close', ({ code }) => finish(cut(options, code)), on);
  signal.addEventListener('abort', stop, on);
  if (signal.aborted) stop();
  const connecting = setTimeout(() => {
    if (!isOpen) finish(silent(options));
  }, times.connect);
  const beating = setInterval(() => {
    if (isOpen && performance.now() - heardAt > times.quiet) finish('quiet');
    else if (isOpen) socket.send(heartbeat(now()));
  }, times.heartbeat);
  try {
    while (end === undefined) {
      if (waiting.length > 0) await handOn(waiting.splice(0, mostAtOnce), options);
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    clearTimeout(connecting);
    clearInterval(beating);
    listening.abort();
    socket.close();
  }
  if (end !== 'stopped' && end !== 'quiet') throw end;
}

async function handOn(frames: readonly PmcFrame[], { socket, now, onMessages }: PmcOptions): Promise<void> {
  const answerAll = (command: 'Ack' | 'Fail'): void => {
    for (const frame of frames) socket.send(answerTo(frame, command, now()));
  };
  try {
    await onMessages(frames.map(({ message }) => message));
  } catch (error) {
    answerAll('Fail');
    throw error;
  }
  answerAll('Ack');
}

function refused({ host }: PmcOptions, event: Event): ChannelFault {
  const reason = 'message' in event && typeof event.message === 'string' ? event.message : '';
  return new ChannelFault('platform', 'pinduoduo.messages-refused', { host, reason: reason || '–' });
}

function silent({ host, times }: PmcOptions): ChannelFault {
  return new ChannelFault('platform', 'pinduoduo.messages-silent', { host, seconds: times.connect / 1_000 });
}

function cut({ host }: PmcOptions, code: number): ChannelFault {
  return new ChannelFault('platform', 'pinduoduo.messages-cut', { host, code });
}
