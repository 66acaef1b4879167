import assert from 'node:assert/strict';
import { orderKey } from '../../../../core/order/key.ts';
import { Orders } from '../../../../core/order/orders.ts';
import type { Order } from '../../../../core/order/schema.ts';
import type { PolicyAnswer } from '../../../../core/stock/policy/answer.ts';
import { applyPolicy } from '../../../../core/stock/policy/apply.ts';
import type { StockPolicy } from '../../../../core/stock/policy/rule.ts';
import { eventsOfOrder } from '../../../../core/store/queries/events.ts';
import { stockLevels } from '../../../../core/store/queries/stock.ts';
import { anOrder } from '../../order/an-order.ts';
import type { AnyPlace } from '../../store/each-store.ts';
import { openStock, type StockFixture } from '../stock-fixture.ts';
import { aPolicy } from './a-policy.ts';

/** Units of one SKU and where they are. */
export interface Units {
  available: number;
  held: number;
  committed: number;
  presale: number;
}

/** A stock with a policy, in which orders are saved and their events applied when the test says so. */
export class PolicyFixture {
  readonly stock: StockFixture;
  policy: StockPolicy;
  readonly #orders: Orders;
  readonly #last = new Map<string, Order>();
  #modified = Date.UTC(2026, 0, 1);

  private constructor(stock: StockFixture, policy: StockPolicy) {
    this.stock = stock;
    this.policy = policy;
    this.#orders = new Orders(stock.store);
  }

  static async open(makePlace?: () => Promise<AnyPlace>): Promise<PolicyFixture> {
    return new PolicyFixture(await openStock(makePlace), aPolicy());
  }

  async receive(units: Record<string, number>, pool = 'main'): Promise<void> {
    const lines = Object.entries(units).map(([sku, quantity]) => ({ sku, quantity }));
    const opKey = `receive ${pool} ${JSON.stringify(units)} ${this.#modified}`;
    const answer = await this.stock.stock.receive({ pool, opKey, actor: 'test', lines });
    assert.equal(answer.state, 'done');
  }

  async define(bundle: string, components: readonly { sku: string; quantity: number }[]): Promise<void> {
    const act = { bundle, components, opKey: `define ${bundle}`, actor: 'test' };
    const answer = await this.stock.stock.defineBundle(act);
    assert.equal(answer.state, 'done');
  }

  /** Saves the next version of an order: the last one with these fields changed. */
  async save(id: string, fields: Partial<Order>): Promise<string> {
    const before = this.#last.get(id) ?? anOrder({ channelOrderId: id });
    this.#modified += 1_000;
    const at = new Date(this.#modified).toISOString();
    const order: Order = {
      ...before,
      ...fields,
      times: { ...before.times, ...fields.times, modified: { at, text: at } },
    };
    const saved = await this.#orders.save({ order, inboxId: null, arrivedAt: this.#modified });
    assert.equal(saved.outcome, 'changed', JSON.stringify(saved.reason));
    this.#last.set(id, order);
    return saved.key;
  }

  /** The events of an order that the channel caused, oldest first. */
  async events(id: string): Promise<{ id: number; type: string }[]> {
    const rows = await eventsOfOrder(this.stock.store.read, keyOf(id));
    return rows
      .filter(({ type }) => !['allocated', 'short', 'stock-released', 'stock-deducted'].includes(type))
      .map((row) => ({ id: row.id, type: row.type }));
  }

  /** Applies the policy to an event, which an attempt may name. */
  apply(id: string, type: string, attempt: string | number = type, order?: unknown): Promise<PolicyAnswer> {
    const key = keyOf(id);
    return applyPolicy(this.stock.store, this.stock.stock, this.policy, {
      orderKey: key,
      type,
      order,
      opKey: `${key}|*|apply|node|${attempt}`,
      actor: 'test',
    });
  }

  /** Saves a version and applies the events it caused. */
  async happens(id: string, fields: Partial<Order>): Promise<PolicyAnswer[]> {
    const known = this.#last.has(id) ? new Set((await this.events(id)).map((event) => event.id)) : new Set();
    await this.save(id, fields);
    const answers: PolicyAnswer[] = [];
    for (const event of await this.events(id))
      if (!known.has(event.id)) answers.push(await this.apply(id, event.type, event.id));
    return answers;
  }

  async units(sku = 'TEA', pool = 'main'): Promise<Units> {
    const now = this.stock.store.now();
    const [level] = await stockLevels(this.stock.store.read, { sku, pool, limit: 1, now });
    assert.ok(level, `${sku} is unknown in ${pool}`);
    const { available, held, committed, presale } = level;
    return { available, held, committed, presale };
  }

  async line(id: string, lineId = '1') {
    const row = await this.stock.store.read
      .selectFrom('order_lines')
      .selectAll()
      .where('order_key', '=', keyOf(id))
      .where('line_id', '=', lineId)
      .executeTakeFirstOrThrow();
    return { locked: row.locked, shipped: row.shipped, cancelled: row.cancelled };
  }

  wait(ms: number): void {
    this.stock.clock.now += ms;
  }

  close(): Promise<void> {
    return this.stock.close();
  }
}

export function keyOf(id: string): string {
  return orderKey('shopify', 'main', id);
}
