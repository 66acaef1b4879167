import type { Candidacy } from '../../delivery/leadership.ts';
import { RecurringWork } from '../../delivery/recurring-work.ts';
import { systemTimers, type Timers } from '../../delivery/timers.ts';
import { HubError } from '../../errors.ts';
import { pollOf } from '../../store/queries/channel-polls.ts';
import type { Changes, Row } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import type { ChannelConnection } from '../connection/connection.ts';
import type { OrderSource, TimeWindow } from '../connection/order-source.ts';
import type { PolledAccount } from './account.ts';
import { CensusKeeper, type CensusSettings } from './census/keeper.ts';
import type { CensusSheet } from './census/sheet.ts';
import { ChannelClock } from './clock.ts';
import {
  backfillHandler,
  type EndRun,
  endRunHandler,
  keptTrouble,
  openPollHandler,
  type Remark,
  type RunKind,
  type RunSheet,
  troubleFrom,
} from './poll-state.ts';
import { Pace, type Progress } from './progress.ts';
import { emptyTally, readWindow, type Tally } from './read-window.ts';
import { type Trouble, troubleOf, waitAfter } from './trouble.ts';
import { WindowSpan } from './window-span.ts';
import { nextBackfill, nextWindow } from './windows.ts';

export interface PollSettings {
  /** Milliseconds between two readings. */
  intervalMs: number;
  /** How far to reach back, where that is more than the platform needs, milliseconds. */
  overlapMs?: number;
  /** Read back to this date when it is chosen, epoch milliseconds; null for what changes from now on. */
  since: number | null;
  /** Null for no counting. */
  census: CensusSettings | null;
}

export interface PollerOptions extends PollSettings {
  store: Store;
  candidacy: Candidacy;
  account: PolledAccount;
  subscriber: string;
  /** The account's connection. @throws what keeps the account from having one */
  connect(): Promise<ChannelConnection>;
  /** Told of every change. */
  onState?(state: PollState): void;
  /** Told of every sheet that was kept. */
  onSheet?(sheet: RunSheet): void;
  onCensus?(sheet: CensusSheet): void;
  timers?: Timers;
  /** Draws from [0, 1). */
  random?: () => number;
}

/** How the reading of a channel stands. Times are epoch milliseconds. */
export interface PollState {
  /** `standby`: another process reads this account. */
  phase: 'starting' | 'standby' | 'reading' | 'waiting' | 'trouble';
  watermark: number | null;
  /** How long ago it was that everything the channel had is here. */
  behindMs: number | null;
  progress: Progress | null;
  trouble: Trouble | null;
  /** Something to know that keeps nothing from going on, such as a clock that is off. */
  note: Remark | null;
  nextAt: number | null;
  lastRun: RunSheet | null;
  lastCensus: CensusSheet | null;
  clockAheadMs: number | null;
}

/** How often a process that does not read looks whether it is to. Milliseconds. */
const standbyMs = 5_000;
/** Sheets that are too many are looked for once in so many. */
const tidyEvery = 100;

/** Another process reads now, or the hub is closing. */
class BrokenOff extends Error {}

/**
 * Reads the orders of one account again and again, as far as its platform allows at once. What has changed lately
 * goes before what a back-fill is for, and counting comes last. However it ends, the next one goes on where every page
 * was durable.
 */
export class ChannelPoller {
  readonly #options: PollerOptions;
  readonly #work: RecurringWork;
  readonly #closing = new AbortController();
  readonly #clock = new ChannelClock();
  readonly #pace = { 'catch-up': new Pace(), 'back-fill': new Pace() };
  readonly #spans = { live: new WindowSpan(), 'back-fill': new WindowSpan() };
  readonly #census: CensusKeeper | null;
  /** When the next reading is due; 0 for at once. */
  #due = 0;
  /** Whether somebody asked for a reading since the last one began. */
  #isAsked = false;
  /** Sheets kept since too many were looked for; so that a start looks first. */
  #sinceTidy = tidyEvery;
  #first = true;
  #behind = false;
  /** Whether filling back or counting has the next turn, also where the next reading is due by then. */
  #othersTurn = false;
  #state: PollState = {
    phase: 'starting',
    watermark: null,
    behindMs: null,
    progress: null,
    trouble: null,
    note: null,
    nextAt: null,
    lastRun: null,
    lastCensus: null,
    clockAheadMs: null,
  };

  constructor(options: PollerOptions) {
    this.#options = options;
    this.#work = new RecurringWork(() => this.#turn(), {
      everyMs: standbyMs,
      firstMs: 0,
      timers: options.timers ?? systemTimers,
      leads: () => this.#leads(),
    });
    const { store, account, subscriber, census, random } = options;
    this.#census =
      census && new CensusKeeper({ store, account, subscriber, ...census, ...(random && { random }) });
  }

  start(): void {
    this.#work.start();
  }

  /** Breaks off what is under way. Resolves when nothing of it is at work any more. */
  async stop(): Promise<void> {
    this.#closing.abort();
    await this.#work.stop();
  }

  state(): PollState {
    return this.#state;
  }

  /** What the last turn failed at that the channel has no part in; null when it went through. */
  get fault(): unknown {
    return this.#work.fault;
  }

  /** Reads now, or once more after what is under way. @throws HubError polling.not-active when another process reads the account */
  pollNow(): void {
    this.#refuseStandby();
    this.#isAsked = true;
    this.#work.hasten();
  }

  /** Counts now. @throws HubError polling.not-active */
  countNow(): void {
    this.#refuseStandby();
    this.#census?.hasten();
    this.#work.hasten();
  }

  /**
   * Reads back to a time, beside what changes now; goes on after a restart.
   *
   * @throws HubError polling.unknown before the first reading, polling.nothing-to-fill
   */
  async backfill(from: number): Promise<{ from: number; until: number }> {
    const { store, account } = this.#options;
    const answer = await store.execute(backfillHandler, { account: account.path, from, now: store.now() });
    this.#work.hasten();
    return answer;
  }

  #refuseStandby(): void {
    if (this.#options.candidacy.leads()) return;
    throw new HubError('polling.not-active', { account: this.#options.account.path }, { retryable: true });
  }

  #leads(): boolean {
    const leads = this.#options.candidacy.leads();
    if (!leads) this.#show({ phase: 'standby', progress: null, nextAt: null, trouble: null });
    return leads;
  }

  async #turn(): Promise<number> {
    const { store } = this.#options;
    if (this.#closing.signal.aborted) return standbyMs;
    const isLive = (this.#isAsked || store.now() >= this.#due) && !this.#othersTurn;
    this.#othersTurn = false;
    return this.#step(isLive ? 'live' : null);
  }

  /** One window, or a part of counting; answers in how many milliseconds the next step is due. */
  async #step(wanted: 'live' | null): Promise<number> {
    const { store, account, connect } = this.#options;
    let row: Row<'channel_polls'> | undefined;
    try {
      if (this.#first && !this.#isAsked && (await this.#keptWaiting())) return this.#wait();
      this.#first = false;
      if (wanted === 'live') this.#isAsked = false;
      // Trouble holds everything up that asks the channel.
      if (wanted === null && this.#state.trouble) return this.#wait();
      const connection = await connect();
      // Before the first reading begins: where it begins is told by the earlier clock.
      await this.#clock.look(connection, store.now(), this.#closing.signal);
      row = await this.#row();
      const source = connection.orders;
      if (!source) throw new HubError('polling.cannot-read', { account: account.path });
      if (wanted === 'live') return await this.#readLive(row, source);
      if (row.backfill_next !== null && !this.#countingIsDue(row))
        return await this.#readBackfill(row, source);
      await this.#count(row, source);
      return row.backfill_next === null ? this.#wait() : 0;
    } catch (error) {
      if (this.#closing.signal.aborted) return standbyMs;
      if (error instanceof BrokenOff) {
        this.#show({ phase: 'standby', progress: null, nextAt: null });
        return standbyMs;
      }
      return this.#troubled(error, row);
    }
  }

  #row(): Promise<Row<'channel_polls'>> {
    const { store, account, since } = this.#options;
    const now = store.now();
    const watermark = this.#clock.earlier(now);
    return store.execute(openPollHandler, { account: account.path, now, watermark, since });
  }

  /** A platform that named a time before a restart still means it; what a person had to end may be ended by now. */
  async #keptWaiting(): Promise<boolean> {
    const { store, account } = this.#options;
    const row = await pollOf(store.read, account.path);
    this.#first = false;
    const trouble = troubleFrom(row?.fault ?? null);
    if (!row || trouble?.kind !== 'throttled' || row.next_at === null) return false;
    if (row.next_at <= store.now()) return false;
    this.#due = row.next_at;
    this.#show({ phase: 'trouble', trouble, watermark: row.watermark, nextAt: row.next_at });
    return true;
  }

  async #readLive(row: Row<'channel_polls'>, source: OrderSource): Promise<number> {
    const { store, overlapMs, intervalMs } = this.#options;
    const startedAt = store.now();
    const span = this.#spans.live;
    const rules = span.rulesFor(source.window, Math.max(overlapMs ?? 0, source.window.overlapMs));
    const next = nextWindow(row, rules, this.#clock.earlier(startedAt), overlapMs);
    const wasBehind = this.#behind;
    this.#behind = next.left > 0;
    const kind: RunKind = this.#behind || wasBehind ? 'catch-up' : 'live';
    const tally = await this.#read(kind, source, next.window, startedAt, row);
    const now = store.now();
    span.went(source.window);
    if (this.#behind) this.#pace['catch-up'].read(now - startedAt, tally.records);
    this.#due = this.#behind ? 0 : Math.max(now + 1, startedAt + intervalMs);
    const { watermark, settled } = next;
    await this.#end(row, {
      kind,
      window: next.window,
      startedAt,
      tally,
      watermark,
      note: outOfReach(row.watermark, next.outOfReachUntil) ?? span.remark() ?? this.#clock.remark(),
      expected: { watermark: row.watermark },
      set: { watermark, settled },
    });
    this.#show({
      progress: this.#behind
        ? this.#pace['catch-up'].progress('catch-up', next.left, rules.mostMs, now)
        : null,
    });
    if (this.#behind) return 0;
    this.#othersTurn = row.backfill_next !== null || this.#countingIsDue(row);
    return this.#othersTurn ? 0 : this.#wait();
  }

  async #readBackfill(row: Row<'channel_polls'>, source: OrderSource): Promise<number> {
    const { store } = this.#options;
    const startedAt = store.now();
    const next = row.backfill_next!;
    const until = row.backfill_until!;
    const span = this.#spans['back-fill'];
    const rules = span.rulesFor(source.window, 0);
    const part = nextBackfill({ next, until }, rules, this.#clock.earlier(startedAt));
    const tally = await this.#read('back-fill', source, part.window, startedAt, row);
    const now = store.now();
    span.went(source.window);
    this.#pace['back-fill'].read(now - startedAt, tally.records);
    const isDone = part.left === 0;
    const covered = Math.min(row.covered_from, Math.max(row.backfill_from!, part.outOfReachUntil ?? 0));
    await this.#end(row, {
      kind: 'back-fill',
      window: part.window,
      startedAt,
      tally,
      watermark: row.watermark,
      note: outOfReach(next, part.outOfReachUntil) ?? span.remark() ?? this.#clock.remark(),
      expected: { watermark: row.watermark, backfill_next: next, backfill_until: until },
      set: isDone
        ? { backfill_from: null, backfill_next: null, backfill_until: null, covered_from: covered }
        : { backfill_next: part.window.until },
    });
    this.#show({
      progress: isDone ? null : this.#pace['back-fill'].progress('back-fill', part.left, rules.mostMs, now),
    });
    return 0;
  }

  async #read(
    kind: RunKind,
    source: OrderSource,
    window: TimeWindow,
    startedAt: number,
    row: Row<'channel_polls'>,
  ): Promise<Tally> {
    const { store, account, subscriber, candidacy } = this.#options;
    const tally = emptyTally();
    this.#show({ phase: 'reading', watermark: row.watermark });
    // Ours was ahead when reading began: what is to be read is still to happen.
    if (window.from >= window.until) return tally;
    try {
      await readWindow({
        store,
        account,
        subscriber,
        source,
        window,
        signal: this.#closing.signal,
        tally,
        goOn: () => {
          if (this.#closing.signal.aborted || !candidacy.leads()) throw new BrokenOff();
        },
      });
    } catch (error) {
      if (this.#closing.signal.aborted || error instanceof BrokenOff) throw error;
      throw new UnreadWindow(error, { kind, window, startedAt, tally });
    }
    return tally;
  }

  /** Keeps the sheet of a window that was read, and how far that has come. */
  async #end(row: Row<'channel_polls'>, run: EndedRun): Promise<void> {
    const { store } = this.#options;
    const sheet = this.#sheetOf(run, null);
    const set = { ...run.set, fault: null, next_at: sheet.nextAt };
    const { expected } = run;
    const isOurs = await store.execute(endRunHandler, { sheet, expected, set, prune: this.#tidies() });
    // Somebody else has gone on, or a new back-fill was asked for: the next turn looks where things stand.
    const watermark = isOurs ? run.watermark : row.watermark;
    this.#show({
      phase: 'waiting',
      trouble: null,
      note: run.note,
      watermark,
      behindMs: Math.max(0, store.now() - watermark),
      nextAt: sheet.nextAt,
      lastRun: sheet,
      clockAheadMs: this.#clock.aheadMs,
    });
    this.#options.onSheet?.(sheet);
  }

  async #count(row: Row<'channel_polls'>, source: OrderSource): Promise<void> {
    const { candidacy } = this.#options;
    const sheet = await this.#census?.count(row, source, this.#closing.signal, () => {
      if (this.#closing.signal.aborted || !candidacy.leads()) throw new BrokenOff();
    });
    if (!sheet) return;
    this.#show({ lastCensus: sheet });
    this.#options.onCensus?.(sheet);
  }

  #countingIsDue(row: Row<'channel_polls'>): boolean {
    return this.#census?.isDue(row) ?? false;
  }

  #wait(): number {
    const { store } = this.#options;
    const wait = this.#isAsked ? 0 : Math.max(0, this.#due - store.now());
    return this.#state.trouble ? wait : Math.min(wait, this.#census?.nextIn() ?? wait);
  }

  /** Keeps what went wrong, leaves the watermark where it is, and plans the next attempt. */
  async #troubled(thrown: unknown, found: Row<'channel_polls'> | undefined): Promise<number> {
    const { store, intervalMs, random } = this.#options;
    const unread = thrown instanceof UnreadWindow ? thrown : undefined;
    const error = unread ? unread.cause : thrown;
    const now = store.now();
    const trouble = troubleOf(error, this.#state.trouble, now);
    const retryAfterMs = HubError.is(error) ? error.retryAfterMs : undefined;
    const wait = waitAfter(trouble, retryAfterMs, intervalMs, random);
    this.#due = now + wait;
    if (trouble.kind === 'clock') this.#clock.forget();
    // That the clock could not be read is no news where nothing can be.
    const span = unread && this.#spans[unread.run.kind === 'back-fill' ? 'back-fill' : 'live'];
    if (unread) span?.failed(error, unread.run.window, unread.run.tally.pages);
    const remark = span?.remark() ?? this.#clock.remark();
    const note = remark?.code === 'polling.clock-unread' ? null : remark;
    this.#show({ phase: 'trouble', trouble, note, nextAt: this.#due });
    // A store that is away keeps nothing; what it has not kept is read again.
    if (trouble.kind !== 'store') {
      const row = found ?? (await this.#row());
      const set: Changes<'channel_polls'> = { fault: keptTrouble(trouble), next_at: this.#due };
      const run = unread?.run ?? { ...emptyRun(row, now), kind: this.#behind ? 'catch-up' : 'live' };
      const sheet = this.#sheetOf(
        { ...run, watermark: row.watermark, note },
        { code: trouble.code, params: trouble.params },
        trouble.kind === 'throttled' ? 1 : 0,
      );
      await store.execute(endRunHandler, { sheet, expected: {}, set, prune: this.#tidies() });
      this.#show({ lastRun: sheet, watermark: row.watermark, behindMs: sheet.behindMs });
      this.#options.onSheet?.(sheet);
    }
    return this.#isAsked ? 0 : wait;
  }

  #tidies(): boolean {
    this.#sinceTidy += 1;
    if (this.#sinceTidy <= tidyEvery) return false;
    this.#sinceTidy = 0;
    return true;
  }

  #sheetOf(
    { kind, window, startedAt, tally, watermark, note }: Omit<EndedRun, 'expected' | 'set'>,
    fault: Remark | null,
    throttled = 0,
  ): RunSheet {
    const { store, account } = this.#options;
    const now = store.now();
    const { of: _, ...counts } = tally;
    return {
      account: account.path,
      kind,
      windowFrom: window.from,
      windowUntil: window.until,
      startedAt,
      tookMs: Math.max(0, now - startedAt),
      ...counts,
      throttled,
      watermark,
      behindMs: Math.max(0, now - watermark),
      nextAt: Math.max(now, this.#due),
      fault,
      note,
    };
  }

  #show(change: Partial<PollState>): void {
    this.#state = { ...this.#state, ...change };
    this.#options.onState?.(this.#state);
  }
}

interface Run {
  kind: RunKind;
  window: TimeWindow;
  startedAt: number;
  tally: Tally;
}

interface EndedRun extends Run {
  watermark: number;
  note: Remark | null;
  expected: EndRun['expected'];
  set: Changes<'channel_polls'>;
}

/** A window that was broken off by a fault, which is the cause. */
class UnreadWindow extends Error {
  readonly run: Run;

  constructor(cause: unknown, run: Run) {
    super('A window could not be read', { cause });
    this.run = run;
  }
}

function emptyRun({ watermark }: Row<'channel_polls'>, now: number): Omit<Run, 'kind'> {
  const window = { from: watermark, until: Math.max(watermark, now) };
  return { window, startedAt: now, tally: emptyTally() };
}

function outOfReach(from: number, until: number | null): Remark | null {
  if (until === null) return null;
  const params = { from: new Date(from).toISOString(), until: new Date(until).toISOString() };
  return { code: 'polling.beyond-reach', params };
}
