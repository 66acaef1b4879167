import { digits } from '../../json.ts';
import type { PushProfile } from '../../pushes.ts';
import { type ShopOrder, totalOf } from '../../shop/order.ts';
import type { ShopEvent } from '../../shop/shop.ts';
import type { PlatformParts } from '../platform.ts';
import { orderStatus } from './records.ts';
import { eventSign } from './sign.ts';

const tags: Readonly<Record<ShopEvent, string>> = {
  created: '100',
  'pay-deposit': '110',
  pay: '101',
  hold: '110',
  release: '101',
  ship: '102',
  'ship-part': '108',
  complete: '103',
  cancel: '106',
  'ask-refund': '200',
  refund: '206',
  'refuse-refund': '208',
  note: '113',
};

/** Pushes of Douyin, in the two envelopes that are seen: ids as text with the data as text, and both as they are. */
export function douyinPushes({ access }: PlatformParts): PushProfile {
  const { appKey, appSecret } = access;
  return {
    make(event, order, { now, serial }) {
      const id = `${7_412_345_678_901_230_000n + BigInt(serial)}:0:${Math.floor(now / 1_000)}:${appKey}`;
      const data = contentOf(event, order);
      const message =
        serial % 2 === 0
          ? { tag: Number(tags[event]), msgId: id, data }
          : { tag: tags[event], msg_id: id, data: JSON.stringify(data) };
      const body = JSON.stringify([message]);
      return {
        headers: {
          'content-type': 'application/json',
          'app-id': appKey,
          'event-sign': eventSign(appKey, body, appSecret),
        },
        body,
      };
    },
    isTaken(status, body) {
      return status === 200 && /^\{"code":0,"msg":"success"\}$/.test(body.replaceAll(/\s/g, ''));
    },
    // The platform's own schedule is not published.
    retryMs: [50, 200, 800],
    failuresUntilOff: 200,
    timeoutMs: 5_000,
  };
}

function contentOf(event: ShopEvent, order: ShopOrder): Record<string, unknown> {
  const isRefund = event === 'ask-refund' || event === 'refund' || event === 'refuse-refund';
  const about = { p_id: digits(order.id), shop_id: 1_000_001 };
  if (!isRefund)
    return {
      ...about,
      s_ids: order.lines.map(({ id }) => digits(id)),
      order_status: orderStatus(order),
      order_type: 0,
      biz: 2,
      ...(order.times.paid !== null && {
        pay_time: Math.floor(order.times.paid / 1_000),
        pay_amount: totalOf(order),
      }),
    };
  const line = order.lines.find(({ refund }) => refund !== 'none') ?? order.lines[0]!;
  return {
    ...about,
    s_id: digits(line.id),
    aftersale_id: `1${line.id.slice(1)}`,
    aftersale_status: event === 'refund' ? 12 : 6,
    aftersale_type: 2,
    refund_amount: line.unitPrice * line.quantity - line.discount,
  };
}
