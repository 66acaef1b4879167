import { HubError } from '../../errors.ts';
import type { TimeWindow, WindowRules } from '../connection/order-source.ts';
import type { Remark } from './poll-state.ts';
import './messages.ts';

/** What a shorter window may help against: an answer that takes too long, or is too long. */
const ofSize = new Set([
  'channel.timeout',
  'channel.answer-too-large',
  'channel.answer-truncated',
  'channel.answer-cut',
]);
/** A window of so many pages and more rarely gets to its end where one page in a few dozen fails. */
const manyPages = 10;
/** Shorter windows would make more requests than they help. Milliseconds. */
const leastMs = 60_000;
/** Windows in a row that must go well before longer ones are tried. */
const goodBefore = 4;

/** How long the windows are that a channel answers: half as long after one it could not, longer again in time. */
export class WindowSpan {
  /** Null for as long as the platform allows. */
  #mostMs: number | null = null;
  #good = 0;

  /**
   * The platform's rules with the span that is asked for now.
   *
   * @param overlapMs how far windows reach back; one that is not twice as long would not get on
   */
  rulesFor(rules: WindowRules, overlapMs: number): WindowRules {
    if (this.#mostMs === null) return rules;
    this.#mostMs = Math.max(this.#mostMs, rules.stepMs, 2 * overlapMs);
    return { ...rules, mostMs: Math.min(rules.mostMs, this.#mostMs) };
  }

  /**
   * Takes note of a window that was not read to its end.
   *
   * @param pages how many of its pages were read before
   */
  failed(error: unknown, { from, until }: TimeWindow, pages: number): void {
    if (!HubError.is(error)) return;
    const isTooLong = ofSize.has(error.code) || (error.retryable && pages >= manyPages);
    if (!isTooLong) return;
    this.#mostMs = Math.max(leastMs, Math.floor((until - from) / 2));
    this.#good = 0;
  }

  /** Takes note of a window that was read. */
  went({ mostMs }: WindowRules): void {
    if (this.#mostMs === null) return;
    this.#good += 1;
    if (this.#good < goodBefore) return;
    this.#good = 0;
    this.#mostMs = 2 * this.#mostMs >= mostMs ? null : 2 * this.#mostMs;
  }

  /** What is to say of it while windows are shorter than they might be. */
  remark(): Remark | null {
    if (this.#mostMs === null) return null;
    return { code: 'polling.shorter-windows', params: { minutes: Math.ceil(this.#mostMs / 60_000) } };
  }
}
