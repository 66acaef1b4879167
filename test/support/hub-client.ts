import { setTimeout as pause } from 'node:timers/promises';
import type { Webhook } from './shop-webhooks.ts';

/** Where a hub answers; a runtime embedded or in a process of its own. */
export interface HubPlace {
  url: string;
  adminUrl: string;
}

export interface HookAnswer {
  status: number;
  /** Seconds after which to come again, if the hub said so. */
  retryAfter: number | null;
  body: { ok?: boolean; repeated?: boolean; error?: string };
}

export interface OrderAnswer {
  key: string;
  channel: string;
  channelOrderId: string;
  status: string;
  refundStatus: string;
  allocation: string;
  version: number;
  modifiedAt: string;
}

export interface OrderDetails extends OrderAnswer {
  quantities: { lineId: string; sku: string; ordered: number; locked: number }[];
  events: { type: string; data: Record<string, unknown> }[];
  holds: { sku: string; quantity: number; remaining: number; state: string }[];
  versions: { outcome: string }[];
  alerts: { id: number }[];
}

export interface StockLevel {
  sku: string;
  available: number;
  held: number;
  committed: number;
  presale: number;
}

export interface DeadDelivery {
  id: number;
  topic: string;
  subscriber: string;
  attempts: number;
  lastError: { code: string; sentence: string; params: Record<string, unknown> };
}

interface Backlog {
  subscriber: string;
  ready: number;
  leased: number;
  dead: number;
}

/** Between two looks at something that is waited for, milliseconds. */
const lookMs = 25;

/** What shops, and people with the admin API, do with a hub. */
export class HubClient {
  readonly #place: HubPlace;

  constructor(place: HubPlace) {
    this.#place = place;
  }

  async post({ account, headers, body }: Webhook): Promise<HookAnswer> {
    const response = await fetch(`${this.#place.url}/order-hub/hook/${account}`, {
      method: 'POST',
      headers,
      body: new Uint8Array(body),
    });
    const retryAfter = response.headers.get('retry-after');
    return {
      status: response.status,
      retryAfter: retryAfter === null ? null : Number(retryAfter),
      body: (await response.json()) as HookAnswer['body'],
    };
  }

  /** Every order, page by page. */
  async orders(): Promise<OrderAnswer[]> {
    return this.#all('orders', 'orders');
  }

  order(key: string): Promise<OrderDetails> {
    return this.get(`orders/${key}`);
  }

  /** Every SKU's stock, by SKU. */
  async stock(): Promise<Map<string, StockLevel>> {
    const levels = await this.#all<StockLevel>('stock', 'stock');
    return new Map(levels.map((level) => [level.sku, level]));
  }

  async deadLetters(): Promise<DeadDelivery[]> {
    return this.#all('deliveries?state=dead', 'deliveries');
  }

  /** What a delivery carries, as text; for those who may see personal data. */
  async inputOf(id: number): Promise<string | null> {
    return (await this.get<{ input: string | null }>(`deliveries/${id}?personal=1`)).input;
  }

  retry(id: number): Promise<{ retriedAs: number }> {
    return this.send(`deliveries/${id}/retry`, {});
  }

  /** Retries what failed for good with a code; answers how many. */
  async retryAll(code: string): Promise<number> {
    return (await this.send<{ retried: number }>('deliveries/retry', { cap: 500, code })).retried;
  }

  /** Receives goods; the same `opKey` does it once, however often it is asked. */
  receive(lines: readonly { sku: string; quantity: number }[], opKey: string): Promise<unknown> {
    return this.send('stock/adjust', { kind: 'receive', reason: 'delivery from the supplier', lines, opKey });
  }

  /** What every subscriber still has before it. */
  async backlogs(): Promise<Backlog[]> {
    return (await this.get<{ deliveries: Backlog[] }>('health')).deliveries;
  }

  /** Resolves when the store answers. */
  ready(withinMs = 10_000): Promise<unknown> {
    return eventually('the store is open', () => this.get('health'), withinMs);
  }

  /** Resolves when no message waits or is being handled, not counting those for the subscribers named. */
  async drained(withinMs = 20_000, but: readonly string[] = []): Promise<void> {
    await eventually(
      'nothing waits any more',
      async () => {
        const busy = (await this.backlogs()).filter(
          ({ subscriber, ready, leased }) => ready + leased > 0 && !but.includes(subscriber),
        );
        if (busy.length > 0) throw new Error(`There is work left: ${JSON.stringify(busy)}`);
        return true;
      },
      withinMs,
    );
  }

  /** @throws Error with the answer when it is not 200 */
  async get<T>(path: string): Promise<T> {
    return answerOf(await fetch(`${this.#place.adminUrl}/order-hub/v1/${path}`));
  }

  /** @throws Error with the answer when it is not 200 */
  async send<T>(path: string, body: object): Promise<T> {
    return answerOf(
      await fetch(`${this.#place.adminUrl}/order-hub/v1/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    );
  }

  async #all<T>(path: string, list: string): Promise<T[]> {
    const found: T[] = [];
    const separator = path.includes('?') ? '&' : '?';
    let after = '';
    for (;;) {
      const page = await this.get<Record<string, unknown>>(`${path}${separator}limit=500${after}`);
      found.push(...(page[list] as T[]));
      if (page.next === null) return found;
      after = `&after=${encodeURIComponent(String(page.next))}`;
    }
  }
}

/**
 * Looks again and again until something is there.
 *
 * @param look answers it, or undefined; what it throws counts as not there yet
 * @throws Error that says what was waited for, and what the last look threw
 */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  withinMs = 10_000,
): Promise<T> {
  const until = Date.now() + withinMs;
  for (;;) {
    let why: unknown;
    try {
      const found = await look();
      if (found !== undefined) return found;
    } catch (error) {
      why = error;
    }
    if (Date.now() >= until) throw new Error(`Not within ${withinMs} ms: ${what}.`, { cause: why });
    await pause(lookMs);
  }
}

async function answerOf<T>(response: Response): Promise<T> {
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.url} answered ${response.status}: ${text}`);
  return JSON.parse(text) as T;
}
