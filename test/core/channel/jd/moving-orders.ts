import { beijingText, beijingTime } from '../../../../core/channel/beijing-time.ts';
import type { CallRequest } from '../../../../core/channel/connection/http-call.ts';
import type { Answer } from '../answering-channel.ts';
import { formOf } from '../open-platform.ts';

export interface Order {
  orderId: string;
  modified: number;
  state: number;
}

/** A shop whose orders change while they are listed: oldest change first, and nothing behind the hundredth page. */
export class MovingOrders {
  readonly orders = new Map<string, Order>();
  readonly asked: { page: number; from: string }[] = [];
  now: number;
  meanwhile: () => void = () => {};

  constructor(now: number) {
    this.now = now;
  }

  put(orderId: string, modified: number): void {
    this.orders.set(orderId, { orderId, modified, state: (this.orders.get(orderId)?.state ?? 0) + 1 });
  }

  answer(request: CallRequest): Answer {
    const asked = JSON.parse(formOf(request)['360buy_param_json']!) as Record<string, string>;
    const from = beijingTime(asked.start_date)!;
    const until = beijingTime(asked.end_date)!;
    const page = Number(asked.page);
    const size = Number(asked.page_size);
    const listed = [...this.orders.values()]
      // The beginning left out: the less friendly of the two ways.
      .filter(({ modified }) => modified > from && modified < until)
      .sort((a, b) => a.modified - b.modified || (a.orderId < b.orderId ? -1 : 1));
    this.asked.push({ page, from: asked.start_date! });
    const rows = page > 100 ? [] : listed.slice((page - 1) * size, page * size);
    const orderInfoList = rows.map((order) => ({ ...order, modified: beijingText(order.modified) }));
    this.meanwhile();
    return {
      body: {
        jingdong_pop_order_enSearch_responce: {
          code: '0',
          searchorderinfo_result: {
            apiResult: { success: 'true', chineseErrCode: '成功' },
            orderTotal: String(listed.length),
            orderInfoList,
          },
        },
      },
    };
  }
}
