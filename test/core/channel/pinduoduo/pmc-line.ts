import { EventEmitter, once } from 'node:events';
import type {
  ChannelMessage,
  MessageSource,
  MessageSourceEvents,
} from '../../../../core/channel/connection/messages-in.ts';
import { pddOf } from '../../../../core/channel/pinduoduo/call.ts';
import { connectPinduoduo } from '../../../../core/channel/pinduoduo/connection.ts';
import { messagesOf, type PmcWaits } from '../../../../core/channel/pinduoduo/pmc.ts';
import { type Answer, answeringChannel } from '../answering-channel.ts';

/** A websocket whose other end is the test. */
export class Line extends EventTarget {
  readonly address: string;
  readonly sent: string[] = [];
  isClosed = false;

  constructor(address: string) {
    super();
    this.address = address;
  }

  send(text: string): void {
    this.sent.push(text);
    this.dispatchEvent(new Event('sent'));
  }

  close(): void {
    this.isClosed = true;
  }

  opens(): void {
    this.dispatchEvent(new Event('open'));
  }

  gives(...texts: readonly string[]): void {
    for (const data of texts) this.dispatchEvent(new MessageEvent('message', { data }));
  }

  isCut(code: number): void {
    this.dispatchEvent(Object.assign(new Event('close'), { code }));
  }

  /** Frames that were sent but for signs of life. */
  answers(): string[] {
    return this.sent.filter((text) => !text.includes('HeartBeat'));
  }
}

/** Waits that end at once where one has to, and never where one must not. */
export const promptly: PmcWaits = {
  heartbeat: 1 << 30,
  connect: 1 << 30,
  quiet: 1 << 30,
  firstRetry: 1,
  longestRetry: 1,
};

export const permitted: Answer = { body: { pmc_user_permit_response: { is_success: true } } };

/** Listens over lines that the test holds the other end of. */
export class Listening {
  readonly states: string[] = [];
  readonly taken: ChannelMessage[] = [];
  /** What keeping messages does. */
  keep: (messages: readonly ChannelMessage[]) => Promise<void> = () => Promise.resolve();
  readonly source: MessageSource;
  readonly #seen = new EventEmitter();
  readonly #stop = new AbortController();

  constructor({
    waits,
    answer = () => permitted,
  }: { waits?: Partial<PmcWaits>; answer?: () => Answer } = {}) {
    const seen = this.#seen;
    class Held extends Line {
      constructor(address: string) {
        super(address);
        // Whoever made it has not begun to listen to it yet.
        queueMicrotask(() => seen.emit('line', this));
      }
    }
    const { connection } = answeringChannel(
      (access) => ({
        ...connectPinduoduo(access),
        messages: messagesOf(
          pddOf(access),
          access,
          { ...promptly, ...waits },
          Held as unknown as typeof WebSocket,
        ),
      }),
      answer,
      { credentials: { appKey: 'app', appSecret: 'secret', accessToken: 'tok' }, address: '' },
    );
    this.source = connection.messages!;
  }

  listen(): Promise<void> {
    const events: MessageSourceEvents = {
      onMessages: async (messages) => {
        await this.keep(messages);
        this.taken.push(...messages);
      },
      onState: (state) => {
        this.states.push(state.kind === 'waiting' ? state.reason.message : state.kind);
      },
    };
    return this.source.listen(events, this.#stop.signal);
  }

  /** The line that is opened next. */
  async line(): Promise<Line> {
    const [line] = (await once(this.#seen, 'line')) as [Line];
    return line;
  }

  stop(): void {
    this.#stop.abort();
  }
}
