import type { Kysely } from 'kysely';
import { HubError } from '../../errors.ts';
import {
  anyOrder,
  balancesAfter,
  holdsWithoutRow,
  inSnapshot,
  knownBalances,
  lapsedLeft,
  movementsAfter,
  movementsById,
  newestOperation,
  pageEnd,
  rowsOfOrder,
  stretchOf,
  unansweredOperations,
} from '../../store/queries/audit.ts';
import type { Database } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import { checkBalances, missingBalances } from './check-balances.ts';
import { checkHolds, missingHolds } from './check-holds.ts';
import { checkOrder, ordersOf } from './check-orders.ts';
import { checkShares } from './check-shares.ts';
import { type AuditFinding, keyOf, noRepair } from './finding.ts';
import { LedgerTrack } from './ledger-track.ts';
import { PageSize } from './page-size.ts';
import { confirmed } from './second-look.ts';
import type { AuditSettings } from './settings.ts';

type Db = Kysely<Database>;

/** What is kept between rounds, so that what never changes is read once. */
export class AuditMemory {
  readonly ledger = new LedgerTrack();
  /** The newest operation that was looked at. */
  operations = 0;
  readonly unanswered = new Map<string, AuditFinding>();
}

/** Lets others go on between two pages; false ends the round. */
export type Pause = (tookMs: number) => Promise<boolean>;

/** What a round came to. */
export interface RoundResult {
  findings: AuditFinding[];
  rows: number;
  pages: number;
  longestPageMs: number;
  /** Findings that were left out because there were too many; then nothing counts as cleared. */
  leftOut: number;
}

/** Findings a round keeps; with more than that the store needs a person and not a longer list. */
const mostFindings = 5_000;
/** Where several processes write, operations with lower numbers may be committed later than higher ones. */
const lateOperations = 10_000;
/** Numbers looked for in one statement. */
const idsAtOnce = 500;

/** Stops the round: the hub closes. */
export class RoundEnded extends HubError {
  constructor() {
    super('store.closed', {}, { retryable: true });
  }
}

/**
 * One look at everything, in pages. Each page is read in one snapshot that the ledger is brought up to first, so that
 * what it compares stood at one moment, whatever happens meanwhile; what looks wrong is looked at again before it
 * counts.
 */
export class Round {
  readonly #store: Store;
  readonly #memory: AuditMemory;
  readonly #settings: AuditSettings;
  readonly #pause: Pause;
  readonly #found = new Map<string, AuditFinding>();
  #rows = 0;
  #pages = 0;
  #longest = 0;
  #leftOut = 0;

  constructor(store: Store, memory: AuditMemory, settings: AuditSettings, pause: Pause) {
    this.#store = store;
    this.#memory = memory;
    this.#settings = settings;
    this.#pause = pause;
  }

  /** @throws RoundEnded when the pause says so */
  async run(): Promise<RoundResult> {
    await this.ledger();
    await this.#balances();
    await this.#orders();
    await this.#missing();
    await this.#lapsed();
    await this.#shares();
    await this.#operations();
    for (const finding of [...this.#memory.ledger.broken, ...this.#memory.unanswered.values()])
      this.#keep(finding);
    return {
      findings: [...this.#found.values()],
      rows: this.#rows,
      pages: this.#pages,
      longestPageMs: this.#longest,
      leftOut: this.#leftOut,
    };
  }

  /** What is wrong with one order at this moment, and with its holds. */
  async ofOrder(key: string): Promise<AuditFinding[]> {
    await this.ledger();
    return await this.#upToDate(new PageSize(), async (db) =>
      this.#compare(db, await rowsOfOrder(db, key), true),
    );
  }

  /** Reads the ledger up to now. */
  async ledger(): Promise<void> {
    const size = new PageSize();
    for (let more = true; more; ) more = await this.#page(size, (db) => this.#catchUp(db, size.rows));
  }

  async #balances(): Promise<void> {
    const size = new PageSize();
    for (let after = 0, more = true; more; ) {
      const look = async (db: Db) => {
        const rows = await balancesAfter(db, { after, limit: size.rows });
        return { found: checkBalances(rows, this.#memory.ledger), rows };
      };
      const { rows } = await this.#checked(size, look);
      more = rows.length > 0;
      after = rows.at(-1)?.id ?? after;
    }
  }

  async #orders(): Promise<void> {
    const size = new PageSize({ first: 100, least: 10, most: 1_500 });
    const hints = await this.#page(size, anyOrder);
    for (let after = '', more = true; more; ) {
      let upTo: string | null | undefined;
      const look = async (db: Db) => {
        // The second look is at the same stretch, however many orders came into it meanwhile.
        upTo = upTo === undefined ? await pageEnd(db, after, size.rows) : upTo;
        return await this.#stretch(db, after, upTo, hints);
      };
      await this.#checked(size, look);
      more = upTo !== null && upTo !== undefined;
      after = upTo ?? after;
    }
  }

  async #stretch(db: Db, after: string, upTo: string | null, hints: boolean) {
    const rows = await stretchOf(db, { after, upTo });
    const found = await this.#compare(db, rows, hints);
    const { orders, lines, holds } = rows;
    return { found, rows: { length: orders.length + lines.length + holds.length } };
  }

  async #compare(
    db: Db,
    { orders, lines, holds }: Awaited<ReturnType<typeof stretchOf>>,
    hints: boolean,
  ): Promise<AuditFinding[]> {
    const { ledger } = this.#memory;
    const now = this.#store.now();
    const found = checkHolds(holds, ledger);
    // From here on the ledger's word counts: a hold that is wrong is one finding, not one for each that adds it up.
    for (const hold of holds) {
      const units = ledger.heldBy(hold.id);
      if (units > 0) hold.state = 'open';
      else if (hold.state === 'open') hold.state = 'released';
      hold.remaining = units;
    }
    const suspicions = ordersOf(orders, lines, holds).flatMap((facts) =>
      facts.order || hints ? checkOrder(facts, now, this.#settings) : [],
    );
    found.push(...(await confirmed(db, suspicions, now, this.#settings)));
    return found;
  }

  /** What the ledger tells of and is not there. */
  async #missing(): Promise<void> {
    const size = new PageSize();
    const { ledger } = this.#memory;
    for (const ids of chunks([...ledger.heldIds()])) {
      await this.#checked(size, async (db) => ({
        found: missingHolds(
          (await holdsWithoutRow(db, ids)).filter((row) => ledger.heldBy(row.id) !== 0),
          ledger,
        ),
        rows: ids,
      }));
    }
    for (const ids of chunks([...ledger.balances])) {
      await this.#checked(size, async (db) => {
        const known = await knownBalances(db, ids);
        const missing = ids.filter((id) => !known.has(id));
        return { found: missingBalances(missing, ledger), rows: ids };
      });
    }
  }

  async #lapsed(): Promise<void> {
    const { sweepLateMs } = this.#settings;
    await this.#checked(new PageSize(), async (db) => {
      const now = this.#store.now();
      const { holds, units, first } = await lapsedLeft(db, now - sweepLateMs);
      if (holds === 0 || first === null) return { found: [], rows: [] };
      const minutes = Math.floor((now - first) / 60_000);
      const finding: AuditFinding = {
        code: 'audit.lapsed-left',
        object: 'holds:lapsed',
        params: { holds, units, minutes },
        level: 'wrong',
        repair: { act: 'sweep', target: {}, before: { holds }, after: { holds: 0 }, units },
      };
      return { found: [finding], rows: [] };
    });
  }

  async #shares(): Promise<void> {
    const { shareLateMs: lateMs } = this.#settings;
    const size = new PageSize();
    for (let after = 0, more = true; more; ) {
      const limit = size.rows;
      const { rows } = await this.#checked(size, (db) =>
        checkShares(db, { after, limit, now: this.#store.now(), lateMs }),
      );
      more = rows.length === limit;
      after = rows.at(-1)?.id ?? after;
    }
  }

  async #operations(): Promise<void> {
    const memory = this.#memory;
    const size = new PageSize();
    const last = await this.#page(size, newestOperation);
    const late = this.#store.kind === 'postgres' ? lateOperations : 0;
    for (let after = Math.max(0, memory.operations - late); after < last; ) {
      const upTo = Math.min(last, after + size.rows);
      const rows = await this.#page(size, (db) => unansweredOperations(db, { after, upTo }));
      this.#rows += upTo - after;
      for (const { id, op_key, kind, same_as } of rows) {
        const code = same_as === null ? 'audit.no-answer' : 'audit.answer-dangling';
        const object = `operation:${id}`;
        const params = { operation: id, opKey: op_key ?? '–', kind, sameAs: same_as ?? '–' };
        memory.unanswered.set(object, { code, object, params, level: 'wrong', repair: noRepair });
      }
      after = upTo;
      memory.operations = upTo;
    }
  }

  /** A page whose findings count when a second look finds them too. */
  async #checked<R extends { length: number }>(
    size: PageSize,
    look: (db: Db) => Promise<{ found: AuditFinding[]; rows: R }>,
  ): Promise<{ rows: R }> {
    const first = await this.#upToDate(size, look);
    this.#rows += first.rows.length;
    if (first.found.length > 0) {
      const again = new Set((await this.#upToDate(size, look)).found.map(keyOf));
      for (const finding of first.found) if (again.has(keyOf(finding))) this.#keep(finding);
    }
    return { rows: first.rows };
  }

  /** Looks once the ledger is brought up to the snapshot that is looked at. */
  async #upToDate<R>(size: PageSize, look: (db: Db) => Promise<R>): Promise<R> {
    for (;;) {
      const seen = await this.#page(size, async (db) =>
        (await this.#catchUp(db, size.rows)) ? undefined : { result: await look(db) },
      );
      if (seen) return seen.result;
    }
  }

  /** Reads the movements that came since; answers whether there may be more. */
  async #catchUp(db: Db, limit: number): Promise<boolean> {
    const { ledger } = this.#memory;
    const late = this.#store.kind === 'postgres';
    const now = this.#store.now();
    if (late) {
      for (const ids of chunks(ledger.gaps(now))) ledger.take(await movementsById(db, ids), now, late);
    }
    const rows = await movementsAfter(db, { after: ledger.upTo, limit });
    ledger.take(rows, now, late);
    this.#rows += rows.length;
    return rows.length === limit;
  }

  async #page<R>(size: PageSize, look: (db: Db) => Promise<R>): Promise<R> {
    const started = performance.now();
    const result = await inSnapshot(this.#store.read, look);
    const ms = performance.now() - started;
    size.took(ms);
    this.#pages += 1;
    this.#longest = Math.max(this.#longest, ms);
    if (!(await this.#pause(ms))) throw new RoundEnded();
    return result;
  }

  #keep(finding: AuditFinding): void {
    if (this.#found.size < mostFindings) this.#found.set(keyOf(finding), finding);
    else if (!this.#found.has(keyOf(finding))) this.#leftOut += 1;
  }
}

function* chunks(ids: readonly number[]): Generator<number[]> {
  for (let at = 0; at < ids.length; at += idsAtOnce) yield ids.slice(at, at + idsAtOnce);
}
