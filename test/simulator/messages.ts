import type { SimulatorClock } from './clock.ts';
import { type Faults, pushFaults } from './faults.ts';
import type { Journal } from './journal.ts';

/** A message about an order, as it waits to be taken and confirmed. */
export interface Message {
  id: string;
  topic: string;
  content: string;
  publishedAt: number;
  /** Not given out before. Epoch milliseconds. */
  dueAt: number;
}

/** What happened, as messages: kept until they are confirmed, given out again when that does not come. */
export class MessageQueue {
  /** How long a message that was given out waits for its confirmation, milliseconds. */
  readonly #againMs: number;
  readonly #clock: SimulatorClock;
  readonly #faults: Faults;
  readonly #journal: Journal;
  readonly #firstId: bigint;
  #waiting: Message[] = [];
  #count = 0n;

  constructor(
    parts: { clock: SimulatorClock; faults: Faults; journal: Journal },
    { firstId, againMs }: { firstId: bigint; againMs: number },
  ) {
    this.#clock = parts.clock;
    this.#faults = parts.faults;
    this.#journal = parts.journal;
    this.#firstId = firstId;
    this.#againMs = againMs;
  }

  get size(): number {
    return this.#waiting.length;
  }

  add(topic: string, content: string): void {
    const fault = this.#faults.draw(pushFaults);
    if (fault === 'push-lost') {
      this.#journal.pushes.lost += 1;
      return;
    }
    const now = this.#clock.now();
    this.#count += 1n;
    const id = String(this.#firstId + this.#count);
    const dueAt = fault === 'push-delayed' ? now + 60_000 : now;
    const message = { id, topic, content, publishedAt: now, dueAt };
    if (fault === 'push-disordered') this.#waiting.splice(Math.max(0, this.#waiting.length - 1), 0, message);
    else this.#waiting.push(message);
    if (fault === 'push-duplicated') this.#waiting.push({ ...message });
  }

  /** Gives out messages that are due; each comes again when it is not confirmed in time. */
  take(count: number): Message[] {
    const now = this.#clock.now();
    const due = this.#waiting.filter(({ dueAt }) => dueAt <= now).slice(0, count);
    for (const message of due) {
      message.dueAt = now + this.#againMs;
      this.#journal.pushes.sent += 1;
    }
    return due;
  }

  /** Makes everything due at once that was given out and not confirmed. */
  release(): void {
    for (const message of this.#waiting) message.dueAt = Math.min(message.dueAt, this.#clock.now());
  }

  confirm(id: string): void {
    const before = this.#waiting.length;
    this.#waiting = this.#waiting.filter((message) => message.id !== id);
    if (this.#waiting.length < before) this.#journal.pushes.accepted += 1;
  }

  /** A message that could not be worked with comes again. */
  fail(id: string): void {
    if (this.#waiting.some((message) => message.id === id)) this.#journal.pushes.refused += 1;
  }
}
