import { reasonOf } from '../errors.ts';
import { Listeners } from '../store/listeners.ts';
import type { Store } from '../store/store.ts';
import { ClaimCursor, longestWaitMs } from './claim-cursor.ts';
import { crashesInARow } from './crashes.ts';
import type { ClaimedDelivery, Lease } from './delivery.ts';
import { type DeliveryError, deliveryError, type Failure, failureOf } from './failure.ts';
import type { Outcome } from './finish.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import './messages.ts';
import { type BlockedKey, DeliveryQueue, type QueueCounts } from './queue.ts';
import { defaultRetry, type RetryPolicy, verdictOn } from './retry-policy.ts';
import { mostBlockedKeys, type SourceState } from './source-state.ts';
import { StoreTrouble, storeWaitMs } from './store-trouble.ts';
import { systemTimers, type Timers } from './timers.ts';
import { TokenBucket } from './token-bucket.ts';

export type { SourceState } from './source-state.ts';

/**
 * How a handler ends a delivery. `give-back`: it did not come to an end, for a reason that is not the message's;
 * the delivery is due again at once, and the attempt does not count. What it throws is a failure that may pass.
 */
export type HandlerResult = 'done' | 'give-back' | Failure;

export interface SourceOptions {
  subscriber: string;
  handler: (delivery: ClaimedDelivery) => Promise<HandlerResult>;
  /** Deliveries handled at once at most. Default 16. */
  maxInFlight?: number;
  /** Deliveries handed over a second at most; without it as fast as they are handled. */
  maxPerSecond?: number;
  /** The same a minute, for slow sides; the lower of both counts. */
  maxPerMinute?: number;
  /** How long a claim holds without a heartbeat, milliseconds. Default 30 s. */
  leaseMs?: number;
  /** Milliseconds between heartbeats. Default a third of the lease. */
  heartbeatMs?: number;
  retry?: Partial<RetryPolicy>;
  /** So many open dead deliveries stop the source. Default 1,000. */
  deadCeiling?: number;
  /** Work that waits this long without anything moving is reported, milliseconds. Default 60 s. */
  stuckAfterMs?: number;
  /** Told of every change, at most about once a second unless the source stops or goes on. */
  onState?: (state: SourceState) => void;
  timers?: Timers;
  /** Draws from [0, 1), for the waits between attempts. */
  random?: () => number;
}

/** What becomes of a delivery that was handled. */
type Ending = Outcome | 'give-back';

/**
 * A delivery that was at work in so many crashes in a row may be their cause. Such ones are handed over one by one, so
 * that one that takes the process down does not use up the attempts of all that are in flight with it.
 */
const suspectAfter = 3;

/** Deliveries asked for at once at most. */
const mostClaimed = 256;
/** Milliseconds between two looks at the counts while something is going on, and while little is. */
const refreshMs = { busy: 1_000, waiting: 5_000 };

type Handed = Pick<ClaimedDelivery, 'id' | 'token' | 'key' | 'attempt'>;
type Work = () => Promise<Ending>;

interface Run {
  delivery: Handed;
  /**
   * The same delivery, claimed again before this run was known to be over. If this run can still end, the claim is
   * its next attempt; if not, its lease ran out while the process stood still, and it goes on under the new one.
   */
  again?: { delivery: Handed; work: Work } | undefined;
  /** Given back at the stop; its end no longer counts. */
  released: boolean;
}

/**
 * Takes a subscriber's deliveries out of the queue, hands each to a handler, and ends it as the handler says.
 * What it does not work on waits in the store. Never two deliveries of one key at once; a failure is tried again
 * after a while and is dead when its attempts are used up.
 */
export class DeliverySource {
  readonly #store: Store;
  readonly #queue: DeliveryQueue;
  readonly #options: SourceOptions;
  readonly #maxInFlight: number;
  readonly #leaseMs: number;
  readonly #retry: RetryPolicy;
  readonly #deadCeiling: number;
  readonly #stuckAfterMs: number;
  readonly #perSecond: number;
  readonly #timers: Timers;
  readonly #keeper: LeaseKeeper;
  readonly #trouble: StoreTrouble;
  readonly #listeners = new Listeners<SourceState>();
  /** Deliveries claimed and not finished yet. */
  readonly #runs = new Map<number, Run>();
  readonly #blocked = new Map<string, BlockedKey>();

  #cursor = new ClaimCursor();
  #bucket: TokenBucket | undefined;
  #running = false;
  #suspended = false;
  /** One at a time, as long as what comes may have taken the process down. */
  #careful = false;
  /** Runs whose handler is not through. */
  #atWork = 0;
  /** The last start or stop asked for; the next one follows it. */
  #last: { kind: 'start' | 'stop'; promise: Promise<void> } | undefined;
  #unlisten: (() => void)[] = [];
  #claiming: Promise<void> | undefined;
  #claimAgain = false;
  #cancelLook: (() => void) | undefined;
  /** When it looks for deliveries again at the latest, epoch milliseconds. */
  #looksAt = 0;
  #refreshPlan: { at: number; cancel(): void } | undefined;
  #refreshing: Promise<SourceState> | undefined;
  #refreshedAt = Number.NEGATIVE_INFINITY;
  #counts: QueueCounts = { backlog: 0, oldestAt: null, inFlight: 0, dead: 0, nextDue: null };
  #movedAt = 0;
  #lastDoneAt: number | null = null;
  #done = 0;
  /** Ends the wait for what is in flight. */
  #drained: (() => void) | undefined;
  /** Ends the waits of those that try to finish in a store that fails. */
  readonly #hurry = new Set<() => void>();

  constructor(store: Store, options: SourceOptions) {
    this.#store = store;
    this.#queue = new DeliveryQueue(store);
    this.#options = options;
    this.#maxInFlight = options.maxInFlight ?? 16;
    this.#leaseMs = options.leaseMs ?? 30_000;
    this.#retry = { ...defaultRetry, ...options.retry };
    this.#deadCeiling = options.deadCeiling ?? 1_000;
    this.#stuckAfterMs = options.stuckAfterMs ?? 60_000;
    this.#perSecond = Math.min(
      options.maxPerSecond ?? Number.POSITIVE_INFINITY,
      (options.maxPerMinute ?? Number.POSITIVE_INFINITY) / 60,
    );
    this.#timers = options.timers ?? systemTimers;
    this.#keeper = new LeaseKeeper({
      extend: (leases) => this.#queue.heartbeat(leases, this.#leaseMs),
      everyMs: options.heartbeatMs ?? this.#leaseMs / 3,
      timers: this.#timers,
      onFault: (error) => this.#failing(reasonOf(error)),
    });
    this.#trouble = new StoreTrouble(this.#timers, () => this.#stir());
    if (options.onState) this.#listeners.add(options.onState);
  }

  /** Begins to claim. Resolves once the store was asked how things stand, whether it answered or not. */
  start(): Promise<void> {
    return this.#follow('start', () => this.#begin());
  }

  /**
   * Claims nothing more, waits for what is in flight, and after `graceMs` gives the rest back to the queue, due at
   * once and without counting the attempt; what a handler answers after that is ignored. Afterwards no timer and
   * no listener is left. Never rejects: a store that cannot take the rest back hands it over when its leases end.
   */
  stop({ graceMs = 1_500 }: { graceMs?: number } = {}): Promise<void> {
    return this.#follow('stop', () => this.#end(graceMs));
  }

  /** Claims nothing until `resume` is called (during a deploy, for example); what is in flight goes on. */
  suspend(): void {
    this.#suspended = true;
  }

  /** Claims again what has waited since `suspend`. */
  resume(): void {
    this.#suspended = false;
    this.#movedAt = this.#store.now();
    this.#stir();
  }

  /** How things stand as far as it is known. */
  state(): SourceState {
    const now = this.#store.now();
    return {
      running: this.#running,
      backlog: this.#counts.backlog,
      oldestAgeMs: this.#counts.oldestAt === null ? null : Math.max(0, now - this.#counts.oldestAt),
      inFlight: this.#atWork,
      dead: this.#counts.dead,
      paused: this.#paused(),
      stuck: this.#stuck(now),
      lastDoneAt: this.#lastDoneAt,
      done: this.#done,
      blockedKeys: [...this.#blocked.values()],
    };
  }

  /** Asks the store how things stand, tells `onState`, and goes on if that is possible again. */
  refresh(): Promise<SourceState> {
    this.#refreshing ??= this.#ask().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  #follow(kind: 'start' | 'stop', act: () => Promise<void>): Promise<void> {
    if (this.#last?.kind === kind) return this.#last.promise;
    const promise = (this.#last?.promise ?? Promise.resolve()).then(act);
    this.#last = { kind, promise };
    return promise;
  }

  async #begin(): Promise<void> {
    const { subscriber } = this.#options;
    this.#running = true;
    this.#cursor = new ClaimCursor();
    this.#movedAt = this.#store.now();
    this.#bucket = Number.isFinite(this.#perSecond)
      ? new TokenBucket(this.#perSecond, this.#store.now())
      : undefined;
    this.#unlisten = [
      this.#store.onWake((woken) => {
        if (woken === subscriber) this.#stir();
      }),
      this.#store.onState((health) => {
        if (health.state === 'open') this.#healthy();
        else if (health.fault) this.#failing(health.fault.sentence);
      }),
    ];
    try {
      for (const blocked of await this.#queue.blockedKeys(subscriber, mostBlockedKeys)) {
        this.#blocked.set(blocked.key, blocked);
      }
      this.#careful = await this.#queue.begunOften(subscriber, suspectAfter);
    } catch (error) {
      this.#failing(reasonOf(error));
    }
    await this.refresh();
    this.#look();
  }

  async #end(graceMs: number): Promise<void> {
    if (!this.#running) return;
    this.#running = false;
    for (const unlisten of this.#unlisten) unlisten();
    this.#unlisten = [];
    this.#cancelLook?.();
    this.#cancelLook = undefined;
    this.#refreshPlan?.cancel();
    this.#refreshPlan = undefined;
    this.#trouble.rest();
    await this.#claiming;
    await this.#refreshing;
    if (this.#runs.size > 0) await this.#drain(graceMs);
    const rest = [...this.#runs.values()];
    for (const run of rest) run.released = true;
    for (const hurry of this.#hurry) hurry();
    this.#keeper.stop();
    this.#runs.clear();
    this.#atWork = 0;
    this.#blocked.clear();
    await this.#giveBack(rest.map((run) => run.again?.delivery ?? run.delivery));
    this.#tell();
  }

  #drain(graceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#timers.after(graceMs, () => this.#drained?.());
      this.#drained = () => {
        this.#drained = undefined;
        cancel();
        resolve();
      };
    });
  }

  async #giveBack(rest: readonly (Lease & { attempt: number })[]): Promise<void> {
    for (const lease of rest) this.#keeper.drop(lease);
    if (rest.length === 0) return;
    try {
      await this.#queue.release(rest);
    } catch (error) {
      this.#failing(reasonOf(error));
    }
  }

  /** Something new may wait. */
  #stir(): void {
    this.#cursor.stirred();
    this.#look();
    this.#refreshSoon();
  }

  /** Claims what may be claimed, unless that is going on already. */
  #look(): void {
    if (!this.#running || this.#trouble.holdsOff) return;
    if (this.#claiming) {
      this.#claimAgain = true;
      return;
    }
    if (!this.#mayClaim()) return;
    this.#claiming = this.#claimAll().finally(() => {
      this.#claiming = undefined;
      if (this.#claimAgain) this.#look();
    });
  }

  async #claimAll(): Promise<void> {
    let more = true;
    while (more || this.#claimAgain) {
      this.#claimAgain = false;
      // Handlers that end in one turn free their places together, and one claim goes into the same commit.
      await endOfTurn();
      if (!this.#running || !this.#mayClaim()) {
        // What came during the last claim has not been looked at, so what ends now has to look.
        this.#cursor.stirred();
        return;
      }
      more = await this.#claim();
    }
  }

  #mayClaim(): boolean {
    if (this.#suspended || this.#trouble.holdsOff || this.#atCeiling()) return false;
    // A store that is slow to take finishes must not make this source heap them up.
    return this.#atWork < this.#mostAtWork && this.#runs.size < 2 * this.#maxInFlight;
  }

  get #mostAtWork(): number {
    return this.#careful ? 1 : this.#maxInFlight;
  }

  /** Claims once; answers whether another claim should follow at once. */
  async #claim(): Promise<boolean> {
    const now = this.#store.now();
    const allowed = this.#bucket?.available(now) ?? mostClaimed;
    if (allowed < 1) {
      this.#lookAt(this.#bucket!.nextAt(now));
      return false;
    }
    const limit = Math.min(this.#mostAtWork - this.#atWork, allowed, mostClaimed);
    const { subscriber } = this.#options;
    try {
      const where = this.#cursor.next(now);
      const claim = await this.#queue.claim({ subscriber, limit, leaseMs: this.#leaseMs, ...where });
      const { deliveries, unreadable } = claim;
      this.#healthy();
      const claimed = deliveries.length + unreadable.length;
      this.#bucket?.take(claimed);
      if (!this.#running || this.#suspended) {
        await this.#giveBack([
          ...deliveries,
          ...unreadable.map(({ row }) => ({ id: row.id, token: row.token, attempt: row.attempts })),
        ]);
        return false;
      }
      if (claimed > 0) this.#movedAt = now;
      for (const { row, error } of unreadable) {
        const { id, token, key, attempts: attempt } = row;
        this.#run({ id, token, key, attempt }, async () => ({ dead: error }));
      }
      for (const delivery of deliveries) this.#run(delivery, () => this.#handled(delivery));
      if (claimed > 0) this.#refreshSoon();
      if (unreadable.length === 0 && !deliveries.some(isSuspect)) this.#careful = false;
      const again = this.#cursor.took(claim);
      this.#lookAt(this.#cursor.lookAgainAt(this.#store.now()));
      return again;
    } catch (error) {
      this.#failing(reasonOf(error));
      return false;
    }
  }

  /** Looks again at a time, in a minute at the latest. */
  #lookAt(at: number): void {
    this.#cancelLook?.();
    if (!this.#running) return;
    const wait = Math.min(Math.max(1, at - this.#store.now()), longestWaitMs);
    this.#looksAt = this.#store.now() + wait;
    this.#cancelLook = this.#timers.after(wait, () => {
      this.#cancelLook = undefined;
      this.#cursor.stirred();
      this.#look();
      // Whatever this look finds plans the next one, unless it could not begin.
      if (!this.#claiming && !this.#cancelLook) this.#lookAt(this.#store.now() + longestWaitMs);
    });
  }

  #run(delivery: Handed, work: Work): void {
    const before = this.#runs.get(delivery.id);
    if (before) {
      before.again = { delivery, work };
      this.#keeper.hold(delivery);
      return;
    }
    const run: Run = { delivery, released: false };
    this.#runs.set(delivery.id, run);
    this.#atWork += 1;
    this.#blocked.delete(delivery.key);
    this.#keeper.hold(delivery);
    void this.#settle(run, work);
  }

  async #settle(run: Run, work: Work): Promise<void> {
    const outcome = await work();
    if (run.released) return;
    const { id, key } = run.delivery;
    this.#atWork -= 1;
    const finished = this.#finish(run, outcome);
    // What the finish lets go may be claimed in the same commit, right behind it.
    if (this.#cursor.finished(key)) this.#look();
    const ours = await finished;
    if (run.released) return;
    this.#runs.delete(id);
    this.#keeper.drop(run.delivery);
    const now = this.#store.now();
    this.#movedAt = now;
    if (ours) this.#note(run.delivery, outcome, now);
    if (run.again) this.#run(run.again.delivery, run.again.work);
    if (this.#runs.size === 0) this.#drained?.();
    if (this.#cursor.finished(key)) this.#look();
    this.#refreshSoon();
  }

  #note(delivery: Handed, outcome: Ending, now: number): void {
    if (outcome === 'done') {
      this.#lastDoneAt = now;
      this.#done += 1;
      return;
    }
    if (outcome === 'give-back') {
      this.#cursor.stirred();
      return;
    }
    if ('dead' in outcome) {
      this.#counts = { ...this.#counts, dead: this.#counts.dead + 1 };
      if (this.#atCeiling()) this.#tell();
      return;
    }
    this.#cursor.stirred();
    if (this.#blocked.size >= mostBlockedKeys) return;
    const { id, key, attempt } = delivery;
    this.#blocked.set(key, {
      key,
      deliveryId: id,
      attempts: attempt,
      until: outcome.at,
      reason: outcome.retry,
    });
  }

  async #handled(delivery: ClaimedDelivery): Promise<Ending> {
    const { attempt } = delivery;
    if (attempt > this.#retry.attempts) {
      const params = { begun: attempt - 1, limit: this.#retry.attempts };
      return { dead: deliveryError('delivery.never-finished', params) };
    }
    let result: HandlerResult;
    try {
      result = await this.#options.handler(delivery);
    } catch (error) {
      result = failureOf(error);
    }
    if (result === 'done' || result === 'give-back') return result;
    const verdict = verdictOn(this.#retry, attempt, result, this.#store.now(), this.#options.random);
    return verdict === 'dead' ? { dead: result.error } : { retry: result.error, at: verdict.retryAt };
  }

  /** Ends a delivery durably, however long the store needs; false when it was not ours any more. */
  async #finish(run: Run, outcome: Ending): Promise<boolean> {
    let failures = 0;
    while (!run.released) {
      try {
        const ours =
          outcome === 'give-back'
            ? (await this.#queue.release([run.delivery])) === 1
            : await this.#queue.finish(run.delivery, outcome);
        if (ours || !run.again) return ours;
        run.delivery = run.again.delivery;
        run.again = undefined;
      } catch (error) {
        if (run.released) return false;
        this.#failing(reasonOf(error));
        await this.#pause(storeWaitMs(failures));
        failures += 1;
      }
    }
    return false;
  }

  /** Waits, but not beyond the stop. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const hurry = () => {
        cancel();
        this.#hurry.delete(hurry);
        resolve();
      };
      const cancel = this.#timers.after(ms, hurry);
      this.#hurry.add(hurry);
    });
  }

  /** The store refused something: claims wait, and are tried again by and by. */
  #failing(reason: string): void {
    const isNews = this.#trouble.fault === null;
    this.#trouble.failing(reason);
    if (!this.#running) this.#trouble.rest();
    if (isNews) this.#tell();
  }

  #healthy(): void {
    if (!this.#trouble.healthy()) return;
    this.#tell();
    this.#stir();
  }

  #atCeiling(): boolean {
    return this.#counts.dead >= this.#deadCeiling;
  }

  #paused(): DeliveryError | null {
    if (this.#trouble.fault || !this.#atCeiling()) return this.#trouble.fault;
    return deliveryError('delivery.dead-ceiling', { dead: this.#counts.dead, ceiling: this.#deadCeiling });
  }

  #stuck(now: number): DeliveryError | null {
    const { backlog } = this.#counts;
    // With nothing in flight, all that waits has to wait, until it is time to look again.
    const still = now - (this.#atWork > 0 ? this.#movedAt : Math.max(this.#movedAt, this.#looksAt));
    if (!this.#running || this.#suspended || this.#paused()) return null;
    if (backlog === 0 || still < this.#stuckAfterMs) return null;
    const seconds = Math.floor(still / 1_000);
    return deliveryError('delivery.stuck', { backlog, seconds, inFlight: this.#atWork });
  }

  /** Asks for the counts soon, but not more often than about once a second. */
  #refreshSoon(): void {
    if (!this.#running || this.#refreshing) return;
    this.#refreshBy(Math.max(this.#store.now() + 1, this.#refreshedAt + refreshMs.busy));
  }

  /** Asks for the counts at a time, unless that is planned earlier anyway. */
  #refreshBy(at: number): void {
    if (this.#refreshPlan && this.#refreshPlan.at <= at) return;
    this.#refreshPlan?.cancel();
    const wait = Math.min(at - this.#store.now(), refreshMs.waiting);
    const cancel = this.#timers.after(wait, () => {
      this.#refreshPlan = undefined;
      void this.refresh();
    });
    this.#refreshPlan = { at, cancel };
  }

  async #ask(): Promise<SourceState> {
    try {
      const wasAtCeiling = this.#atCeiling();
      this.#counts = await this.#queue.counts(this.#options.subscriber);
      this.#refreshedAt = this.#store.now();
      if (wasAtCeiling && !this.#atCeiling()) {
        this.#cursor.stirred();
        this.#look();
      }
    } catch (error) {
      this.#failing(reasonOf(error));
    }
    if (this.#running && (this.#counts.backlog > 0 || this.#runs.size > 0)) {
      this.#refreshBy(this.#store.now() + refreshMs.waiting);
    }
    this.#tell();
    return this.state();
  }

  #tell(): void {
    this.#listeners.tell(this.state());
  }
}

function isSuspect({ lastError }: ClaimedDelivery): boolean {
  return crashesInARow(lastError) >= suspectAfter;
}

/** After all that promises have to do now, and before the store takes the next commands together. */
function endOfTurn(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(resolve);
  });
}
