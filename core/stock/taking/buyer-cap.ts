import type { Batch } from '../batch.ts';
import type { ReadyLock } from '../commands.ts';
import type { Hold } from '../ledger.ts';
import { refuse, type Told } from '../refusals.ts';
import { lotsOf, orderedSku, orderedUnits, unitsLeft } from './ordered-units.ts';
import type { OwnHolds } from './wants.ts';

/**
 * A refusal for every ordered SKU of which the buyer would have more in open holds of the scenario than the cap
 * allows. What the order holds itself is replaced and does not count, and may always be kept.
 */
export function overCap(batch: Batch, command: ReadyLock, own: OwnHolds | undefined): Told[] {
  const { buyer, orderKey, pools, scenario } = command;
  if (!buyer) return [];
  const elsewhere = batch.ledger
    .holdsOfBuyer(buyer.key)
    .filter(
      (hold) =>
        hold.open &&
        !hold.lapsed(batch.now) &&
        hold.row.order_key !== orderKey &&
        hold.row.scenario === scenario &&
        pools.includes(hold.row.pool),
    );
  const asked = new Map<string, number>();
  for (const { sku, quantity } of command.lines) asked.set(sku, (asked.get(sku) ?? 0) + quantity);
  const told: Told[] = [];
  for (const [sku, units] of asked) {
    const open = unitsOf(elsewhere.filter((hold) => orderedSku(hold) === sku));
    if (units + open <= buyer.cap) continue;
    let held = 0;
    for (const holds of own?.values() ?? [])
      held += orderedUnits(holds.filter((hold) => orderedSku(hold) === sku));
    if (units <= held) continue;
    const left = Math.max(0, buyer.cap - open);
    told.push(refuse('stock.buyer-cap', { sku, asked: units, open, cap: buyer.cap, left }));
  }
  return told;
}

/** Ordered units of holds, those of each order apart: its lines are numbered on their own. */
function unitsOf(holds: readonly Hold[]): number {
  const byOrder = new Map<string, Hold[]>();
  for (const hold of holds) {
    const ofOrder = byOrder.get(hold.row.order_key);
    if (ofOrder) ofOrder.push(hold);
    else byOrder.set(hold.row.order_key, [hold]);
  }
  let units = 0;
  for (const ofOrder of byOrder.values()) for (const lot of lotsOf(ofOrder)) units += unitsLeft(lot);
  return units;
}
