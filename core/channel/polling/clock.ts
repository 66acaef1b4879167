import { reasonOf } from '../../errors.ts';
import type { ChannelConnection } from '../connection/connection.ts';
import type { Remark } from './poll-state.ts';

/** Milliseconds. */
const askEveryMs = 60 * 60_000;
/** A clock that could not be read is asked for sooner. */
const askAgainMs = 60_000;
/** What the answer's way and whole seconds in it may amount to. */
const blurMs = 2_000;
const namedFromMs = 60_000;

/** Keeps an eye on how far our clock and the platform's are apart. */
export class ChannelClock {
  #askedAt = Number.NEGATIVE_INFINITY;
  #askAt = Number.NEGATIVE_INFINITY;
  #aheadMs: number | null = null;
  /** Why the platform could not be asked the last time; reading shows whether that matters. */
  #fault: unknown = null;

  /** How far the platform's clock is ahead of ours, milliseconds; null while unknown. */
  get aheadMs(): number | null {
    return this.#aheadMs;
  }

  /** Asks the platform now and then; sooner where it could not be asked. */
  async look(connection: ChannelConnection, now: number, signal: AbortSignal): Promise<void> {
    // A clock of ours that was set back asks at once.
    if (now < this.#askAt && now >= this.#askedAt) return;
    this.#askedAt = now;
    try {
      this.#aheadMs = (await connection.check(signal)).clockAheadMs ?? this.#aheadMs;
      this.#fault = null;
      this.#askAt = now + askEveryMs;
    } catch (error) {
      this.#fault = error;
      this.#askAt = now + askAgainMs;
    }
  }

  /** Asks anew at the next look. */
  forget(): void {
    this.#askAt = Number.NEGATIVE_INFINITY;
  }

  /**
   * The time that is certainly past on both clocks: a window that reaches into the platform's future would count
   * as read what has not happened yet.
   */
  earlier(now: number): number {
    return this.#aheadMs !== null && this.#aheadMs < -blurMs ? now + this.#aheadMs : now;
  }

  /** What is to say of it: that it is off, or that nobody knows whether it is. */
  remark(): Remark | null {
    if (this.#aheadMs === null) {
      if (this.#fault !== null)
        return { code: 'polling.clock-unread', params: { reason: reasonOf(this.#fault) } };
      return Number.isFinite(this.#askedAt) ? { code: 'polling.clock-untold', params: {} } : null;
    }
    if (Math.abs(this.#aheadMs) < namedFromMs) return null;
    const minutes = Math.round(Math.abs(this.#aheadMs) / 60_000);
    return { code: 'polling.clock-off', params: { minutes } };
  }
}
