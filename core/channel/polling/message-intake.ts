import { Inbox } from '../../delivery/inbox.ts';
import type { Candidacy } from '../../delivery/leadership.ts';
import { RecurringWork } from '../../delivery/recurring-work.ts';
import type { Timers } from '../../delivery/timers.ts';
import { HubError } from '../../errors.ts';
import type { Store } from '../../store/store.ts';
import type { ChannelConnection } from '../connection/connection.ts';
import type { ChannelMessage } from '../connection/messages-in.ts';
import type { PolledAccount } from './account.ts';
import { hintReceipt } from './hint.ts';
import { type Trouble, troubleOf, waitAfter } from './trouble.ts';

/** How taking messages stands. `none`: the platform sends none. */
export interface MessageState {
  phase: 'none' | 'standby' | 'connecting' | 'open' | 'waiting';
  trouble: Trouble | null;
  /** Messages stored since the start, repeats not counted. */
  taken: number;
  /** When the last one was stored, epoch milliseconds. */
  lastAt: number | null;
  retryAt: number | null;
}

export interface MessageIntakeOptions {
  store: Store;
  candidacy: Candidacy;
  timers: Timers;
  account: PolledAccount;
  subscriber: string;
  connect(): Promise<ChannelConnection>;
  onState?(state: MessageState): void;
}

/** How often it is looked whether this process is still the one to take messages. Milliseconds. */
const lookMs = 5_000;
/** Looked for again by platforms that send none: the account may have been changed. */
const noneMs = 10 * 60_000;

/** Takes the messages of one account, each durable before it is acknowledged. */
export class MessageIntake {
  readonly #options: MessageIntakeOptions;
  readonly #inbox: Inbox;
  readonly #work: RecurringWork;
  readonly #closing = new AbortController();
  #state: MessageState = { phase: 'connecting', trouble: null, taken: 0, lastAt: null, retryAt: null };

  constructor(options: MessageIntakeOptions) {
    this.#options = options;
    this.#inbox = new Inbox(options.store);
    this.#work = new RecurringWork(() => this.#turn(), {
      everyMs: lookMs,
      firstMs: 0,
      timers: options.timers,
      leads: () => {
        const leads = options.candidacy.leads();
        if (!leads) this.#show({ phase: 'standby', retryAt: null });
        return leads;
      },
    });
  }

  start(): void {
    this.#work.start();
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.#closing.abort();
    await this.#work.stop();
  }

  state(): MessageState {
    return this.#state;
  }

  /** Listens for as long as that goes well; answers when to try again, milliseconds. */
  async #turn(): Promise<number> {
    const { connect, candidacy, timers, store } = this.#options;
    if (this.#closing.signal.aborted) return lookMs;
    const lost = new AbortController();
    const signal = AbortSignal.any([this.#closing.signal, lost.signal]);
    let cancel: () => void = () => undefined;
    const watch = (): void => {
      if (!candidacy.leads()) lost.abort();
      else cancel = timers.after(lookMs, watch);
    };
    try {
      const { messages } = await connect();
      if (!messages) {
        this.#show({ phase: 'none', trouble: null });
        return noneMs;
      }
      this.#show({ phase: 'connecting' });
      watch();
      await messages.listen(
        {
          onMessages: (received) => this.#take(received),
          onState: (state) => {
            if (state.kind === 'waiting') {
              const trouble = troubleOf(state.reason, this.#state.trouble, store.now());
              this.#show({ phase: 'waiting', trouble, retryAt: state.retryAt });
            } else
              this.#show({
                phase: state.kind,
                retryAt: null,
                ...(state.kind === 'open' && { trouble: null }),
              });
          },
        },
        signal,
      );
      return lookMs;
    } catch (error) {
      if (signal.aborted) return lookMs;
      const trouble = troubleOf(error, this.#state.trouble, store.now());
      const wait = waitAfter(trouble, HubError.is(error) ? error.retryAfterMs : undefined, lookMs);
      this.#show({ phase: 'waiting', trouble, retryAt: store.now() + wait });
      return wait;
    } finally {
      cancel();
      if (lost.signal.aborted) this.#show({ phase: 'standby', retryAt: null });
    }
  }

  async #take(messages: readonly ChannelMessage[]): Promise<void> {
    const { store, account, subscriber } = this.#options;
    const now = store.now();
    const received = await this.#inbox.receiveAll(
      messages.map((message) => hintReceipt(message, account.path, subscriber, now)),
    );
    const fresh = received.filter(({ repeated }) => !repeated).length;
    this.#show({ taken: this.#state.taken + fresh, lastAt: now });
  }

  #show(change: Partial<MessageState>): void {
    this.#state = { ...this.#state, ...change };
    this.#options.onState?.(this.#state);
  }
}
