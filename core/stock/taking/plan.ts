import type { Batch } from '../batch.ts';
import type { HoldBucket } from '../buckets.ts';
import type { ReadyWarehouses } from '../commands.ts';
import type { Balance } from '../ledger.ts';
import { type OwnUnits, refuse, type Told } from '../refusals.ts';
import { type Allocation, allocate, type Placement, type Site } from './allocate.ts';
import { lotsOf, orderedSku, unitsLeft } from './ordered-units.ts';
import { sumByBalance } from './sums.ts';
import type { OwnHolds, Want } from './wants.ts';

/** Where the units of each line come from. */
export interface Plan {
  /** By line; undefined when there is too little and all was wanted. */
  placements: readonly (readonly Placement[])[] | undefined;
  /** Why not all of it. */
  short: Told[];
}

/** What is asked, apart from the lines. */
export interface Terms {
  /** Whose own holds do not stand in its way; undefined for who holds nothing. */
  orderKey: string | undefined;
  pool: string;
  /** Units of each SKU that stay available. */
  keepBack: number;
  /** Whether less than all will do. */
  partial: boolean;
}

/** Takes from one pool: what the order holds there counts as free for it. */
export function planPool(
  batch: Batch,
  terms: Terms,
  wants: readonly Want[],
  own: OwnHolds | undefined,
): Plan {
  const { pool, keepBack, orderKey } = terms;
  const sums = sumByBalance(batch, pool, wants);
  if (own) addOwn(batch, own, sums);
  const short: Told[] = [];
  let lacking: Set<string> | undefined;
  for (const balance of sums) {
    const more = balance.asked - balance.own;
    // What is held already needs no free units, and takes nothing from the buffer.
    if (more <= 0 || batch.ledger.free(balance, more + keepBack)) continue;
    const mine =
      orderKey !== undefined && batch.ledger.holdsOf(orderKey) ? ownUnits(own, balance.sku) : undefined;
    short.push(batch.shortages.of('stock.short', balance, balance.asked, { orderKey, own: mine, keepBack }));
    lacking ??= new Set();
    lacking.add(balance.sku);
  }
  if (lacking) bundlesShort(wants, lacking, (sku) => roomIn(batch, pool, sku, keepBack), short);
  if (short.length > 0 && !terms.partial) return { placements: undefined, short };
  const units = short.length > 0 ? whatThereIs(batch, terms, wants) : undefined;
  const placements = wants.map(({ line }, index) => [{ pool, units: units ? units[index]! : line.quantity }]);
  return { placements, short };
}

/** Takes from the warehouses behind a pool. */
export function planWarehouses(
  batch: Batch,
  terms: Terms,
  warehouses: ReadyWarehouses,
  wants: readonly Want[],
  own: OwnHolds | undefined,
): Plan {
  const { ledger } = batch;
  const { keepBack, orderKey } = terms;
  const skus = new Set(wants.flatMap(({ parts }) => parts.map(({ sku }) => sku)));
  const held = ownByPool(own);
  const limit = new Map<string, number>();
  const sites: Site[] = [];
  for (const pool of warehouses.pools) {
    const room = new Map<string, number>();
    for (const sku of skus) {
      const balance = ledger.balance(pool, sku);
      const free = balance ? ledger.sellable(balance) : 0;
      limit.set(sku, (limit.get(sku) ?? 0) + free);
      const units = free + (held.get(pool)?.get(sku) ?? 0);
      if (units > 0) room.set(sku, units);
    }
    sites.push({ pool, room });
  }
  for (const [sku, free] of limit) limit.set(sku, Math.max(0, free - keepBack));
  for (const [pool, units] of held) {
    // Units held in the pool itself can stay there; it gives no more.
    if (!warehouses.pools.includes(pool)) sites.push({ pool, room: units });
    for (const [sku, count] of units) if (limit.has(sku)) limit.set(sku, limit.get(sku)! + count);
  }
  const asked = wants.map(({ line, parts }) => {
    const mine = own?.get(line.lineId)?.filter((hold) => orderedSku(hold) === line.sku);
    const ofLine = mine && new Map<string, number>();
    for (const lot of lotsOf(mine ?? [])) ofLine?.set(lot.pool, (ofLine.get(lot.pool) ?? 0) + unitsLeft(lot));
    return { parts, quantity: line.quantity, own: ofLine };
  });
  const allocation = allocate(asked, sites, limit, warehouses);
  const { placements, complete } = allocation;
  if (complete) return { placements, short: [] };

  const short: Told[] = [];
  const lacking = new Set<string>();
  for (const [sku, needed] of neededBySku(wants)) {
    if (needed <= limit.get(sku)!) continue;
    lacking.add(sku);
    const balances = balancesOf(batch, warehouses.pools, sku);
    const mine = orderKey !== undefined && batch.ledger.holdsOf(orderKey) ? ownUnits(own, sku) : undefined;
    short.push(
      batch.shortages.inAll('stock.short', sku, balances, needed, { orderKey, own: mine, keepBack }),
    );
  }
  bundlesShort(wants, lacking, (sku) => limit.get(sku) ?? 0, short);
  if (short.length === 0) short.push(noneHasAll(wants, sites, allocation, warehouses));
  return { placements: terms.partial ? placements : undefined, short };
}

function balancesOf(batch: Batch, pools: readonly string[], sku: string): Balance[] {
  const balances: Balance[] = [];
  for (const pool of pools) {
    const balance = batch.ledger.balance(pool, sku);
    if (balance) balances.push(balance);
  }
  return balances;
}

function neededBySku(wants: readonly Want[]): Map<string, number> {
  const needed = new Map<string, number>();
  for (const { line, parts } of wants)
    for (const { sku, perUnit } of parts) needed.set(sku, (needed.get(sku) ?? 0) + line.quantity * perUnit);
  return needed;
}

/** There is enough in all, but not where it would have to be. */
function noneHasAll(
  wants: readonly Want[],
  sites: readonly Site[],
  { placements }: Allocation,
  { split }: ReadyWarehouses,
): Told {
  const short = wants.findIndex(
    ({ line }, index) => placements[index]!.reduce((sum, { units }) => sum + units, 0) < line.quantity,
  );
  const { line, parts } = wants[short]!;
  const has = sites.map(({ pool, room }) => {
    const units = Math.min(...parts.map(({ sku, perUnit }) => Math.floor((room.get(sku) ?? 0) / perUnit)));
    return `${pool}: ${units}`;
  });
  const code = split ? 'stock.bundle-apart' : 'stock.no-one-warehouse';
  const shown = has.slice(0, mostSitesShown).join(', ') + (has.length > mostSitesShown ? ', …' : '');
  return refuse(code, { sku: line.sku, asked: line.quantity, warehouses: shown });
}

const mostSitesShown = 10;

/** Adds a refusal for each bundle that lacks one of these SKUs. */
function bundlesShort(
  wants: readonly Want[],
  lacking: ReadonlySet<string>,
  room: (sku: string) => number,
  short: Told[],
): void {
  for (const { line, parts, bundle } of wants) {
    const missing = bundle ? parts.filter(({ sku }) => lacking.has(sku)) : [];
    if (missing.length === 0) continue;
    const available = Math.min(...parts.map(({ sku, perUnit }) => Math.floor(room(sku) / perUnit)));
    const components = missing.map(({ sku, perUnit }) => `${sku} × ${perUnit}`).join(', ');
    short.push(refuse('stock.bundle-short', { sku: line.sku, asked: line.quantity, available, components }));
  }
}

/** Units of a SKU that the command being decided may have in a pool. */
function roomIn(batch: Batch, pool: string, sku: string, keepBack: number): number {
  const balance = batch.ledger.balance(pool, sku);
  return balance ? balance.own + Math.max(0, balance.units.available - keepBack) : 0;
}

/** Units each line gets when there is not enough for all: first line first, of a bundle whole ones only. */
function whatThereIs(batch: Batch, { pool, keepBack }: Terms, wants: readonly Want[]): number[] {
  const room = new Map<string, number>();
  return wants.map(({ line, parts }) => {
    let units = line.quantity;
    for (const { sku, perUnit } of parts) {
      const left = room.get(sku) ?? roomIn(batch, pool, sku, keepBack);
      room.set(sku, left);
      units = Math.min(units, Math.floor(left / perUnit));
    }
    for (const { sku, perUnit } of parts) room.set(sku, room.get(sku)! - units * perUnit);
    return units;
  });
}

function addOwn(batch: Batch, own: OwnHolds, sums: readonly Balance[]): void {
  for (const holds of own.values()) {
    for (const { row } of holds) {
      const balance = batch.ledger.balance(row.pool, row.sku);
      if (balance && sums.includes(balance)) balance.own += row.remaining;
    }
  }
}

function ownByPool(own: OwnHolds | undefined): Map<string, Map<string, number>> {
  const held = new Map<string, Map<string, number>>();
  for (const holds of own?.values() ?? []) {
    for (const { row } of holds) {
      const inPool = held.get(row.pool) ?? new Map<string, number>();
      held.set(row.pool, inPool.set(row.sku, (inPool.get(row.sku) ?? 0) + row.remaining));
    }
  }
  return held;
}

function ownUnits(own: OwnHolds | undefined, sku: string): OwnUnits {
  const units: Record<HoldBucket, number> = { held: 0, committed: 0, presale: 0 };
  for (const holds of own?.values() ?? [])
    for (const hold of holds) if (hold.row.sku === sku) units[hold.bucket] += hold.row.remaining;
  return units;
}
