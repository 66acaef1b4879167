import { beijingText } from '../../clock.ts';
import { digits } from '../../json.ts';
import { MessageQueue } from '../../messages.ts';
import { decimal } from '../../money.ts';
import { type ShopOrder, totalOf } from '../../shop/order.ts';
import type { ShopEvent } from '../../shop/shop.ts';
import type { Params } from '../form.ts';
import type { PlatformParts } from '../platform.ts';
import { invalid } from './errors.ts';
import { needed, numberIn } from './orders.ts';
import { trade, tradeStatus } from './records.ts';

const topics: Readonly<Record<ShopEvent, string>> = {
  created: 'taobao_trade_TradeCreate',
  'pay-deposit': 'taobao_trade_TradeBuyerStepPay',
  pay: 'taobao_trade_TradeBuyerPay',
  hold: 'taobao_trade_TradeChanged',
  release: 'taobao_trade_TradeChanged',
  ship: 'taobao_trade_TradeSellerShip',
  'ship-part': 'taobao_trade_TradePartlySellerShip',
  complete: 'taobao_trade_TradeSuccess',
  cancel: 'taobao_trade_TradeClose',
  'ask-refund': 'taobao_refund_RefundCreated',
  refund: 'taobao_refund_RefundSuccess',
  'refuse-refund': 'taobao_refund_RefundClosed',
  note: 'taobao_trade_TradeMemoModified',
};

/** Messages of Taobao's TMC, taken by asking. Not confirmed within five minutes, they come again. */
export class TaobaoMessages {
  readonly queue: MessageQueue;

  constructor(parts: PlatformParts) {
    this.queue = new MessageQueue(parts, { firstId: 7_100_000_000_000_000_000n, againMs: 5 * 60_000 });
  }

  notify(event: ShopEvent, order: ShopOrder): void {
    const topic = topics[event];
    const line = order.lines.find(({ refund }) => refund !== 'none') ?? order.lines[0]!;
    const ids = { tid: digits(order.id), oid: digits(line.id) };
    const content = topic.startsWith('taobao_refund')
      ? { refund_id: digits(`9${line.id.slice(1)}`), ...ids, modified: beijingText(order.times.modified) }
      : {
          buyer_nick: '测**',
          buyer_open_uid: trade(order).buyer_open_uid,
          payment: decimal(totalOf(order)),
          status: tradeStatus(order),
          ...ids,
          type: order.deposit === null ? 'guarantee_trade' : 'step',
        };
    this.queue.add(topic, JSON.stringify(content));
  }

  /** `taobao.tmc.messages.consume`. @throws Refusal */
  consume(params: Params): Record<string, unknown> {
    const taken = this.queue.take(numberIn(params, 'quantity', 100, 10, 200));
    const messages = taken.map(({ id, topic, content, publishedAt }) => ({
      id: digits(id),
      topic,
      pub_app_key: '12497914',
      pub_time: beijingText(publishedAt),
      user_id: 2_000_000_001,
      user_nick: '测试店铺',
      content,
    }));
    return messages.length > 0 ? { messages: { tmc_message: messages } } : {};
  }

  /** `taobao.tmc.messages.confirm`. @throws Refusal */
  confirm(params: Params): Record<string, unknown> {
    const ids = needed(params, 's_message_ids').split(',');
    if (ids.length > 200) throw invalid('s_message_ids', '最多 200 个');
    for (const id of ids) this.queue.confirm(id.trim());
    return { is_success: true };
  }

  /** `taobao.tmc.user.permit` */
  permit(): Record<string, unknown> {
    return { is_success: true };
  }

  /** `taobao.tmc.queue.get` */
  backlog(): Record<string, unknown> {
    return { datas: { tmc_queue_info: [{ name: 'default', get_message_count: this.queue.size }] } };
  }
}
