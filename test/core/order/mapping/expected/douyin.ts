import type { Order } from '../../../../../core/order/schema.ts';

/*
 * What the orders in test/samples/douyin mean, written by hand from what the platform says of its fields: seconds, of
 * which 1788224400 is 2026-09-01 09:00 in Beijing and 0 is none; fen as they are; numbers of products beyond 2^53.
 */

const receiver: Order['receiver'] = {
  name: '测*',
  phone: '138****0000',
  region: '浙江省',
  city: '杭州市',
  district: '余杭区',
  address: '测试街道 测试路**号',
  handle: 'name=##FAKE_CIPHER_NAME##;phone=##FAKE_CIPHER_TEL##;address=##FAKE_CIPHER_DETAIL##',
};

const tea: Order['lines'][number] = {
  lineId: '4800000000000000102',
  sku: 'SKU-TEA-RED-250',
  channelSkuId: '3500000000000000101/1750000000000001',
  title: '测试商品 红茶 250g',
  quantity: 1,
  orderedQuantity: 1,
  unitPrice: 5900,
  paid: 5400,
  refundStatus: 'none',
};

export const paidTwoLines: Order = {
  channel: 'douyin',
  shop: 'tea',
  channelOrderId: '4800000000000000101',
  scenario: 'normal',
  status: 'paid',
  refundStatus: 'none',
  times: {
    created: { at: '2026-09-01T01:00:00.000Z', text: '1788224400' },
    paid: { at: '2026-09-01T01:00:35.000Z', text: '1788224435' },
    modified: { at: '2026-09-01T01:00:36.000Z', text: '1788224436' },
    shipBy: { at: '2026-09-03T01:00:35.000Z', text: '1788397235' },
  },
  currency: 'CNY',
  money: { total: 10880, goods: 11880, discount: 1000, shipping: 0 },
  lines: [
    tea,
    {
      lineId: '4800000000000000103',
      sku: 'SKU-CUP-WHITE',
      channelSkuId: '3500000000000000202/1750000000000002',
      title: '测试商品 马克杯',
      quantity: 2,
      orderedQuantity: 2,
      unitPrice: 2990,
      paid: 5480,
      refundStatus: 'none',
    },
  ],
  receiver,
  buyer: { key: '#FAKE_OPEN_ID#', note: '请尽快发货 测试' },
  sellerNote: '老客户',
};

const { sellerNote: _none, ...plain } = paidTwoLines;
const oneTea: Order = {
  ...plain,
  money: { total: 5900, goods: 5900, discount: 0, shipping: 0 },
  buyer: { key: '#FAKE_OPEN_ID#' },
};

export const page: Order[] = [
  paidTwoLines,
  {
    ...oneTea,
    channelOrderId: '4800000000000000111',
    status: 'shipped',
    times: {
      ...oneTea.times,
      modified: { at: '2026-09-01T02:33:21.000Z', text: '1788230001' },
      shipped: { at: '2026-09-01T02:33:20.000Z', text: '1788230000' },
    },
    lines: [{ ...tea, lineId: '4800000000000000112', paid: 5900, shippedQuantity: 1 }],
  },
  {
    // Paid back before it was shipped.
    ...oneTea,
    channelOrderId: '4800000000000000121',
    status: 'cancelled',
    refundStatus: 'full',
    times: { ...oneTea.times, modified: { at: '2026-09-01T02:50:00.000Z', text: '1788231000' } },
    lines: [{ ...tea, lineId: '4800000000000000122', quantity: 0, paid: 5900, refundStatus: 'full' }],
  },
];
