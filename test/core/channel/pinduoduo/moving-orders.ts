import { beijingText } from '../../../../core/channel/beijing-time.ts';
import type { CallRequest } from '../../../../core/channel/connection/http-call.ts';
import type { Answer } from '../answering-channel.ts';
import { formOf } from '../open-platform.ts';

export interface Order {
  orderSn: string;
  modified: number;
  state: number;
}

/** A shop whose orders change while they are listed: latest change first, half an hour at once, both ends included. */
export class MovingOrders {
  readonly orders = new Map<string, Order>();
  /** Pages in the order in which they were asked for. */
  readonly asked: { page: number; counts: boolean }[] = [];
  now: number;
  /** What happens after each page of a list. */
  meanwhile: () => void = () => {};

  constructor(now: number) {
    this.now = now;
  }

  put(orderSn: string, modified: number): void {
    this.orders.set(orderSn, { orderSn, modified, state: (this.orders.get(orderSn)?.state ?? 0) + 1 });
  }

  answer(request: CallRequest): Answer {
    const form = formOf(request);
    const from = Number(form.start_updated_at) * 1_000;
    const until = Number(form.end_updated_at) * 1_000;
    if (until - from > 30 * 60_000)
      return { body: { error_response: { error_code: 10000, error_msg: 'end_updated_at' } } };
    const listed = [...this.orders.values()]
      .filter(({ modified }) => modified >= from && modified < until + 1_000)
      .sort((a, b) => b.modified - a.modified || (a.orderSn < b.orderSn ? 1 : -1));
    const page = Number(form.page);
    const size = Number(form.page_size);
    const rows = listed.slice((page - 1) * size, page * size).map(shown);
    const counts = form.use_has_next !== 'true';
    this.asked.push({ page, counts });
    this.meanwhile();
    return {
      body: {
        order_sn_increment_get_response: {
          order_sn_list: rows,
          ...(counts ? { total_count: listed.length } : { has_next: listed.length > page * size }),
        },
      },
    };
  }
}

function shown({ orderSn, modified, state }: Order): Record<string, unknown> {
  return { order_sn: orderSn, updated_at: beijingText(modified), state, item_list: [{ sku_id: 1 }] };
}

/** The number of an order, by its place. */
export function numberOf(index: number): string {
  return `260901-${100_000_000_000_000 + index}`;
}
