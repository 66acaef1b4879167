import type { ChannelConnection } from '../../../../core/channel/connection/connection.ts';
import { type ChannelFault, throttledFault } from '../../../../core/channel/connection/fault.ts';
import type {
  BadRecord,
  ChannelRecord,
  OrderSource,
  TimeWindow,
  WindowRules,
} from '../../../../core/channel/connection/order-source.ts';

export const minute = 60_000;
export const hour = 60 * minute;

export const usualRules: WindowRules = {
  mostMs: 30 * minute,
  lagMs: 3 * minute,
  overlapMs: 5 * minute,
  reachMs: 90 * 24 * hour,
  stepMs: 1_000,
};

export interface ShopOrder {
  id: string;
  modifiedAt: number;
  state: string;
}

export interface Asked {
  what: 'changed' | 'order' | 'stamps';
  window?: TimeWindow;
  id?: string;
}

/** A shop in memory that lists its orders by the time they changed, as the better platforms do. */
export class FakeShop {
  readonly orders = new Map<string, ShopOrder>();
  readonly asked: Asked[] = [];
  rules: WindowRules = usualRules;
  pageSize = 100;
  bad: BadRecord[] = [];
  /** Thrown before a page is given, once each. */
  faults: (ChannelFault | Error | undefined)[] = [];
  /** Ids that the shop's list leaves out, as an index that lags does. */
  readonly hidden = new Set<string>();
  clockAheadMs: number | null = null;
  /** Called before each page; lets orders change while they are read. */
  beforePage: (page: number) => Promise<void> | void = () => undefined;

  put(id: string, modifiedAt: number, state = 'paid'): ShopOrder {
    const order = { id, modifiedAt, state };
    this.orders.set(id, order);
    return order;
  }

  get windows(): TimeWindow[] {
    return this.asked.flatMap(({ what, window }) => (what === 'changed' && window ? [window] : []));
  }

  connection(): ChannelConnection {
    return {
      orders: this.source(),
      check: async () => ({ shop: null, clockAheadMs: this.clockAheadMs, expiresAt: null }),
    };
  }

  source(): OrderSource {
    const shop = this;
    return {
      get window() {
        return shop.rules;
      },
      async *changed(window) {
        shop.asked.push({ what: 'changed', window });
        let after: ShopOrder | undefined;
        for (let page = 1; ; page += 1) {
          await shop.beforePage(page);
          shop.#failAsToldTo();
          const rows = shop.list(window, after, shop.pageSize, true);
          yield {
            records: rows.map(recordOf),
            bad: page === 1 ? shop.bad : [],
            page,
            pages: null,
            total: null,
          };
          after = rows.at(-1);
          if (rows.length < shop.pageSize) return;
        }
      },
      async order(id) {
        shop.asked.push({ what: 'order', id });
        shop.#failAsToldTo();
        const order = shop.orders.get(id);
        return order ? recordOf(order) : null;
      },
      async *stamps(window) {
        shop.asked.push({ what: 'stamps', window });
        shop.#failAsToldTo();
        const rows = shop.list(window, undefined, Number.POSITIVE_INFINITY, false);
        const stamps = rows.map(({ id, modifiedAt }) => ({ channelOrderId: id, modifiedAt }));
        yield { total: stamps.length, stamps };
      },
    };
  }

  /** Orders changed within a window after one of them, oldest change first. */
  list(
    { from, until }: TimeWindow,
    after: ShopOrder | undefined,
    limit: number,
    indexed: boolean,
  ): ShopOrder[] {
    return [...this.orders.values()]
      .filter(
        ({ id, modifiedAt }) => modifiedAt >= from && modifiedAt < until && !(indexed && this.hidden.has(id)),
      )
      .sort(byChange)
      .filter((order) => after === undefined || byChange(order, after) > 0)
      .slice(0, limit);
  }

  #failAsToldTo(): void {
    const fault = this.faults.shift();
    if (fault) throw fault;
  }
}

function byChange(a: ShopOrder, b: ShopOrder): number {
  return a.modifiedAt - b.modifiedAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

export function recordOf({ id, modifiedAt, state }: ShopOrder): ChannelRecord {
  return {
    channelOrderId: id,
    modifiedAt,
    body: JSON.stringify({ id, state, modified: new Date(modifiedAt).toISOString() }),
  };
}

export const throttled = (waitMs?: number): ChannelFault =>
  throttledFault({ platform: 'Fake', call: 'orders', code: '7', said: 'slow down' }, waitMs);
