import { systemTimers, type Timers } from '../../delivery/timers.ts';
import { HubError } from '../../errors.ts';
import type { Store } from '../../store/store.ts';
import { hasOneProcess, longestCallMs, newOwner, restMs } from '../calling-process.ts';
import { ChannelFault } from '../connection/fault.ts';
import type { StockTarget } from '../connection/stock-target.ts';
import { claimHandler, type PushAccount, recordHandler, type Told } from './claim.ts';
import type { ListingNumber } from './listing-number.ts';
import './messages.ts';
import { type Difference, ReadBack } from './read-back.ts';
import { tellSale } from './sale.ts';

/** What became of a state. */
export type PushOutcome =
  | { kind: 'pushed' /** Epoch milliseconds. */; at: number }
  /** A newer state of the listing went, or is going, in its place. */
  | { kind: 'newer'; version: number }
  | { kind: 'refused'; fault: ChannelFault };

export interface PusherOptions {
  store: Store;
  account: PushAccount;
  /** The account's interface for stock; asked for anew after it failed. */
  connect(): Promise<StockTarget | undefined>;
  timers?: Timers;
  random?: () => number;
  /** States that come within so many milliseconds go together; default 100. */
  gatherMs?: number;
  /** Requests on their way at once; how many a second there are is the account's pace. Default 2. */
  lanes?: number;
  /** Percent of what was told that is read again; default 5. */
  readBackPercent?: number;
  /** Listings read again in a minute at most; default 10. */
  readBackPerMinute?: number;
  /** Each answer of a channel, for the share that worked the state out. */
  onAnswer?(number: ListingNumber, answer: { at: number; result: string }): Promise<void>;
  onDifference?(difference: Difference): void;
  /** Reading back, or telling again what differed, went wrong. */
  onTrouble?(error: unknown): void;
  onState?(state: PusherState): void;
}

export interface PusherState {
  /** Listings that wait or are on their way. */
  waiting: number;
  /** States the channel took within the last minute. */
  perMinute: number;
  /** States it took since the start. */
  pushed: number;
  /** The newest refusal, until its listing is taken. */
  refusal: { listing: string; fault: ChannelFault } | null;
}

interface Caller {
  version: number;
  resolve(outcome: PushOutcome): void;
  reject(error: unknown): void;
}

interface Waiting {
  number: ListingNumber;
  callers: Caller[];
  /** Not before this, on the store's clock. */
  notBefore: number;
}

interface Claimed extends Waiting {
  /** When the channel last answered this very state, epoch milliseconds. */
  answeredAt: number | null;
}

const minute = 60_000;
/** How often it is looked whether somebody else is through with a listing, milliseconds; a dead one's lease is longer. */
const heldLookMs = 1_000;
/** A node has 1.8 seconds to close; what is on its way gets most of that. */
const closeMs = 1_200;

/**
 * Tells one shop the states of its listings: the newest one of each, as many at once as the channel takes, and never an
 * older one after a newer, whichever process tells it.
 */
export class StockPusher {
  readonly #options: PusherOptions;
  readonly #timers: Timers;
  readonly #owner = newOwner();
  readonly #closing = new AbortController();
  readonly #waiting = new Map<string, Waiting>();
  readonly #onTheirWay = new Set<string>();
  /** Products, or listings, whose sale is being told. */
  readonly #salesOnTheirWay = new Set<string>();
  readonly #runs = new Set<Promise<void>>();
  readonly #readBack: ReadBack;
  #opening: Promise<StockTarget> | undefined;
  /** When the waiting ones are looked at next, on the store's clock. */
  #planned: { at: number; callOff: () => void } | undefined;
  #closed = false;
  #pushed = 0;
  #recent: { at: number; count: number }[] = [];
  #refusal: PusherState['refusal'] = null;

  constructor(options: PusherOptions) {
    this.#options = options;
    this.#timers = options.timers ?? systemTimers;
    this.#readBack = new ReadBack({
      store: options.store,
      timers: this.#timers,
      account: options.account,
      percent: options.readBackPercent ?? 5,
      perMinute: options.readBackPerMinute ?? 10,
      random: options.random ?? Math.random,
      onTrouble: (error) => options.onTrouble?.(error),
      onDifference: (difference) => {
        options.onDifference?.(difference);
        return this.push(difference.number);
      },
    });
  }

  /**
   * Tells the channel a state, or a newer one that comes before it could be told; resolves once the channel has
   * answered.
   *
   * @throws ChannelFault, HubError of the store: the state has to be given again, or a newer one
   */
  push(number: ListingNumber): Promise<PushOutcome> {
    return new Promise((resolve, reject) => {
      const caller: Caller = { version: number.version, resolve, reject };
      this.#add(number, [caller], 0);
      this.#show();
    });
  }

  state(): PusherState {
    const from = this.#options.store.now() - minute;
    this.#recent = this.#recent.filter(({ at }) => at > from);
    return {
      waiting: this.#waiting.size + this.#onTheirWay.size,
      perMinute: this.#recent.reduce((sum, { count }) => sum + count, 0),
      pushed: this.#pushed,
      refusal: this.#refusal,
    };
  }

  /** Waits briefly for what is on its way, and gives up the rest: whoever gave it gives it again. */
  async close(): Promise<void> {
    this.#closed = true;
    // First, so that it does not take what is given up here for trouble.
    const readBack = this.#readBack.close();
    this.#planned?.callOff();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { callers } of waiting) for (const { reject } of callers) reject(stopped());
    const late = this.#timers.after(closeMs, () => this.#closing.abort());
    await Promise.all(this.#runs);
    late();
    this.#closing.abort();
    await readBack;
  }

  #add(number: ListingNumber, callers: readonly Caller[], notBefore: number): void {
    if (this.#closed) {
      for (const { reject } of callers) reject(stopped());
      return;
    }
    const key = keyOf(number);
    const there = this.#waiting.get(key);
    if (there) {
      if (number.version >= there.number.version) there.number = number;
      there.callers.push(...callers);
      there.notBefore = Math.max(there.notBefore, notBefore);
    } else this.#waiting.set(key, { number, callers: [...callers], notBefore });
    this.#plan(this.#options.gatherMs ?? 100);
  }

  #plan(ms: number): void {
    if (this.#closed) return;
    const at = this.#options.store.now() + ms;
    // What is not to wait goes before what has to.
    if (this.#planned && this.#planned.at <= at) return;
    this.#planned?.callOff();
    const callOff = this.#timers.after(ms, () => {
      this.#planned = undefined;
      this.#fill();
    });
    this.#planned = { at, callOff };
  }

  /** Sets out as many requests as there are lanes for. */
  #fill(): void {
    // One time for all looks: what has to wait by one of them must be planned by the other.
    const now = this.#options.store.now();
    while (!this.#closed && this.#runs.size < (this.#options.lanes ?? 2) && this.#ready(now).length > 0) {
      const run = this.#run().finally(() => {
        this.#runs.delete(run);
        this.#fill();
        this.#show();
      });
      this.#runs.add(run);
      // The batch is chosen once the interface is there; another lane looks again then.
      if (!this.#target) return;
    }
    // What waits for a lane, or for a listing that is on its way, is looked at when that one is through.
    const next = Math.min(
      ...[...this.#waiting.values()].map(({ notBefore }) => notBefore).filter((at) => at > now),
    );
    if (Number.isFinite(next)) this.#plan(next - now);
  }

  #target: StockTarget | undefined;

  #ready(now = this.#options.store.now()): Waiting[] {
    return [...this.#waiting.values()].filter(
      ({ number, notBefore }) =>
        notBefore <= now &&
        !this.#onTheirWay.has(keyOf(number)) &&
        !this.#salesOnTheirWay.has(this.#unitOf(number)),
    );
  }

  /** What is opened and closed with a listing; nothing where there is no switch. */
  #unitOf({ listing }: ListingNumber): string {
    return this.#target?.sale?.unitOf(listing) ?? '';
  }

  async #run(): Promise<void> {
    let target: StockTarget;
    let batch: Waiting[];
    try {
      target = await this.#open();
      batch = this.#nextBatch(target);
    } catch (error) {
      const waiting = this.#ready();
      for (const { number } of waiting) this.#waiting.delete(keyOf(number));
      for (const one of waiting) this.#settle(one, resultOf(error));
      return;
    }
    if (batch.length === 0) return;
    // Other lanes waited for the interface.
    this.#fill();
    try {
      await this.#tell(target, batch);
    } catch (error) {
      // The store's: nothing of the batch is known to be recorded.
      for (const one of batch) for (const { reject } of one.callers) reject(error);
    } finally {
      for (const { number } of batch) {
        this.#onTheirWay.delete(keyOf(number));
        this.#salesOnTheirWay.delete(this.#unitOf(number));
      }
    }
  }

  async #open(): Promise<StockTarget> {
    this.#opening ??= this.#options.connect().then((target) => {
      if (!target)
        throw new ChannelFault('caller', 'pushes.no-stock', { account: this.#options.account.account });
      this.#target = target;
      return target;
    });
    try {
      return await this.#opening;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
  }

  /** The listing that has waited longest, with those that can go along. */
  #nextBatch(target: StockTarget): Waiting[] {
    const ready = this.#ready();
    const [first] = ready;
    if (!first) return [];
    const group = target.groupOf(first.number.listing);
    const named = new Set<string>();
    const batch: Waiting[] = [];
    for (const one of ready) {
      const { listing } = one.number;
      if (batch.length >= target.most || named.has(listing) || target.groupOf(listing) !== group) continue;
      named.add(listing);
      batch.push(one);
    }
    for (const { number } of batch) {
      this.#waiting.delete(keyOf(number));
      this.#onTheirWay.add(keyOf(number));
      if (target.sale) this.#salesOnTheirWay.add(target.sale.unitOf(number.listing));
    }
    return batch;
  }

  async #tell(target: StockTarget, batch: readonly Waiting[]): Promise<void> {
    const { store, account } = this.#options;
    const owner = this.#owner;
    const claimed = await store.execute(claimHandler, {
      ...account,
      owner,
      alone: hasOneProcess(store),
      numbers: batch.map(({ number }) => number),
    });
    const go: Claimed[] = [];
    batch.forEach((one, index) => {
      const claim = claimed[index]!;
      if (claim.kind === 'go') go.push({ ...one, answeredAt: claim.answeredAt });
      else if (claim.kind === 'newer') this.#resolve(one, claim);
      // Whoever has it tells a state as old or older; this one goes after it.
      else
        this.#add(
          one.number,
          one.callers.splice(0),
          Math.min(claim.until, this.#options.store.now() + heldLookMs),
        );
    });
    if (go.length === 0) return;
    const results = await this.#call(target, go);
    const at = await store.execute(recordHandler, {
      ...account,
      owner,
      told: go.map(({ number }, index) => toldOf(number, results[index]!)),
    });
    await this.#answer(go, results, at);
    const taken = go.flatMap(({ number }, index) => (results[index] === 'ok' ? [number] : []));
    if (taken.length > 0) {
      this.#pushed += taken.length;
      this.#recent.push({ at, count: taken.length });
      this.#readBack.offer(target, taken);
    }
  }

  /** Numbers and sale of a batch; never throws: a fault stands for each listing it is about. */
  async #call(target: StockTarget, batch: readonly Claimed[]): Promise<Result[]> {
    const limit = new AbortController();
    const callOff = this.#timers.after(longestCallMs, () =>
      limit.abort(new DOMException('The call took too long.', 'TimeoutError')),
    );
    const signal = AbortSignal.any([this.#closing.signal, limit.signal]);
    try {
      const results = await this.#set(target, batch, signal);
      for (const [index, { number }] of batch.entries())
        if (results[index] === 'ok') {
          try {
            await tellSale(this.#options.store, this.#options.account, target, number, signal);
          } catch (error) {
            results[index] = resultOf(error);
          }
        }
      return results;
    } finally {
      callOff();
    }
  }

  async #set(target: StockTarget, batch: readonly Claimed[], signal: AbortSignal): Promise<Result[]> {
    try {
      const answers = await target.set(
        batch.map(({ number, answeredAt }) => {
          const { listing, sellable, version } = number;
          return { listing, sellable, version, key: tellingKey(number, answeredAt) };
        }),
        signal,
      );
      const byListing = new Map(answers.map((answer) => [answer.listing, answer]));
      return batch.map(({ number: { listing } }) => {
        const answer = byListing.get(listing);
        if (!answer) return resultOf(new HubError('pushes.answer-missing', { listing }, { retryable: true }));
        return answer.fault ? resultOf(answer.fault) : 'ok';
      });
    } catch (error) {
      const result = resultOf(error);
      if (batch.length === 1 || result === 'ok' || result.refused === undefined)
        return batch.map(() => result);
      // Refused as a whole: which listing it was shows one by one.
      const results: Result[] = [];
      for (const one of batch) results.push(...(await this.#set(target, [one], signal)));
      return results;
    }
  }

  async #answer(batch: readonly Waiting[], results: readonly Result[], at: number): Promise<void> {
    for (const [index, one] of batch.entries()) {
      const result = results[index]!;
      if (result !== 'ok' && !result.refused) {
        this.#settle(one, result);
        continue;
      }
      try {
        const said = result === 'ok' ? 'ok' : result.refused!.code;
        await this.#options.onAnswer?.(one.number, { at, result: said });
        this.#settle(one, result, at);
      } catch (error) {
        for (const { reject } of one.callers) reject(error);
      }
    }
  }

  #settle(one: Waiting, result: Result, at = 0): void {
    const { listing } = one.number;
    if (result === 'ok') {
      if (this.#refusal?.listing === listing) this.#refusal = null;
      this.#resolve(one, { kind: 'pushed', at });
    } else if (result.refused) {
      this.#refusal = { listing, fault: result.refused };
      this.#resolve(one, { kind: 'refused', fault: result.refused });
    } else for (const { reject } of one.callers) reject(result.trouble);
  }

  #resolve({ number, callers }: Waiting, outcome: PushOutcome): void {
    for (const { version, resolve } of callers)
      resolve(version < number.version ? { kind: 'newer', version: number.version } : outcome);
  }

  #show(): void {
    this.#options.onState?.(this.state());
  }
}

type Result = 'ok' | { refused: ChannelFault; trouble?: never } | { refused?: never; trouble: unknown };

function resultOf(error: unknown): Result {
  // What somebody can mend at the address, such as its certificate, says nothing of the number.
  const isRefusal = ChannelFault.is(error) && error.kind === 'caller' && !error.retryable;
  return isRefusal ? { refused: error } : { trouble: error };
}

function toldOf(number: ListingNumber, result: Result): Told {
  if (result === 'ok') return { number, outcome: 'ok', restMs: 0 };
  if (result.refused) {
    const { code, params } = result.refused;
    return { number, outcome: { code, params }, restMs: 0 };
  }
  const { trouble } = result;
  // Only these say that nothing was taken.
  const isRefused = ChannelFault.is(trouble) && trouble.kind !== 'platform';
  return { number, outcome: null, restMs: isRefused ? 0 : restMs };
}

function stopped(): ChannelFault {
  return new ChannelFault('platform', 'channel.stopped');
}

/**
 * The same for each attempt at one telling of a state: the first one, or one more after the channel had answered. A number
 * that is told again has to be written again, and no platform may take it for a repeat.
 */
function tellingKey({ share, listing, version }: ListingNumber, answeredAt: number | null): string {
  const state = `${share}/${listing}/${version}`;
  return answeredAt === null ? state : `${state}-${answeredAt}`;
}

function keyOf({ share, listing }: ListingNumber): string {
  return JSON.stringify([share, listing]);
}
