import { publish } from '../delivery/publish.ts';
import { type MessageParams, sentence } from '../message.ts';
import type { Row } from '../store/schema.ts';
import type { CommandHandler, Store, Tx } from '../store/store.ts';
import { orderKey } from './key.ts';
import { lineQuantities } from './line-quantities.ts';
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
}

/** An order as it is kept, for those who read it. */
export interface KeptOrder {
  key: string;
  version: number;
  order: Order;
  allocation: string;
  updatedAt: number;
}

/** Saves orders: each version once, with its lines and events in one transaction. */
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
  changed: boolean;
  inboxId: number | null;
}

const saveHandler: CommandHandler<SaveOrder, SavedOrder> = {
  name: 'save orders',
  async run(tx, commands) {
    const keys = commands.map(({ order }) => orderKey(order.channel, order.shop, order.channelOrderId));
    const kept = await load(tx, [...new Set(keys)]);
    const versions: Parameters<Tx['insert']>[1][number][] = [];
    const events: Parameters<typeof publish>[1][number][] = [];
    const answers = commands.map((command, index): SavedOrder => {
      const key = keys[index]!;
      const { order } = command;
      const stored = kept.get(key);
      const decision = decideSave(stored, command);
      if (decision.outcome === 'changed' || decision.outcome === 'unchanged') {
        kept.set(key, apply(stored, command, decision));
      }
      if (decision.outcome !== 'unchanged') versions.push(versionRow(key, command, decision, tx.now));
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
      return {
        key,
        outcome: decision.outcome,
        version: decision.version,
        events: happened.map(({ type }) => type),
        changed: decision.outcome === 'changed' ? decision.changed : [],
        reason:
          'code' in decision
            ? {
                code: decision.code,
                params: decision.params,
                sentence: sentence(decision.code, decision.params),
              }
            : null,
      };
    });
    await writeOrders(tx, kept);
    await tx.insert('order_versions', versions as never);
    await publish(tx, events);
    return answers;
  },
};

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
        changed: false,
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
    changed: (stored?.changed ?? false) || applied,
    inboxId: applied ? inboxId : (stored?.inboxId ?? inboxId),
  };
}

function versionRow(
  key: string,
  { order, inboxId, arrivedAt }: SaveOrder,
  decision: Exclude<SaveDecision, { outcome: 'unchanged' }>,
  now: number,
) {
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
    at: now,
  };
}

async function writeOrders(tx: Tx, kept: ReadonlyMap<string, Kept>): Promise<void> {
  const fresh = [...kept].filter(([, order]) => order.isNew);
  const touched = [...kept].filter(([, order]) => !order.isNew && order.touched);
  const changed = touched.filter(([, order]) => order.changed);
  await tx.put(
    'orders',
    fresh.map(([key, state]) => ({
      key,
      channel: state.order.channel,
      shop: state.order.shop,
      channel_order_id: state.order.channelOrderId,
      allocation: 'none',
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
      .filter(([, state]) => !state.changed)
      .map(([key, state]) => ({ key: { key }, set: { modified_at: state.modifiedAt } })),
  );
  await writeLines(tx, fresh, changed);
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

async function writeLines(
  tx: Tx,
  fresh: readonly [string, Kept][],
  changed: readonly [string, Kept][],
): Promise<void> {
  const stored = await tx.find(
    'order_lines',
    changed.map(([key]) => ({ order_key: key })),
  );
  const byOrder = new Map<string, Row<'order_lines'>[]>();
  for (const row of stored) byOrder.set(row.order_key, [...(byOrder.get(row.order_key) ?? []), row]);
  const known = new Set(stored.map((row) => `${row.order_key}\n${row.line_id}`));
  const rows = [...fresh, ...changed].flatMap(([key, state]) =>
    lineQuantities(state.order, key, byOrder.get(key) ?? []),
  );
  const isKnown = (row: (typeof rows)[number]) => known.has(`${row.order_key}\n${row.line_id}`);
  await tx.put(
    'order_lines',
    rows.filter((row) => !isKnown(row)),
  );
  await tx.update(
    'order_lines',
    rows.filter(isKnown).map(({ order_key, line_id, ...set }) => ({ key: { order_key, line_id }, set })),
  );
}
