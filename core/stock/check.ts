import type { MessageParams } from '../message.ts';
import type { StockRefusal } from './answers.ts';
import {
  type Bucket,
  type HoldBucket,
  holdBuckets,
  type OpenBucket,
  openBuckets,
  type ReceiveBucket,
  type ReturnBucket,
  receiveBuckets,
  returnBuckets,
  type TransferBucket,
  transferBuckets,
} from './buckets.ts';
import type {
  Correct,
  Count,
  Deduct,
  DeductWithoutHold,
  KeyedCommand,
  LeftUpTo,
  Lock,
  Move,
  ReadyAdjust,
  ReadyHeldLine,
  ReadyLine,
  ReadyLock,
  ReadyMove,
  ReadyResolve,
  ReadyReturn,
  ReadySale,
  ReadySkuLine,
  ReadyTransfer,
  ReadyWarehouses,
  Receive,
  Release,
  Return,
  StockAct,
  Transfer,
  Warehouse,
  Warehouses,
} from './commands.ts';
import { ContentNumber } from './content-number.ts';
import './messages.ts';
import { refusalFrom } from './refusals.ts';

/** The most units in one line. */
export const mostUnits = 1_000_000_000;
/** The most lines in one act. */
export const mostLines = 500;
/** The most warehouses behind a pool. */
export const mostWarehouses = 100;
export const mostCharacters = 1_000;
const longestHoldMs = 10 * 366 * 86_400_000;

/** A checked command, or what is wrong with it. Malformed commands never reach the store. */
export type Checked<C extends KeyedCommand> =
  | { command: C; refusals?: undefined }
  | { command?: undefined; refusals: StockRefusal[] };

export function checkReceive(act: Receive): Checked<ReadyAdjust> {
  const check = new Check(act);
  const bucket: ReceiveBucket = check.choice('bucket', act.bucket, receiveBuckets, 'available');
  const lines = check.skuLines(act.lines, (line, label) => check.quantity(line.quantity, label, 1));
  return check.done(() => ({ kind: 'receive', ...check.base('receive'), bucket, lines }));
}

export function checkCorrect(act: Correct): Checked<ReadyAdjust> {
  const check = new Check(act);
  const lines = check.skuLines(act.lines, (line, label) => check.correction(line.quantity, label));
  return check.done(() => ({ kind: 'correct', ...check.base('correct'), bucket: 'available', lines }));
}

export function checkCount(act: Count): Checked<ReadyAdjust> {
  const check = new Check(act);
  const seen = new Set<string>();
  const lines = check.skuLines(act.lines, (line, label) => {
    if (seen.has(line.sku)) check.refuse('stock.duplicate-line', { line: line.sku });
    seen.add(line.sku);
    return check.quantity(line.counted, label, 0);
  });
  return check.done(() => ({ kind: 'set', ...check.base('set'), bucket: 'available', lines }));
}

export function checkReturn(act: Return): Checked<ReadyReturn> {
  const check = new Check(act);
  const orderKey = check.text('orderKey', act.orderKey);
  const bucket: ReturnBucket = check.choice('bucket', act.bucket, returnBuckets, 'qc');
  const lines = check.orderLines(act.lines, 1);
  return check.done(() => ({ kind: 'return', ...check.base('return'), orderKey, bucket, lines }));
}

export function checkMove(act: Move): Checked<ReadyMove> {
  const check = new Check(act);
  const from: OpenBucket = check.choice('from', act.from, openBuckets, 'available');
  const to: OpenBucket = check.choice('to', act.to, openBuckets, 'available');
  if (from === to) check.refuse('stock.same-bucket', { bucket: from });
  const lines = check.skuLines(act.lines, (line, label) => check.quantity(line.quantity, label, 1));
  return check.done(() => ({ kind: 'move', ...check.base('move'), from, to, lines }));
}

export function checkTransfer(act: Transfer): Checked<ReadyTransfer> {
  const check = new Check(act);
  const target = check.text('to', act.to);
  const bucket: TransferBucket = check.choice('bucket', act.bucket, transferBuckets, 'available');
  const lines = check.skuLines(act.lines, (line, label) => check.quantity(line.quantity, label, 1));
  const base = check.base('transfer');
  if (target === base.pool) check.refuse('stock.same-pool', { pool: target });
  return check.done(() => ({ kind: 'transfer', ...base, target, bucket, lines }));
}

export function checkLock(act: Lock): Checked<ReadyLock> {
  const check = new Check(act);
  const orderKey = check.text('orderKey', act.orderKey);
  // An order may change between two attempts of one act; what the key stands for is the order in the pool.
  const content = check.contentOf('lock');
  const scenario = check.text('scenario', act.scenario ?? 'normal');
  const bucket: HoldBucket = check.choice('bucket', act.bucket, holdBuckets, 'committed');
  const partial = check.choice('partial', act.partial, ['all-or-none', 'what-there-is'], 'all-or-none');
  const ttlMs = check.timeLimit(act.ttlMs);
  check.generation(act.generation);
  const warehouses = check.warehouses(act.warehouses);
  const keepBack = check.units('keepBack', act.keepBack ?? 0, 0);
  const scarce = check.scarce(act.scarce);
  const buyer = check.buyer(act.buyer);
  const upTo = check.upTo(act.upTo);
  const lines = check.orderLines(act.lines, 0).filter((line) => line.quantity > 0);
  // Field by field: to spread an object into another costs as much as the rest of this.
  const { pool, opKey, actor, reason } = check.base('lock');
  return check.done(() => ({
    kind: 'lock',
    pool,
    opKey,
    actor,
    reason,
    content,
    orderKey,
    scenario,
    bucket,
    ttlMs,
    partial: partial === 'what-there-is',
    lines,
    pools: check.withPool(warehouses?.pools),
    warehouses,
    keepBack,
    scarce,
    buyer,
    upTo,
  }));
}

export function checkSale(act: DeductWithoutHold): Checked<ReadySale> {
  const check = new Check(act);
  const orderKey = check.text('orderKey', act.orderKey);
  const warehouses = check.warehouses(act.warehouses);
  const upTo = check.upTo(act.upTo);
  const lines = check.orderLines(act.lines, 1);
  return check.done(() => ({ kind: 'sale', ...check.base('sale'), orderKey, warehouses, upTo, lines }));
}

export function checkRelease(act: Release): Checked<ReadyResolve> {
  return checkResolve('release', act);
}

export function checkDeduct(act: Deduct): Checked<ReadyResolve> {
  return checkResolve('deduct', act);
}

function checkResolve(kind: 'release' | 'deduct', act: Release | Deduct): Checked<ReadyResolve> {
  const check = new Check(act);
  const orderKey = check.text('orderKey', act.orderKey);
  const lines = act.lines === undefined || act.lines === null ? undefined : check.heldLines(act.lines);
  const pools = check.pools(act.pools);
  const upTo = 'upTo' in act ? check.upTo(act.upTo) : undefined;
  return check.done(() => ({ kind, ...check.base(kind), orderKey, pools, lines, upTo }));
}

/** Reads one act's fields, remembers what is wrong, and sums up what its op key stands for. */
class Check {
  readonly #act: StockAct;
  readonly #content = new ContentNumber();
  readonly #refusals: StockRefusal[] = [];
  readonly #pool: string;
  readonly #opKey: string;
  readonly #actor: string;

  constructor(act: StockAct) {
    this.#act = act;
    this.#pool = this.text('pool', act.pool ?? 'main');
    // Who repeats an act and the words given for it may differ; what is done may not.
    this.#opKey = this.#plainText('opKey', act.opKey);
    this.#actor = this.#plainText('actor', act.actor);
  }

  base(kind: KeyedCommand['kind']): {
    pool: string;
    opKey: string;
    actor: string;
    reason: string;
    content: number;
  } {
    return {
      pool: this.#pool,
      opKey: this.#opKey,
      actor: this.#actor,
      reason: this.#act.reason || kind,
      content: this.contentOf(kind),
    };
  }

  /** Sums up what was read so far. */
  contentOf(kind: KeyedCommand['kind']): number {
    this.#content.add(kind);
    return this.#content.value;
  }

  done<C extends KeyedCommand>(make: () => C): Checked<C> {
    const { reason } = this.#act;
    if (reason !== undefined && reason !== null && reason !== '') this.#plainText('reason', reason);
    return this.#refusals.length > 0 ? { refusals: this.#refusals } : { command: make() };
  }

  refuse(code: string, params: MessageParams): void {
    this.#refusals.push(refusalFrom({ code, params }));
  }

  /** Text that is part of what the op key stands for. */
  text(field: string, value: unknown): string {
    const text = this.#plainText(field, value);
    this.#content.add(text);
    return text;
  }

  /** The same of a line; its place is only written out when something is wrong with it. */
  #lineText(index: number, field: 'lineId' | 'sku', value: unknown): string {
    if (!isName(value)) return this.text(`lines[${index}].${field}`, value);
    this.#content.add(value);
    return value;
  }

  #plainText(field: string, value: unknown): string {
    if (isName(value)) return value;
    this.refuse('stock.bad-field', { field, most: mostCharacters, found: shown(value) });
    return '';
  }

  choice<const T extends Bucket | 'all-or-none' | 'what-there-is'>(
    field: string,
    value: unknown,
    choices: readonly T[],
    usual: T,
  ): T {
    const chosen = this.#oneOf(field, value, choices, usual);
    this.#content.add(chosen);
    return chosen;
  }

  #oneOf<T extends string>(field: string, value: unknown, choices: readonly T[], usual: T): T {
    const chosen = (value ?? usual) as T;
    if (choices.includes(chosen)) return chosen;
    this.refuse('stock.bad-choice', { field, value: shown(value), choices: choices.join(', ') });
    return usual;
  }

  /*
   * Where units come from, and the limits that the shop's settings put on an act, may have changed when it is
   * repeated: none of them is part of what its op key stands for.
   */

  /** Whole units that are no line's. */
  units(field: string, value: unknown, least: 0 | 1): number {
    const units = wholeUnits(value, least, mostUnits);
    if (units !== undefined) return units;
    this.refuse('stock.bad-units', { field, value: shown(value), least, most: mostUnits });
    return least;
  }

  upTo(value: LeftUpTo | undefined): LeftUpTo | undefined {
    for (const [lineId, units] of Object.entries(value ?? {})) this.units(`upTo.${lineId}`, units, 1);
    return value;
  }

  scarce(value: Lock['scarce']): ReadyLock['scarce'] {
    if (value === undefined || value === null) return undefined;
    const below = this.units('scarce.below', value.below, 1);
    if (value.ttlMs === undefined || value.ttlMs === null)
      this.refuse('stock.bad-time-limit', { value: shown(value.ttlMs) });
    return { below, ttlMs: this.timeLimit(value.ttlMs) ?? longestHoldMs };
  }

  buyer(value: Lock['buyer']): ReadyLock['buyer'] {
    if (value === undefined || value === null || value.cap === undefined || value.cap === null)
      return undefined;
    const key = this.#plainText('buyer.key', value.key);
    return { key, cap: this.units('buyer.cap', value.cap, 1) };
  }

  /** The pools an act is about: those it names, else the one. */
  pools(value: readonly string[] | undefined | null): readonly string[] {
    if (value === undefined || value === null) return [this.#pool];
    if (!Array.isArray(value) || value.length === 0 || value.length > mostWarehouses + 1) {
      this.refuse('stock.bad-pools', { field: 'pools', most: mostWarehouses + 1, found: shown(value) });
      return [];
    }
    return [...new Set(value.map((pool, index) => this.#plainText(`pools[${index}]`, pool)))];
  }

  /** The act's pool and others, each once. */
  withPool(others: readonly string[] | undefined): readonly string[] {
    return others === undefined ? [this.#pool] : [...new Set([this.#pool, ...others])];
  }

  /** Warehouses in the order in which they are asked: of `nearest`, those that serve the region most closely first. */
  warehouses(value: Warehouses | undefined | null): ReadyWarehouses | undefined {
    if (value === undefined || value === null) return undefined;
    const list: readonly Warehouse[] = value.pools;
    if (!Array.isArray(list) || list.length === 0 || list.length > mostWarehouses) {
      const found = shown(list);
      this.refuse('stock.bad-pools', { field: 'warehouses.pools', most: mostWarehouses, found });
      return undefined;
    }
    const choices = ['nearest', 'fewest-parcels', 'fixed-order'] as const;
    const choose = this.#oneOf('warehouses.choose', value.choose, choices, 'fixed-order');
    const { region } = value;
    if (region !== undefined && region !== null && region !== '')
      this.#plainText('warehouses.region', region);
    const named = list.map((warehouse, index) => {
      const pool = this.#plainText(`warehouses.pools[${index}].pool`, warehouse?.pool);
      const regions = warehouse?.regions ?? [];
      if (!Array.isArray(regions) || regions.some((one) => typeof one !== 'string')) {
        const field = `warehouses.pools[${index}].regions`;
        this.refuse('stock.bad-pools', { field, most: mostWarehouses, found: shown(regions) });
        return { pool, match: 0 };
      }
      return { pool, match: choose === 'nearest' ? longestMatch(regions, region) : 0 };
    });
    named.sort((a, b) => b.match - a.match);
    return {
      pools: [...new Set(named.map(({ pool }) => pool))],
      fewest: choose === 'fewest-parcels',
      split: value.split === true,
    };
  }

  timeLimit(value: unknown): number | null {
    if (value === undefined || value === null) {
      this.#content.addNumber(0);
      return null;
    }
    if (typeof value !== 'number' || !(value > 0 && value <= longestHoldMs)) {
      this.refuse('stock.bad-time-limit', { value: shown(value) });
      return null;
    }
    const ttlMs = Math.ceil(value);
    this.#content.addNumber(ttlMs);
    return ttlMs;
  }

  generation(value: unknown): void {
    if (value === undefined || value === null) return;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0)
      this.#content.addNumber(value);
    else this.refuse('stock.bad-generation', { value: shown(value) });
  }

  /** Whole units, as a number or in digits only; anything else would be a guess. */
  quantity(value: unknown, line: string, least: 0 | 1): number {
    const units = wholeUnits(value, least, mostUnits);
    if (units !== undefined) {
      this.#content.addNumber(units);
      return units;
    }
    this.refuse('stock.bad-quantity', { line, value: shown(value), least, most: mostUnits });
    return 0;
  }

  correction(value: unknown, line: string): number {
    const units = typeof value === 'string' && /^-?\d{1,10}$/.test(value) ? Number(value) : value;
    if (typeof units === 'number' && Number.isInteger(units) && units !== 0 && Math.abs(units) <= mostUnits) {
      this.#content.addNumber(units);
      return units;
    }
    this.refuse('stock.bad-correction', { line, value: shown(value), most: mostUnits });
    return 0;
  }

  skuLines<L extends { sku: string }>(
    lines: readonly L[],
    units: (line: L, label: string) => number,
  ): ReadySkuLine[] {
    return this.#list(lines).map((line, index) => {
      const sku = this.#lineText(index, 'sku', line.sku);
      return { sku, quantity: units(line, sku || String(index + 1)) };
    });
  }

  orderLines(
    lines: readonly { lineId: string; sku: string; quantity: unknown }[],
    least: 0 | 1,
  ): ReadyLine[] {
    const ready = this.#list(lines).map((line, index) => {
      const lineId = this.#lineText(index, 'lineId', line.lineId);
      const sku = this.#lineText(index, 'sku', line.sku);
      return { lineId, sku, quantity: this.quantity(line.quantity, lineId || String(index + 1), least) };
    });
    this.#noneTwice(ready);
    return ready;
  }

  heldLines(lines: readonly { lineId: string; quantity?: unknown }[]): ReadyHeldLine[] {
    const ready = this.#list(lines).map((line, index) => {
      const lineId = this.#lineText(index, 'lineId', line.lineId);
      const all = line.quantity === undefined || line.quantity === null;
      if (all) this.#content.addNumber(0);
      return {
        lineId,
        quantity: all ? undefined : this.quantity(line.quantity, lineId || String(index + 1), 1),
      };
    });
    this.#noneTwice(ready);
    return ready;
  }

  #list<L extends object>(lines: readonly L[]): readonly L[] {
    if (!Array.isArray(lines) || lines.length === 0) {
      this.refuse('stock.bad-lines', { found: shown(lines) });
      return [];
    }
    if (lines.length > mostLines) {
      this.refuse('stock.too-many-lines', { count: lines.length, most: mostLines });
      return [];
    }
    for (const line of lines) {
      if (typeof line !== 'object' || line === null) {
        this.refuse('stock.bad-lines', { found: shown(lines) });
        return [];
      }
    }
    return lines;
  }

  #noneTwice(lines: readonly { lineId: string }[]): void {
    if (lines.length < 2) return;
    const seen = new Set<string>();
    for (const { lineId } of lines) {
      if (seen.has(lineId) && lineId !== '') this.refuse('stock.duplicate-line', { line: lineId });
      seen.add(lineId);
    }
  }
}

/** Characters of the longest of these beginnings that a region has; 0 when it has none of them. */
function longestMatch(beginnings: readonly string[], region: unknown): number {
  let longest = 0;
  if (typeof region !== 'string') return longest;
  for (const beginning of beginnings)
    if (region.startsWith(beginning)) longest = Math.max(longest, beginning.length);
  return longest;
}

/** Text that a store keeps as it is: PostgreSQL takes neither NUL nor halves of characters, and SQLite would mend the latter. */
export function isName(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length > 0 &&
    value.length <= mostCharacters &&
    value.isWellFormed() &&
    !value.includes('\0')
  );
}

/** Whole units within bounds, as a number or in digits only; undefined for anything else. */
export function wholeUnits(value: unknown, least: number, most: number): number | undefined {
  const units = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
  return typeof units === 'number' && Number.isInteger(units) && units >= least && units <= most
    ? units
    : undefined;
}

/** A value as it may stand in a sentence. */
export function shown(value: unknown): string {
  const text =
    typeof value === 'object' && value !== null
      ? Array.isArray(value)
        ? `list (${value.length})`
        : 'object'
      : String(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
