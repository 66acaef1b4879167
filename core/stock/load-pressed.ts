import { lapsedHolds, newestHolds, newestOpened, type Opened } from '../store/queries/stock.ts';
import type { Row } from '../store/schema.ts';
import type { Tx } from '../store/store.ts';
import { mostHolders } from './refusals.ts';
import type { ReadBalance, ReadHold, StockState } from './state.ts';
import type { Demand } from './taking/demand.ts';

/** Balances that are remembered to have been short, at most; more are forgotten all at once. */
const mostRemembered = 1_000;
/** Balances of which a batch asks ahead, at most. */
const mostAhead = 16;

/** By number: what is asked of a balance that is short. */
export type Ahead = ReadonlyMap<number, { lapsed: Row<'stock_holds'>[]; opened: Opened[] }>;

/** Numbers of the balances that were short when a batch last named them. */
const shortLately = new WeakMap<Tx['db'], Set<number>>();

/**
 * Asks what a refusal tells, along with the balances and not only once these have come: a SKU that was short is, as a
 * rule, short still, and over a network the wait for an answer costs more than the answer. To be called when the
 * balances have been asked for, so that they are locked before it; that it guessed wrong costs the queries only.
 */
export async function askAhead(tx: Tx, items: readonly Row<'stock_items'>[]): Promise<Ahead> {
  const short = shortLately.get(tx.db);
  if (!short || short.size === 0) return new Map();
  const ids = items.map(({ balance_id }) => balance_id).filter((id) => short.has(id));
  return new Map(
    await Promise.all(
      ids.slice(0, mostAhead).map(async (id) => {
        const [lapsed, opened] = await Promise.all([
          lapsedOf(tx, id),
          newestOpened(tx.db, { balanceId: id }),
        ]);
        return [id, { lapsed, opened }] as const;
      }),
    ),
  );
}

function lapsedOf(tx: Tx, balanceId: number): Promise<Row<'stock_holds'>[]> {
  return lapsedHolds(tx.db, { balanceId, now: tx.now });
}

/** Notes which of the balances that a batch named are short. */
function remember(tx: Tx, named: readonly ReadBalance[], pressed: readonly number[]): void {
  let short = shortLately.get(tx.db);
  if (!short) {
    if (pressed.length === 0) return;
    short = new Set();
    shortLately.set(tx.db, short);
  }
  if (short.size > 0) for (const { id } of named) short.delete(id);
  if (short.size + pressed.length > mostRemembered) short.clear();
  for (const id of pressed) short.add(id);
}

/**
 * Of SKUs that the batch may want more of than there is: the holds that have lapsed, and who holds the rest.
 * Nobody else needs either, so that a batch with enough of everything pays nothing for it.
 */
export async function loadPressed(
  tx: Tx,
  demand: Demand,
  balances: readonly ReadBalance[],
  orderHolds: readonly ReadHold[],
  ahead: Ahead,
): Promise<Pick<StockState, 'lapsed' | 'holders'>> {
  // What a line holds of a bundle it goes on taking, whatever the bundle is made of by now.
  const frozen = new Set<number>();
  for (const hold of orderHolds)
    if (hold.bundle !== null && hold.state === 'open') frozen.add(hold.balance_id);
  const pressed = balances.filter((row) => {
    const wanted = frozen.has(row.id) ? Number.POSITIVE_INFINITY : demand.of(row.pool, row.sku);
    return wanted > row.available && row.held + row.committed + row.presale > 0;
  });
  remember(
    tx,
    balances,
    pressed.map(({ id }) => id),
  );
  const found = await Promise.all(
    pressed.map(async (row) => {
      // Those of the batch's own orders may be resolved on the way, or be the asker's.
      let limit = mostHolders;
      for (const hold of orderHolds) if (hold.state === 'open' && hold.balance_id === row.id) limit += 1;
      const [lapsed, holders] = await Promise.all([
        ahead.get(row.id)?.lapsed ?? lapsedOf(tx, row.id),
        newestHolds(tx.db, row, tx.now, limit, ahead.get(row.id)?.opened),
      ]);
      const { pool, sku } = row;
      const named = (hold: Row<'stock_holds'>): ReadHold => ({ ...hold, pool, sku });
      return { lapsed: lapsed.map(named), holders: holders.map(named) };
    }),
  );
  const lapsed = found.flatMap((of) => of.lapsed);
  const holders = found.flatMap((of) => of.holders);
  return { lapsed, holders };
}
