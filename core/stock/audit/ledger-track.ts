import type { AuditedMovement } from '../../store/queries/audit.ts';
import { type Bucket, buckets, type HoldBucket, holdBuckets, type Units } from '../buckets.ts';
import { type AuditFinding, noRepair } from './finding.ts';

/** Balances kept side by side; sparse numbers cost no more than the blocks they are in. */
const block = 1_024;
/** Numbers kept of a balance: its buckets, its newest movement, and its units in hold buckets that no hold has. */
const width = buckets.length + 2;
const lastAt = buckets.length;
const strayAt = buckets.length + 1;

const bucketAt: Readonly<Record<string, number>> = Object.fromEntries(
  buckets.map((bucket, index) => [bucket, index]),
);
const holdBucketAt: Readonly<Record<string, number>> = Object.fromEntries(
  holdBuckets.map((bucket, index) => [bucket, index]),
);

/** Numbers that were skipped and may still be filled in are kept this long; a transaction lasts far less. */
const gapPatienceMs = 10 * 60_000;
const mostGaps = 5_000;

/**
 * What the ledger adds up to, up to the newest movement that was read: for each balance the units in its buckets
 * and its newest movement, for each hold the units that went in and not out. Kept in memory from round to round,
 * so that each movement is read once; forgetting it and reading all anew finds rows that were changed behind the
 * hub's back.
 */
export class LedgerTrack {
  /** The newest movement that was read. */
  upTo = 0;
  readonly #blocks = new Map<number, Float64Array>();
  readonly #seen = new Set<number>();
  /** By hold: units still in it, times the number of hold buckets, plus which of these they are in. */
  readonly #holds = new Map<number, number>();
  readonly #broken = new Map<string, AuditFinding>();
  readonly #brokenBalances = new Set<number>();
  /** Numbers below `upTo` that nobody had written yet, with when that was noticed. */
  readonly #gaps = new Map<number, number>();

  /** Takes in movements that were read in ascending order. */
  take(rows: readonly AuditedMovement[], now: number, gapsMayFill: boolean): void {
    for (const row of rows) {
      if (row.id > this.upTo) {
        if (gapsMayFill) this.#noteGaps(row.id, now);
        this.upTo = row.id;
      } else if (!this.#gaps.delete(row.id)) {
        // Read before, by another look at the same time.
        continue;
      }
      this.#add(row);
    }
  }

  /** Numbers that are looked for again: where several processes write, a lower number may be committed later. */
  gaps(now: number): number[] {
    for (const [id, since] of this.#gaps) if (now - since > gapPatienceMs) this.#gaps.delete(id);
    return [...this.#gaps.keys()];
  }

  /** What was found wrong in the ledger itself; its rows never change, so that it stays wrong. */
  get broken(): readonly AuditFinding[] {
    return [...this.#broken.values()];
  }

  /** Whether a balance's movements do not hang together, so that their sum proves nothing. */
  isBroken(balanceId: number): boolean {
    return this.#brokenBalances.has(balanceId);
  }

  unitsOf(balanceId: number): Units {
    const [cells, at] = this.#cells(balanceId);
    return Object.fromEntries(buckets.map((bucket, index) => [bucket, cells[at + index]!])) as Units;
  }

  unitsIn(balanceId: number, bucket: Bucket): number {
    const [cells, at] = this.#cells(balanceId);
    return cells[at + bucketAt[bucket]!]!;
  }

  /** The newest movement of a balance; null when it has none. */
  lastOf(balanceId: number): number | null {
    const [cells, at] = this.#cells(balanceId);
    return cells[at + lastAt]! || null;
  }

  /** Units that are in hold buckets of a balance without belonging to a hold. */
  strayOf(balanceId: number): number {
    const [cells, at] = this.#cells(balanceId);
    return cells[at + strayAt]!;
  }

  /** Balances that movements name. */
  get balances(): ReadonlySet<number> {
    return this.#seen;
  }

  /** Units the ledger says a hold still has. */
  heldBy(holdId: number): number {
    const packed = this.#holds.get(holdId);
    return packed === undefined ? 0 : Math.floor(packed / holdBuckets.length);
  }

  /** The bucket a hold's units are in; undefined when it has none. */
  bucketOf(holdId: number): HoldBucket | undefined {
    const packed = this.#holds.get(holdId);
    if (packed === undefined) return undefined;
    const { length } = holdBuckets;
    return holdBuckets[((packed % length) + length) % length];
  }

  /** Holds with units in them. */
  heldIds(): IterableIterator<number> {
    return this.#holds.keys();
  }

  #add(row: AuditedMovement): void {
    const [cells, at] = this.#cells(row.balance_id);
    this.#seen.add(row.balance_id);
    const before = cells[at + lastAt]! || null;
    if (row.prev_id !== before) {
      this.#brokenBalances.add(row.balance_id);
      this.#note('audit.chain-broken', row.id, {
        movement: row.id,
        expected: before ?? '–',
        found: row.prev_id ?? '–',
      });
    }
    if (row.operation === null) {
      this.#note('audit.movement-no-operation', row.id, { movement: row.id, quantity: row.quantity });
    }
    cells[at + lastAt] = row.id;
    const from = bucketAt[row.from_bucket];
    const to = bucketAt[row.to_bucket];
    if (from !== undefined) cells[at + from] = cells[at + from]! - row.quantity;
    if (to !== undefined) cells[at + to] = cells[at + to]! + row.quantity;
    this.#addToHold(row, cells, at);
  }

  #addToHold(
    { hold_id, from_bucket, to_bucket, quantity }: AuditedMovement,
    cells: Float64Array,
    at: number,
  ) {
    const from = holdBucketAt[from_bucket];
    const to = holdBucketAt[to_bucket];
    if (from === undefined && to === undefined) return;
    const change = (to === undefined ? 0 : quantity) - (from === undefined ? 0 : quantity);
    if (hold_id === null) {
      cells[at + strayAt] = cells[at + strayAt]! + change;
      return;
    }
    const units = this.heldBy(hold_id) + change;
    if (units === 0) this.#holds.delete(hold_id);
    else this.#holds.set(hold_id, units * holdBuckets.length + (to ?? from)!);
  }

  #note(code: string, movement: number, params: AuditFinding['params']): void {
    const object = `movement:${movement}`;
    this.#broken.set(`${code} ${object}`, { code, object, params, level: 'wrong', repair: noRepair });
  }

  #noteGaps(id: number, now: number): void {
    for (let gap = Math.max(this.upTo + 1, id - mostGaps); gap < id && this.#gaps.size < mostGaps; gap += 1)
      this.#gaps.set(gap, now);
  }

  #cells(balanceId: number): [cells: Float64Array, at: number] {
    const number = Math.floor(balanceId / block);
    let cells = this.#blocks.get(number);
    if (!cells) {
      cells = new Float64Array(block * width);
      this.#blocks.set(number, cells);
    }
    return [cells, (balanceId - number * block) * width];
  }
}
