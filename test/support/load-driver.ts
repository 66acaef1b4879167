import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type HookAnswer, HubClient, type HubPlace } from './hub-client.ts';
import { readFrom, type StoreEvidence } from './invariants.ts';
import type { Chance } from './seeded.ts';
import {
  keyOf,
  type ShopOrder,
  shopifyBody,
  shopifyWebhook,
  type Webhook,
  woocommerceWebhook,
} from './shop-webhooks.ts';

export interface LoadOptions {
  chance: Chance;
  /** What is ordered. */
  skus: readonly string[];
  /** Requests under way at once. */
  senders?: number;
  /** Milliseconds each sender lets pass between two requests. */
  everyMs?: number;
}

/** One delivery of the shops, however often it is sent. */
interface Sending {
  webhook: Webhook;
  /** What it says; undefined for a record that is no order. */
  state?: { key: string; order: ShopOrder };
  acknowledged: boolean;
}

interface Known {
  account: Webhook['account'];
  states: ShopOrder[];
}

/** The time of the first state; each later one of the same order is a second later. */
const firstModified = Date.UTC(2026, 8, 1);
/** Answers that mean: come again. Everything else but 200 is a fault of the hub. */
const comeAgain = new Set([503]);

/**
 * Two shops that never tire: new orders, changes, cancellations, repetitions, and now and then a record that is no
 * order. What is not acknowledged is sent again, as shops do; what was is remembered, to be found in the store.
 */
export class LoadDriver {
  readonly #options: Required<LoadOptions>;
  readonly #sendings: Sending[] = [];
  readonly #known: Known[] = [];
  readonly #again: Sending[] = [];
  readonly #unexpected: string[] = [];
  readonly #answers = new Map<number, number>();
  #hub: HubClient | undefined;
  #senders: Promise<void>[] = [];
  readonly #waiting = new Set<() => void>();
  #repeats = 0;
  #cutOff = 0;

  constructor(options: LoadOptions) {
    this.#options = { senders: 8, everyMs: 10, ...options };
  }

  /** Begins to send. */
  start(place: HubPlace): void {
    const hub = new HubClient(place);
    this.#hub = hub;
    this.#senders = Array.from({ length: this.#options.senders }, () => this.#send(hub));
  }

  /** Resolves when the next webhook has been acknowledged. */
  nextAcknowledged(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  /** Sends nothing new any more, and resolves when what is under way has been answered or cut off. */
  async stop(): Promise<void> {
    this.#hub = undefined;
    await Promise.all(this.#senders);
  }

  /** Sends what was not acknowledged until it is. */
  async sendRest(place: HubPlace, withinMs = 20_000): Promise<void> {
    const hub = new HubClient(place);
    const until = Date.now() + withinMs;
    for (let next = this.#again.pop(); next; next = this.#again.pop()) {
      if (Date.now() > until) throw new Error(`${this.#again.length + 1} webhooks were never acknowledged.`);
      if (!(await this.#post(hub, next))) await pause(this.#options.everyMs);
    }
  }

  /** In numbers: what was sent and how it was answered. */
  report(): Record<string, number> {
    return {
      webhooks: this.#sendings.length,
      acknowledged: this.#sendings.filter(({ acknowledged }) => acknowledged).length,
      orders: this.#known.length,
      noOrders: this.#sendings.filter(({ state }) => !state).length,
      repeated: this.#repeats,
      cutOff: this.#cutOff,
      ...Object.fromEntries([...this.#answers].map(([status, count]) => [`answered ${status}`, count])),
    };
  }

  /**
   * What the store does not hold of what was acknowledged, or holds though nobody sent it, a line each. To be asked
   * when everything is drained.
   */
  discrepancies(evidence: StoreEvidence): string[] {
    return readFrom(evidence, (db) => {
      const inbox = db.prepare('select id, body from inbox').all() as { id: number; body: Buffer }[];
      const orders = db.prepare('select key, status, modified_at from orders').all() as OrderRow[];
      const dead = db
        .prepare(
          "select ref from deliveries where topic = 'inbox' and state = 'dead' and finished_at is null",
        )
        .all() as { ref: number }[];
      return [
        ...this.#unexpected,
        ...this.#compare(
          inbox,
          new Map(orders.map((row) => [row.key, row])),
          new Set(dead.map(({ ref }) => ref)),
        ),
      ];
    });
  }

  #compare(
    inbox: readonly { id: number; body: Buffer }[],
    orders: ReadonlyMap<string, OrderRow>,
    dead: ReadonlySet<number>,
  ): string[] {
    const wrong: string[] = [];
    const stored = new Map<string, number>();
    for (const { id, body } of inbox) {
      const hash = hashOf(body);
      if (stored.has(hash)) wrong.push(`the records ${stored.get(hash)} and ${id} are the same webhook`);
      stored.set(hash, id);
    }
    const latest = new Map<string, ShopOrder>();
    let known = 0;
    for (const { webhook, state, acknowledged } of this.#sendings) {
      const id = stored.get(hashOf(webhook.body));
      const name = `${state?.key ?? webhook.body.toString()} of ${state?.order.modifiedAt ?? '–'}`;
      if (id === undefined) {
        if (acknowledged) wrong.push(`acknowledged, but not stored: ${name}`);
        continue;
      }
      known += 1;
      if (!state) {
        if (!dead.has(id)) wrong.push(`no order, and no dead letter either: record ${id}, ${name}`);
        continue;
      }
      if (dead.has(id)) wrong.push(`an order, but a dead letter: record ${id}, ${name}`);
      if ((latest.get(state.key)?.modifiedAt ?? 0) < state.order.modifiedAt)
        latest.set(state.key, state.order);
    }
    if (known !== inbox.length) wrong.push(`${inbox.length - known} records were never sent`);
    for (const [key, { status, modifiedAt }] of latest) {
      const row = orders.get(key);
      const expected = status === 'pending' ? 'created' : status;
      if (!row) wrong.push(`no order: ${key}`);
      else if (row.status !== expected || row.modified_at !== modifiedAt) {
        const is = `${row.status} of ${row.modified_at}`;
        wrong.push(`${key} is ${is}, though the latest state stored is ${expected} of ${modifiedAt}`);
      }
    }
    for (const key of orders.keys()) if (!latest.has(key)) wrong.push(`an order nobody sent: ${key}`);
    return wrong;
  }

  async #send(hub: HubClient): Promise<void> {
    while (this.#hub === hub) {
      const next = this.#again.shift() ?? this.#next();
      if (!(await this.#post(hub, next))) this.#again.push(next);
      await pause(this.#options.everyMs);
    }
  }

  /** Whether the hub took it. */
  async #post(hub: HubClient, sending: Sending): Promise<boolean> {
    let answer: HookAnswer;
    try {
      answer = await hub.post(sending.webhook);
    } catch {
      // The process is gone, or going: nobody knows what became of it.
      this.#cutOff += 1;
      return false;
    }
    const { status, body, retryAfter } = answer;
    this.#answers.set(status, (this.#answers.get(status) ?? 0) + 1);
    if (status === 200) {
      if (body.repeated) this.#repeats += 1;
      sending.acknowledged = true;
      for (const tell of this.#waiting) tell();
      this.#waiting.clear();
      return true;
    }
    if (!comeAgain.has(status)) this.#unexpected.push(`answered ${status}: ${JSON.stringify(body)}`);
    else if (!retryAfter) this.#unexpected.push(`answered ${status} without saying when to come again`);
    return false;
  }

  #next(): Sending {
    const { chance } = this.#options;
    const kind = chance.between(1, 100);
    if (kind <= 5 && this.#sendings.length > 0) return chance.pick(this.#sendings);
    if (kind <= 8) return this.#remember(this.#noOrder());
    const open = this.#known.filter(({ states }) => states.at(-1)?.status !== 'cancelled').slice(-50);
    if (kind <= 50 && open.length > 0) return this.#remember(this.#change(chance.pick(open)));
    return this.#remember(this.#newOrder());
  }

  #remember(sending: Omit<Sending, 'acknowledged'>): Sending {
    const remembered = { ...sending, acknowledged: false };
    this.#sendings.push(remembered);
    return remembered;
  }

  #noOrder(): Omit<Sending, 'acknowledged'> {
    const id = `no-order-${this.#sendings.length}`;
    const whole = JSON.stringify({ id, line_items: [{ sku: 'X' }], financial_status: 'paid' });
    const body = this.#options.chance.happens(0.5) ? whole : whole.slice(0, -2);
    return { webhook: shopifyBody(body, 'orders/paid', id) };
  }

  #newOrder(): Omit<Sending, 'acknowledged'> {
    const { chance, skus } = this.#options;
    const account = chance.pick(['shopify', 'woocommerce'] as const);
    const order: ShopOrder = {
      id: String(9_007_199_254_750_000n + BigInt(this.#known.length)),
      status: chance.happens(0.6) ? 'paid' : 'pending',
      modifiedAt: firstModified,
      lines: Array.from({ length: chance.between(1, 3) }, () => ({
        sku: chance.pick(skus),
        quantity: chance.between(1, 3),
      })),
    };
    this.#known.push({ account, states: [order] });
    return this.#stateOf(account, order);
  }

  #change({ account, states }: Known): Omit<Sending, 'acknowledged'> {
    const { chance } = this.#options;
    const last = states.at(-1)!;
    const order: ShopOrder = {
      ...last,
      modifiedAt: last.modifiedAt + 1_000,
      note: `change ${states.length}`,
      status: chance.happens(0.25) ? 'cancelled' : chance.happens(0.7) ? 'paid' : last.status,
    };
    states.push(order);
    return this.#stateOf(account, order);
  }

  #stateOf(account: Webhook['account'], order: ShopOrder): Omit<Sending, 'acknowledged'> {
    const delivery = `${order.id}-${order.modifiedAt}`;
    return {
      webhook: account === 'shopify' ? shopifyWebhook(order, delivery) : woocommerceWebhook(order),
      state: { key: keyOf(account, order.id), order },
    };
  }
}

interface OrderRow {
  key: string;
  status: string;
  modified_at: number;
}

function hashOf(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('base64');
}
