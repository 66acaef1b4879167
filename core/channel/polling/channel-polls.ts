import type { Leadership } from '../../delivery/leadership.ts';
import { systemTimers, type Timers } from '../../delivery/timers.ts';
import type { Store } from '../../store/store.ts';
import { ChannelPoller, type PollerOptions } from './channel-poller.ts';
import { MessageIntake, type MessageState } from './message-intake.ts';

export interface ChannelPollOptions extends Omit<PollerOptions, 'store' | 'candidacy' | 'timers' | 'random'> {
  /** Whether to take the messages that the platform sends over a connection of ours, where it does. */
  messages: boolean;
  /** Told how taking messages stands. */
  onMessages?(state: MessageState): void;
}

/** An account that this process reads, or stands by to. */
export interface RunningPoll {
  readonly options: ChannelPollOptions;
  readonly poller: ChannelPoller;
  readonly messages: MessageIntake | null;
  stop(): Promise<void>;
}

/** The channels that one process reads; of several processes on a store one reads each account. */
export class ChannelPolls {
  readonly #store: Store;
  readonly #leadership: Leadership;
  readonly #timers: Timers;
  readonly #running = new Map<string, RunningPoll>();

  constructor(store: Store, leadership: Leadership, timers: Timers = systemTimers) {
    this.#store = store;
    this.#leadership = leadership;
    this.#timers = timers;
  }

  /** Begins to read an account; one that runs already must be stopped first. */
  run(options: ChannelPollOptions): RunningPoll {
    const { path } = options.account;
    if (this.#running.has(path)) throw new Error(`Account ${path} is read already.`);
    const candidacy = this.#leadership.candidate(`poll:${path}`);
    const shared = { store: this.#store, candidacy, timers: this.#timers };
    const poller = new ChannelPoller({ ...options, ...shared });
    const { account, subscriber, connect, onMessages } = options;
    const messages = options.messages
      ? new MessageIntake({
          ...shared,
          account,
          subscriber,
          connect,
          ...(onMessages && { onState: onMessages }),
        })
      : null;
    const running: RunningPoll = {
      options,
      poller,
      messages,
      stop: async () => {
        if (this.#running.get(path) === running) this.#running.delete(path);
        await Promise.all([poller.stop(), messages?.stop()]);
        await candidacy.resign();
      },
    };
    this.#running.set(path, running);
    poller.start();
    messages?.start();
    return running;
  }

  /** What this process runs for an account. */
  find(path: string): RunningPoll | undefined {
    return this.#running.get(path);
  }

  /** What reading failed at that no channel has a part in; it goes on by itself. */
  get fault(): unknown {
    for (const { poller } of this.#running.values()) if (poller.fault !== null) return poller.fault;
    return null;
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#running.values()].map((running) => running.stop()));
  }
}
