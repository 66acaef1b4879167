import { createHash } from 'node:crypto';
import { type NewEvent, publish } from '../delivery/publish.ts';
import { type MessageParams, sentence } from '../message.ts';
import { type KnownLines, knownBefore, toldBefore } from '../stock/known-before.ts';
import { addDeducted, type Deduction } from '../stock/left-already.ts';
import { deductionsOf } from '../store/queries/events.ts';
import { forgetUnsaved } from '../store/queries/stock.ts';
import type { NewRow, Row } from '../store/schema.ts';
import type { CommandHandler, Store, Tx } from '../store/store.ts';
import { orderKey } from './key.ts';
import { linesAfter } from './line-quantities.ts';
import './messages.ts';
import { decideSave, type SaveDecision } from './save.ts';
import type { Order } from './schema.ts';

export interface SaveOrder {
  order: Order;
  /** The inbox row the order was made from, if it came through one. */
  inboxId: number | null;
  /** When it reached the hub, epoch milliseconds. */
  arrivedAt: number;
}

export interface SavedOrder {
  key: string;
  outcome: SaveDecision['outcome'];
  /** Number of the version that is kept now. */
  version: number;
  /** Types of the events written, in order. */
  events: string[];
  /** Names of the fields that changed; empty for a new order. */
  changed: string[];
  /** Why a version was not applied. */
  reason: { code: string; params: MessageParams; sentence: string } | null;
  /** Whether the same inbox row had brought the same order before, and this is the answer it got then. */
  replayed: boolean;
}

/** An order as it is kept, for those who read it. */
export interface KeptOrder {
  key: string;
  version: number;
  order: Order;
  allocation: string;
  updatedAt: number;
}

/**
 * Saves orders: each version once, with its lines and events in one transaction. An order that comes from the
 * inbox row it came from before gets the answer it got then, however far the order has gone since: work behind
 * it that failed the first time is not lost.
 */
export class Orders {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  save(command: SaveOrder): Promise<SavedOrder> {
    return this.#store.execute(saveHandler, command);
  }

  async read(key: string): Promise<KeptOrder | undefined> {
    const row = await this.#store.read
      .selectFrom('orders')
      .selectAll()
      .where('key', '=', key)
      .executeTakeFirst();
    return row && keptOrder(row);
  }
}

function keptOrder(row: Row<'orders'>): KeptOrder {
  return {
    key: row.key,
    version: row.version,
    order: JSON.parse(row.document) as Order,
    allocation: row.allocation,
    updatedAt: row.updated_at,
  };
}

/** An order as the batch knows it: as loaded, then as the commands before this one left it. */
interface Kept {
  order: Order;
  version: number;
  modifiedAt: number;
  isNew: boolean;
  touched: boolean;
  /** The versions that this batch applied, in order. */
  applied: Order[];
  inboxId: number | null;
}

const saveHandler: CommandHandler<SaveOrder, SavedOrder> = {
  name: 'save orders',
  async run(tx, commands) {
    const keys = commands.map(({ order }) => orderKey(order.channel, order.shop, order.channelOrderId));
    const unique = [...new Set(keys)];
    // First whose stock nobody may touch meanwhile, then the rows: in the order in which acts on stock lock them.
    const [known, kept] = await Promise.all([knownBefore(tx, unique), load(tx, unique)]);
    const commandKeys = commands.map(commandKeyOf);
    const earlier = await loadAnswers(tx, commandKeys);
    const versions: NewRow<'order_versions'>[] = [];
    const events: NewEvent[] = [];
    const answers = commands.map((command, index): SavedOrder => {
      const key = keys[index]!;
      const { order } = command;
      const commandKey = commandKeys[index] ?? null;
      const first = commandKey === null ? undefined : earlier.get(commandKey);
      if (first) return { ...first, replayed: true };
      const stored = kept.get(key);
      const decision = decideSave(stored, command);
      if (decision.outcome === 'changed' || decision.outcome === 'unchanged') {
        kept.set(key, apply(stored, command, decision));
      }
      const happened = decision.outcome === 'changed' ? decision.events : [];
      for (const event of happened) {
        events.push({
          topic: 'order',
          type: event.type,
          orderKey: key,
          channel: order.channel,
          data: { ...event.data, version: decision.version },
          at: tx.now,
        });
      }
      const answer = answerOf(key, decision);
      if (decision.outcome === 'unchanged') return answer;
      versions.push(versionRow(key, commandKey, command, decision, tx.now));
      if (commandKey !== null) earlier.set(commandKey, answer);
      return answer;
    });
    events.push(...(await writeOrders(tx, kept, known)));
    await tx.insert('order_versions', versions);
    await publish(tx, events);
    return answers;
  },
};

/** What a repeat of the command is known by: the inbox row and all that the order says; null outside the inbox. */
function commandKeyOf({ order, inboxId }: SaveOrder): string | null {
  if (inboxId === null) return null;
  return createHash('sha256')
    .update(`${inboxId}\n${JSON.stringify(order)}`)
    .digest('base64url');
}

/** The answers that these commands got before. What had changed nothing is not kept, but decided anew. */
async function loadAnswers(
  tx: Tx,
  commandKeys: readonly (string | null)[],
): Promise<Map<string, SavedOrder>> {
  const wanted = new Set(commandKeys);
  wanted.delete(null);
  const rows = await tx.find(
    'order_versions',
    [...wanted].map((command_key) => ({ command_key })),
  );
  return new Map(rows.map((row) => [row.command_key!, answerAgain(row)]));
}

function answerAgain(row: Row<'order_versions'>): SavedOrder {
  const reason = row.reason && (JSON.parse(row.reason) as { code: string; params: MessageParams });
  return {
    key: row.order_key,
    outcome: row.outcome as SaveDecision['outcome'],
    version: row.version,
    events: row.events ? (JSON.parse(row.events) as string[]) : [],
    changed: row.changed ? (JSON.parse(row.changed) as string[]) : [],
    reason: reason ? told(reason) : null,
    replayed: true,
  };
}

function answerOf(key: string, decision: SaveDecision): SavedOrder {
  const applied = decision.outcome === 'changed';
  return {
    key,
    outcome: decision.outcome,
    version: decision.version,
    events: applied ? decision.events.map(({ type }) => type) : [],
    changed: applied ? decision.changed : [],
    reason: 'code' in decision ? told(decision) : null,
    replayed: false,
  };
}

function told({ code, params }: { code: string; params: MessageParams }): NonNullable<SavedOrder['reason']> {
  return { code, params, sentence: sentence(code, params) };
}

async function load(tx: Tx, keys: readonly string[]): Promise<Map<string, Kept>> {
  const rows = await tx.find(
    'orders',
    keys.map((key) => ({ key })),
  );
  return new Map(
    rows.map((row) => [
      row.key,
      {
        order: JSON.parse(row.document) as Order,
        version: row.version,
        modifiedAt: row.modified_at,
        isNew: false,
        touched: false,
        applied: [],
        inboxId: row.inbox_id,
      },
    ]),
  );
}

function apply(
  stored: Kept | undefined,
  { order, inboxId }: SaveOrder,
  decision: Extract<SaveDecision, { outcome: 'changed' | 'unchanged' }>,
): Kept {
  const applied = decision.outcome === 'changed';
  return {
    order: applied || !stored ? order : stored.order,
    version: decision.version,
    modifiedAt: decision.modifiedAt,
    isNew: stored?.isNew ?? true,
    touched: (stored?.touched ?? false) || applied || decision.modifiedAt !== stored?.modifiedAt,
    applied: applied ? [...(stored?.applied ?? []), order] : (stored?.applied ?? []),
    inboxId: applied ? inboxId : (stored?.inboxId ?? inboxId),
  };
}

function versionRow(
  key: string,
  commandKey: string | null,
  { order, inboxId, arrivedAt }: SaveOrder,
  decision: Exclude<SaveDecision, { outcome: 'unchanged' }>,
  now: number,
): NewRow<'order_versions'> {
  const applied = decision.outcome === 'changed';
  return {
    order_key: key,
    outcome: decision.outcome,
    status: order.status,
    modified_at: applied
      ? decision.modifiedAt
      : order.times.modified
        ? Date.parse(order.times.modified.at)
        : arrivedAt,
    inbox_id: inboxId,
    reason: applied ? null : JSON.stringify({ code: decision.code, params: decision.params }),
    document: applied ? null : JSON.stringify(order),
    version: decision.version,
    events: applied ? JSON.stringify(decision.events.map(({ type }) => type)) : null,
    changed: applied ? JSON.stringify(decision.changed) : null,
    command_key: commandKey,
    at: now,
  };
}

/** Writes orders and their lines; answers what new ones are told of the stock. */
async function writeOrders(
  tx: Tx,
  kept: ReadonlyMap<string, Kept>,
  known: ReadonlyMap<string, KnownLines>,
): Promise<NewEvent[]> {
  const fresh = [...kept].filter(([, order]) => order.isNew);
  const touched = [...kept].filter(([, order]) => !order.isNew && order.touched);
  const changed = touched.filter(([, order]) => order.applied.length > 0);
  const lines = await linesOf(tx, fresh, changed, known);
  const told = fresh.map(([key, { order }]) => {
    const units = known.get(key) ?? new Map();
    return toldBefore({ key, channel: order.channel, at: tx.now }, lines.byOrder.get(key) ?? [], units);
  });
  await tx.put(
    'orders',
    fresh.map(([key, state], index) => ({
      key,
      channel: state.order.channel,
      shop: state.order.shop,
      channel_order_id: state.order.channelOrderId,
      allocation: told[index]!.allocation ?? 'none',
      created_at: tx.now,
      ...columns(state, tx.now),
    })),
  );
  await tx.update(
    'orders',
    changed.map(([key, state]) => ({ key: { key }, set: columns(state, tx.now) })),
  );
  await tx.update(
    'orders',
    touched
      .filter(([, state]) => state.applied.length === 0)
      .map(([key, state]) => ({ key: { key }, set: { modified_at: state.modifiedAt } })),
  );
  await tx.put('order_lines', lines.fresh);
  await tx.update(
    'order_lines',
    lines.changed.map(({ order_key, line_id, ...set }) => ({ key: { order_key, line_id }, set })),
  );
  await forgetUnsaved(
    tx.db,
    fresh.map(([key]) => key).filter((key) => known.has(key)),
  );
  return told.flatMap(({ events }) => events);
}

function columns({ order, version, modifiedAt, inboxId }: Kept, now: number) {
  return {
    scenario: order.scenario,
    status: order.status,
    refund_status: order.refundStatus,
    hold_reason: order.hold?.reason ?? null,
    currency: order.currency,
    total: order.money?.total ?? null,
    version,
    modified_at: modifiedAt,
    document: JSON.stringify(order),
    inbox_id: inboxId,
    updated_at: now,
  };
}

/** The rows of lines that are new or differ, and those of new orders by key. */
async function linesOf(
  tx: Tx,
  fresh: readonly [string, Kept][],
  changed: readonly [string, Kept][],
  known: ReadonlyMap<string, KnownLines>,
) {
  const stored = await tx.find(
    'order_lines',
    changed.map(([key]) => ({ order_key: key })),
  );
  const before = new Map<string, Row<'order_lines'>[]>();
  for (const row of stored) before.set(row.order_key, [...(before.get(row.order_key) ?? []), row]);
  const names = new Set(stored.map((row) => `${row.order_key}\n${row.line_id}`));
  const isKnown = (key: string, lineId: string) => names.has(`${key}\n${lineId}`);
  const grown = changed.filter(([key, { applied }]) =>
    applied.some(({ lines }) => lines.some(({ lineId }) => !isKnown(key, lineId))),
  );
  const left = await leftOf(
    tx,
    grown.map(([key]) => key),
  );
  const byOrder = new Map<string, Row<'order_lines'>[]>();
  for (const [key, state] of [...fresh, ...changed]) {
    const units = withLeft(known.get(key), left.get(key));
    byOrder.set(key, linesAfter(state.applied, key, before.get(key) ?? [], units));
  }
  const rows = [...byOrder.values()].flat();
  return {
    byOrder,
    fresh: rows.filter((row) => !isKnown(row.order_key, row.line_id)),
    changed: rows.filter((row) => isKnown(row.order_key, row.line_id)),
  };
}

/** What left for stored orders, by key and line: also for lines that they did not have yet. */
async function leftOf(tx: Tx, keys: readonly string[]): Promise<Map<string, Map<string, number>>> {
  const left = new Map<string, Map<string, number>>();
  for (const { order_key, data } of await deductionsOf(tx.db, keys)) {
    const ofOrder = left.get(order_key) ?? new Map<string, number>();
    left.set(order_key, ofOrder);
    addDeducted(ofOrder, JSON.parse(data) as Deduction);
  }
  return left;
}

function withLeft(known: KnownLines | undefined, left: ReadonlyMap<string, number> | undefined): KnownLines {
  const units = new Map(known);
  for (const [lineId, quantity] of left ?? [])
    units.set(lineId, { locked: 0, returned: 0, ...units.get(lineId), left: quantity });
  return units;
}
