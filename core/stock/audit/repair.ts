import { HubError } from '../../errors.ts';
import { finding, lastOfHold, movementsAfter, operationIsKnown } from '../../store/queries/audit.ts';
import { orderLineRows, orderRow } from '../../store/queries/orders.ts';
import { shareState } from '../../store/queries/shares.ts';
import type { HoldState, Row } from '../../store/schema.ts';
import type { CommandHandler, Store, Tx } from '../../store/store.ts';
import type { KeyedAnswer, StockRefusal } from '../answers.ts';
import { type Bucket, buckets, holdBuckets } from '../buckets.ts';
import { actKey } from '../policy/acts-done.ts';
import { applyPolicy } from '../policy/apply.ts';
import { computeHandler } from '../shares/compute.ts';
import type { Stock } from '../stock.ts';
import { type AuditFinding, keyOf, type RepairAct, type RepairPlan, type Sheet } from './finding.ts';
import type { LedgerTrack } from './ledger-track.ts';
import { lineUnits } from './line-units.ts';
import './messages.ts';
import { auditEvent, ruleFor } from './policy-wants.ts';
import { findingFrom } from './record.ts';
import type { Round } from './round.ts';
import type { AuditSettings } from './settings.ts';

/** Who wants which finding put right, and why. */
export interface RepairWanted {
  findingId: number;
  actor: string;
  reason: string;
  /** A repeat with the same key changes nothing and gets the first answer. */
  opKey: string;
  /** Whether users are told apart, so that a second person can be asked for. */
  knowsUsers: boolean;
}

/** What a repair did: the sheet of the numbers it changed. */
export interface RepairAnswer {
  /** `waiting`: so many units need a second person, who sends the same once more. */
  state: 'repaired' | 'refused' | 'waiting';
  act: RepairAct;
  object: string;
  before: Sheet;
  after: Sheet;
  /** Units that change their place or their number. */
  units: number;
  /** Why the stock refused it. */
  refusals: StockRefusal[];
  replayed: boolean;
}

/** What a repair works with. */
export interface Workshop {
  store: Store;
  stock: Stock;
  settings: AuditSettings;
  /** Read up to now. */
  ledger: LedgerTrack;
  round: Round;
}

/** Movements that may have come since the ledger was read; more than that, and it is read again first. */
const mostNew = 5_000;
/** Movements of a balance looked back over for how a hold ended. */
const lookBack = 2_000;
/** Lapsed holds expired in one transaction. */
const sweepPage = 200;

type Done = Pick<RepairAnswer, 'before' | 'after'> & { refusals?: StockRefusal[]; replayed?: boolean };

export async function repairFinding(shop: Workshop, wanted: RepairWanted): Promise<RepairAnswer> {
  const row = await finding(shop.store.read, wanted.findingId);
  if (!row) throw new HubError('audit.unknown-finding', { id: wanted.findingId });
  const found = findingFrom(row);
  const plan = found.repair;
  const told = { act: plan.act, object: found.object, units: plan.units };
  if (row.cleared_at !== null) throw new HubError('audit.already-cleared', { id: row.id });
  if (plan.act === 'none') throw new HubError('audit.no-repair', { id: row.id, object: found.object });
  if (await waits(shop, wanted, row, plan)) {
    const { before, after } = plan;
    return { ...told, state: 'waiting', before, after, refusals: [], replayed: false };
  }
  const done = await carryOut(shop, wanted, found, row.repaired_at !== null);
  const { before, after, refusals = [], replayed = false } = done;
  if (refusals.length > 0) return { ...told, state: 'refused', before, after, refusals, replayed };
  await shop.store.execute(markHandler, { id: row.id, repaired_by: wanted.actor });
  return { ...told, state: 'repaired', before, after, refusals, replayed };
}

/** Whether a second person has to agree; the first one is noted. */
async function waits(
  { store, settings }: Workshop,
  { actor, knowsUsers }: RepairWanted,
  row: Row<'audit_findings'>,
  plan: RepairPlan,
): Promise<boolean> {
  if (!knowsUsers || plan.units <= settings.secondPersonAbove) return false;
  if (row.requested_by !== null && row.requested_by !== actor) return false;
  await store.execute(markHandler, { id: row.id, requested_by: actor });
  return true;
}

type Mark = { id: number } & ({ requested_by: string } | { repaired_by: string });

const markHandler: CommandHandler<Mark, undefined> = {
  name: 'audit.mark',
  async run(tx, commands) {
    await tx.update(
      'audit_findings',
      commands.map(({ id, ...mark }) => ({
        key: { id },
        set: 'repaired_by' in mark ? { ...mark, repaired_at: tx.now } : mark,
      })),
    );
    return commands.map(() => undefined);
  },
};

async function carryOut(
  shop: Workshop,
  wanted: RepairWanted,
  found: AuditFinding,
  wasRepaired: boolean,
): Promise<Done> {
  const plan = found.repair;
  switch (plan.act) {
    case 'rebuild-balance':
    case 'rebuild-hold':
    case 'rebuild-line':
      return await shop.store.execute(rebuildHandler, { ...wanted, found, ledger: shop.ledger });
    case 'sweep': {
      let expired = 0;
      for (let more = true; more; ) {
        const answer = await shop.stock.sweep(sweepPage);
        expired += answer.expired;
        more = answer.more;
      }
      return { before: plan.before, after: { holds: 0, expired } };
    }
    case 'recompute-share':
      return await recompute(shop, found, wasRepaired);
    default:
      return await actOnOrder(shop, wanted, found);
  }
}

/** Works a number out from the stock as it is now, and tells it; what the share's rules say decides, not the finding. */
async function recompute(
  { store }: Workshop,
  { repair, object }: AuditFinding,
  wasRepaired: boolean,
): Promise<Done> {
  const { share, sku, stateId } = repair.target;
  const before = await shareState(store.read, Number(stateId));
  const { changed } = await store.execute(computeHandler, { share: String(share), skus: [String(sku)] });
  // Worked out by an earlier try: the stock alone decides, so that a repeat can do no harm.
  if (changed === 0 && wasRepaired) return { before: repair.before, after: repair.after, replayed: true };
  if (!before || changed === 0) throw new HubError('audit.already-right', { object });
  const after = await shareState(store.read, before.id);
  return { before: { sellable: before.sellable }, after: { sellable: after?.sellable ?? 0 } };
}

/** Releases, deducts or locks by the same ways as the flow does, once it is clear that it is still needed. */
async function actOnOrder(shop: Workshop, wanted: RepairWanted, found: AuditFinding): Promise<Done> {
  const { target, before, after, act } = found.repair;
  const { actor, reason } = wanted;
  const orderKey = String(target.orderKey);
  const still = (await shop.round.ofOrder(orderKey)).find((one) => keyOf(one) === keyOf(found));
  const opKey = `audit|${wanted.opKey}`;
  const known = await operationIsKnown(shop.store.read, act === 'lock' ? [opKey, actKey(opKey, 0)] : [opKey]);
  if (!still && !known) throw new HubError('audit.already-right', { object: found.object });
  const common = { opKey, actor, reason, orderKey, pool: String(target.pool) };
  let answer: Pick<KeyedAnswer, 'refusals' | 'replayed'>;
  if (act === 'lock') {
    const order = await orderRow(shop.store.read, orderKey);
    const applied = order && ruleFor(shop.settings.policies, order.scenario);
    // As the flow would have it: its bucket, its time limit, its pools.
    if (applied) {
      const event = { orderKey, type: auditEvent, reason, opKey, actor, order: undefined };
      answer = await applyPolicy(shop.store, shop.stock, applied.policy, event);
      return { before, after, refusals: answer.refusals, replayed: answer.replayed };
    }
    const lines = (await orderLineRows(shop.store.read, orderKey)).map((line) => ({
      lineId: line.line_id,
      sku: line.sku,
      quantity: Math.max(0, line.ordered - line.cancelled - line.shipped),
    }));
    answer = await shop.stock.lock({ ...common, lines, ...(order && { scenario: order.scenario }) });
  } else {
    // Of an order that is over all goes; of one that goes on, only what its lines no longer want.
    const lines =
      found.code === 'audit.line-gone' ? Object.keys(before).map((lineId) => ({ lineId })) : undefined;
    const resolved = { ...common, ...(lines && { lines }) };
    answer = act === 'deduct' ? await shop.stock.deduct(resolved) : await shop.stock.release(resolved);
    // What had left without its hold is held in vain: these units are still here.
    if (act === 'deduct' && answer.refusals.some(({ code }) => code === 'stock.left-already'))
      answer = await shop.stock.release({ ...resolved, opKey: `${opKey}|release` });
  }
  return { before, after, refusals: answer.refusals, replayed: answer.replayed };
}

interface Rebuild extends RepairWanted {
  found: AuditFinding;
  ledger: LedgerTrack;
}

/** What the operation of a repair keeps. */
interface KeptRepair {
  repair: RepairAct;
  object: string;
  before: Sheet;
  after: Sheet;
}

/** Makes what is kept beside the ledger what the ledger says, as an operation of its own. */
const rebuildHandler: CommandHandler<Rebuild, Done> = {
  name: 'audit.rebuild',
  async run(tx, commands) {
    const answers: (Done | Error)[] = [];
    for (const command of commands) {
      const answer = await rebuild(tx, command).catch((error: unknown) => {
        // A refusal is this caller's alone; a fault of the store is everybody's.
        if (HubError.is(error) && error.code.startsWith('audit.')) return error;
        throw error;
      });
      answers.push(answer);
    }
    return answers;
  },
};

async function rebuild(tx: Tx, command: Rebuild): Promise<Done> {
  const opKey = `audit|${command.opKey}`;
  const { found, actor, reason } = command;
  const { act, target } = found.repair;
  const [earlier] = await tx.find('stock_operations', [{ op_key: opKey }]);
  if (earlier) {
    const kept = JSON.parse(earlier.answer ?? '{}') as Partial<KeptRepair>;
    if (earlier.kind !== 'repair' || kept.object !== found.object || !kept.before || !kept.after)
      throw new HubError('audit.op-key-reused', { opKey: command.opKey, kind: earlier.kind });
    return { before: kept.before, after: kept.after, replayed: true };
  }
  const done = await (act === 'rebuild-balance' ? balanceFrom : act === 'rebuild-hold' ? holdFrom : lineFrom)(
    tx,
    command,
  );
  const kept: KeptRepair = { repair: act, object: found.object, ...done };
  await tx.insert('stock_operations', [
    {
      op_key: opKey,
      kind: 'repair',
      actor,
      reason,
      order_key: typeof target.orderKey === 'string' ? target.orderKey : null,
      at: tx.now,
      content: 0,
      answer: JSON.stringify(kept),
      same_as: null,
    },
  ]);
  return done;
}

/** What came to the ledger since it was read; the rows that a repair is about are locked before. */
async function newMovements(tx: Tx, upTo: number, object: string) {
  const rows = await movementsAfter(tx.db, { after: upTo, limit: mostNew });
  if (rows.length === mostNew) throw new HubError('audit.in-doubt', { object });
  return rows;
}

async function balanceFrom(tx: Tx, { found, ledger }: Rebuild): Promise<Done> {
  const { object } = found;
  const id = Number(found.repair.target.balanceId);
  const [row] = await tx.find('stock_balances', [{ id }]);
  if (!row || ledger.isBroken(id)) throw new HubError('audit.in-doubt', { object });
  const units = ledger.unitsOf(id);
  let last = ledger.lastOf(id);
  const { upTo } = ledger;
  for (const movement of await newMovements(tx, upTo, object)) {
    if (movement.balance_id !== id) continue;
    const { from_bucket: from, to_bucket: to, quantity } = movement;
    if (from in units) units[from as Bucket] -= quantity;
    if (to in units) units[to as Bucket] += quantity;
    last = movement.id;
  }
  const changed = buckets.filter((bucket) => row[bucket] !== units[bucket]);
  if (changed.length === 0 && row.last_movement_id === last)
    throw new HubError('audit.already-right', { object });
  if (buckets.some((bucket) => units[bucket] < 0)) throw new HubError('audit.in-doubt', { object });
  await tx.update('stock_balances', [{ key: { id }, set: { ...units, last_movement_id: last } }]);
  const sheet = (of: Readonly<Record<Bucket, number>>, end: number | null): Sheet => ({
    ...Object.fromEntries(changed.map((bucket) => [bucket, of[bucket]])),
    last_movement_id: end,
  });
  return { before: sheet(row, row.last_movement_id), after: sheet(units, last) };
}

async function holdFrom(tx: Tx, { found, ledger }: Rebuild): Promise<Done> {
  const { object } = found;
  const { orderKey, holdId, balanceId } = found.repair.target;
  const id = Number(holdId);
  const key = { order_key: String(orderKey), id };
  const [balance] = await tx.find('stock_balances', [{ id: Number(balanceId) }]);
  const [row] = await tx.find('stock_holds', [key]);
  if (!row || !balance || ledger.isBroken(balance.id)) throw new HubError('audit.in-doubt', { object });
  let remaining = ledger.heldBy(id);
  const { upTo } = ledger;
  const inHold = (bucket: string) => holdBuckets.some((name) => name === bucket);
  for (const movement of await newMovements(tx, upTo, object)) {
    if (movement.hold_id !== id) continue;
    if (inHold(movement.from_bucket)) remaining -= movement.quantity;
    if (inHold(movement.to_bucket)) remaining += movement.quantity;
  }
  if (remaining < 0 || remaining > row.quantity) throw new HubError('audit.in-doubt', { object });
  const state = remaining > 0 ? 'open' : await endOf(tx, row, balance.last_movement_id, object);
  if (row.remaining === remaining && row.state === state)
    throw new HubError('audit.already-right', { object });
  const resolved_at = state === 'open' ? null : (row.resolved_at ?? tx.now);
  await tx.update('stock_holds', [{ key, set: { remaining, state, resolved_at } }]);
  return {
    before: { remaining: row.remaining, state: row.state },
    after: { remaining, state },
  };
}

/** How a hold without units ended: what its row says, else what its last movement did. */
async function endOf(
  tx: Tx,
  row: Row<'stock_holds'>,
  newest: number | null,
  object: string,
): Promise<Exclude<HoldState, 'open'>> {
  if (row.state !== 'open') return row.state;
  const last = newest === null ? undefined : await lastOfHold(tx.db, row.id, newest, lookBack);
  if (!last) throw new HubError('audit.in-doubt', { object });
  if (last.to_bucket === 'customer') return 'posted';
  return last.kind === 'expire' ? 'expired' : 'released';
}

async function lineFrom(tx: Tx, { found }: Rebuild): Promise<Done> {
  const { object } = found;
  const order_key = String(found.repair.target.orderKey);
  const line_id = String(found.repair.target.lineId);
  const [line] = await tx.find('order_lines', [{ order_key, line_id }]);
  if (!line) throw new HubError('audit.already-right', { object });
  const holds = (await tx.find('stock_holds', [{ order_key }])).filter((hold) => hold.line_id === line_id);
  const ids = [...new Set(holds.map((hold) => hold.balance_id))].sort((a, b) => a - b);
  const items = await tx.find(
    'stock_items',
    ids.map((balance_id) => ({ balance_id })),
  );
  const names = new Map(items.map((item) => [item.balance_id, item]));
  const { open: locked } = lineUnits(
    holds.map((hold) => {
      const { pool = null, sku = null } = names.get(hold.balance_id) ?? {};
      return { ...hold, pool, sku };
    }),
    tx.now,
  );
  if (locked === line.locked) throw new HubError('audit.already-right', { object });
  await tx.update('order_lines', [{ key: { order_key, line_id }, set: { locked } }]);
  return { before: { locked: line.locked }, after: { locked } };
}
