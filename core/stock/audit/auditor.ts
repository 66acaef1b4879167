import { setImmediate } from 'node:timers/promises';
import { RecurringWork } from '../../delivery/recurring-work.ts';
import { systemTimers, type Timers } from '../../delivery/timers.ts';
import type { Store } from '../../store/store.ts';
import { AppliedPolicies } from '../policy/applied.ts';
import type { Stock } from '../stock.ts';
import { type Recorded, recordRound } from './record.ts';
import { type RepairAnswer, type RepairWanted, repairFinding } from './repair.ts';
import { AuditMemory, type Pause, Round, RoundEnded } from './round.ts';
import { type AuditSettings, usualAudit } from './settings.ts';

/** Milliseconds between two rounds in the background. */
const everyMs = 60_000;
/** Between two pages in the background others get this many times as long as the page took. */
const restPerWork = 4;
/** How long until the ledger is read from its beginning again: only that finds rows that were changed since. */
const wholeEveryMs = 24 * 3_600_000;

/** What a round came to. */
export interface AuditReport extends Recorded {
  /** Epoch milliseconds. */
  startedAt: number;
  tookMs: number;
  /** Whether the ledger was read from its beginning. */
  whole: boolean;
  rows: number;
  pages: number;
  longestPageMs: number;
}

export interface AuditorOptions {
  settings?: Partial<AuditSettings>;
  timers?: Timers;
  policies?: AppliedPolicies;
  /** Whether this process is the one that audits in the background; of several on one store only one is. */
  leads?: () => boolean | Promise<boolean>;
}

/**
 * Compares, round after round and a small page at a time, what the store says twice: balances and holds with the
 * ledger, orders with their holds. What differs is a finding until it is gone.
 */
export class Auditor {
  readonly #store: Store;
  readonly #stock: Stock;
  #settings: AuditSettings;
  readonly #timers: Timers;
  readonly #rounds: RecurringWork;
  /** Those that are applied to orders: they say what an order is to hold. */
  readonly policies: AppliedPolicies;
  readonly #listeners = new Set<(report: AuditReport) => void>();
  #memory = new AuditMemory();
  #wholeAt: number | undefined;
  /** Whether somebody waits for a round. */
  #wanted = 0;
  #skipRest: (() => void) | undefined;
  #ended = false;
  /** The last round of this process. */
  last: AuditReport | undefined;

  constructor(store: Store, stock: Stock, options: AuditorOptions = {}) {
    this.#store = store;
    this.#stock = stock;
    this.#settings = { ...usualAudit, ...options.settings };
    this.#timers = options.timers ?? systemTimers;
    this.policies = options.policies ?? new AppliedPolicies();
    const { leads } = options;
    this.#rounds = new RecurringWork(() => this.#look(), { everyMs, timers: this.#timers, leads });
  }

  /** Why the last round in the background failed; null when it went through. */
  get fault(): unknown {
    return this.#rounds.fault;
  }

  /** As they are; the policies are those of this process. */
  get settings(): AuditSettings {
    return { ...this.#settings, policies: this.policies.own };
  }

  /** From the next round on these decide what counts as wrong; what is absent is as usual. */
  configure(settings: Partial<AuditSettings>): void {
    this.#settings = { ...usualAudit, ...settings };
  }

  /** Calls back after each round of this process; answers how to stop that. */
  onRound(listener: (report: AuditReport) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    this.#rounds.start();
  }

  /** Resolves when nothing of it is at work any more. */
  async stop(): Promise<void> {
    this.#ended = true;
    this.#skipRest?.();
    await this.#rounds.stop();
  }

  /** A round now, over everything, the ledger read from its beginning. @throws RoundEnded when the hub closes */
  async run(): Promise<AuditReport> {
    return await this.#hurried(() => this.#round(true));
  }

  /**
   * Carries out the smallest repair of a finding.
   *
   * @throws HubError audit.unknown-finding, audit.already-cleared, audit.no-repair, audit.already-right,
   *   audit.in-doubt, stock.op-key-reused
   */
  async repair(wanted: RepairWanted): Promise<RepairAnswer> {
    return await this.#hurried(async () => {
      const memory = this.#memory;
      const settings = await this.#inForce();
      const round = new Round(this.#store, memory, settings, this.#pause());
      await round.ledger();
      return await repairFinding(
        { store: this.#store, stock: this.#stock, settings, ledger: memory.ledger, round },
        wanted,
      );
    });
  }

  /** Between two rounds, since they share what is known of the ledger; one under way rests no more. */
  async #hurried<R>(work: () => Promise<R>): Promise<R> {
    this.#wanted += 1;
    this.#skipRest?.();
    try {
      return await this.#rounds.between(work);
    } finally {
      this.#wanted -= 1;
    }
  }

  async #look(): Promise<undefined> {
    const whole = this.#wholeAt === undefined || this.#store.now() - this.#wholeAt > wholeEveryMs;
    try {
      await this.#round(whole);
    } catch (error) {
      if (!(error instanceof RoundEnded)) throw error;
    }
  }

  async #round(whole: boolean): Promise<AuditReport> {
    const startedAt = this.#store.now();
    const started = performance.now();
    // What is known stays until the new reading is through.
    const memory = whole ? new AuditMemory() : this.#memory;
    const result = await new Round(this.#store, memory, await this.#inForce(), this.#pause()).run();
    this.#memory = memory;
    if (whole) this.#wholeAt = startedAt;
    const recorded = await recordRound(this.#store, result, { startedAt, whole });
    const { rows, pages, longestPageMs } = result;
    const tookMs = performance.now() - started;
    this.last = { ...recorded, startedAt, tookMs, whole, rows, pages, longestPageMs };
    for (const listener of [...this.#listeners]) listener(this.last);
    return this.last;
  }

  /** The settings with the policies of all processes. */
  async #inForce(): Promise<AuditSettings> {
    return { ...this.#settings, policies: await this.policies.inForce() };
  }

  #pause(): Pause {
    return async (tookMs) => {
      if (this.#ended) return false;
      if (this.#wanted > 0) await setImmediate();
      else await this.#rest(tookMs * restPerWork);
      return !this.#ended;
    };
  }

  #rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#timers.after(ms, resolve);
      this.#skipRest = () => {
        cancel();
        resolve();
      };
    });
  }
}
