import { type Faults, pushFaults } from './faults.ts';
import type { Journal } from './journal.ts';
import type { ShopOrder } from './shop/order.ts';
import type { ShopEvent } from './shop/shop.ts';

/** One HTTP push as it is sent, and sent again. */
export interface Push {
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** How a platform pushes. */
export interface PushProfile {
  /** The push about an event, signed; made when it is first sent. Null for events that nobody is told of. */
  make(event: ShopEvent, order: ShopOrder, attempt: { now: number; serial: number }): Push | null;
  /** Whether an answer counts as taken. */
  isTaken(status: number, body: string): boolean;
  /** Waits before further attempts, milliseconds, shortened from the platform's own. Empty: never again. */
  retryMs: readonly number[];
  /** After so many failures in a row nothing is pushed any more, until the target is set anew. */
  failuresUntilOff: number;
  timeoutMs: number;
}

const mostInFlight = 8;
const longestDelayMs = 300;

/** Sends what happens in a shop to the hub's address, as reliably as the platform does: not very. */
export class PushSender {
  readonly #profile: PushProfile;
  readonly #journal: Journal;
  readonly #faults: Faults;
  readonly #now: () => number;
  #target: string | null = null;
  #queue: (() => Promise<void>)[] = [];
  #inFlight = 0;
  #waiting = 0;
  #serial = 0;
  #failures = 0;
  /** Held back until the next one has gone. */
  #heldBack: (() => Promise<void>)[] = [];
  #idle: (() => void)[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(profile: PushProfile, parts: { journal: Journal; faults: Faults; now(): number }) {
    this.#profile = profile;
    this.#journal = parts.journal;
    this.#faults = parts.faults;
    this.#now = () => parts.now();
  }

  /** @param target where to push to from now on; null for nowhere */
  to(target: string | null): void {
    this.#target = target;
    this.#failures = 0;
  }

  /** Whether failures in a row have ended the subscription. */
  get isOff(): boolean {
    return this.#failures >= this.#profile.failuresUntilOff;
  }

  push(event: ShopEvent, order: ShopOrder): void {
    if (this.#target === null || this.isOff) return;
    const fault = this.#faults.draw(pushFaults);
    if (fault === 'push-lost') {
      this.#journal.pushes.lost += 1;
      return;
    }
    let made: Push | null | undefined;
    const send = (attempt: number) => async (): Promise<void> => {
      this.#serial += made === undefined ? 1 : 0;
      made ??= this.#profile.make(event, order, { now: this.#now(), serial: this.#serial });
      if (made) await this.#send(made, attempt, send);
    };
    if (fault === 'push-disordered') {
      this.#heldBack.push(send(0));
      return;
    }
    if (fault === 'push-delayed') this.#later(send(0), longestDelayMs);
    else this.#enqueue(send(0));
    if (fault === 'push-duplicated') this.#enqueue(send(0));
    for (const held of this.#heldBack.splice(0)) this.#enqueue(held);
  }

  /** Resolves when everything was sent, what is held back and what waits for another attempt included. */
  async idle(): Promise<void> {
    for (const held of this.#heldBack.splice(0)) this.#enqueue(held);
    if (this.#isIdle()) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** Gives up what was not sent yet, and waits for what is under way. */
  async close(): Promise<void> {
    this.to(null);
    this.#queue = [];
    this.#heldBack = [];
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#waiting = 0;
    await this.idle();
  }

  async #send(push: Push, attempt: number, again: (attempt: number) => () => Promise<void>): Promise<void> {
    const target = this.#target;
    if (target === null) return;
    this.#journal.pushes.sent += 1;
    if (await this.#isTaken(target, push)) {
      this.#failures = 0;
      this.#journal.pushes.accepted += 1;
      return;
    }
    this.#failures += 1;
    this.#journal.pushes.refused += 1;
    const waitMs = this.#profile.retryMs[attempt];
    if (waitMs !== undefined && !this.isOff) this.#later(again(attempt + 1), waitMs);
  }

  async #isTaken(target: string, { headers, body }: Push): Promise<boolean> {
    try {
      const answer = await fetch(target, {
        method: 'POST',
        headers,
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(this.#profile.timeoutMs),
      });
      return this.#profile.isTaken(answer.status, await answer.text());
    } catch (error) {
      // No connection, or no answer in time: a failed delivery like any other.
      if (error instanceof TypeError || error instanceof DOMException) return false;
      throw error;
    }
  }

  #later(job: () => Promise<void>, ms: number): void {
    this.#waiting += 1;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#waiting -= 1;
      this.#enqueue(job);
    }, ms);
    this.#timers.add(timer);
  }

  #enqueue(job: () => Promise<void>): void {
    this.#queue.push(job);
    this.#next();
  }

  #next(): void {
    while (this.#inFlight < mostInFlight) {
      const job = this.#queue.shift();
      if (!job) break;
      this.#inFlight += 1;
      job()
        .catch((error: unknown) => console.error('The simulator failed at a push:', error))
        .finally(() => {
          this.#inFlight -= 1;
          this.#next();
        });
    }
    if (this.#isIdle()) for (const resolve of this.#idle.splice(0)) resolve();
  }

  #isIdle(): boolean {
    return this.#inFlight + this.#waiting + this.#queue.length === 0;
  }
}
