import type { Order } from '../../../../../core/order/schema.ts';

/*
 * What the orders in test/samples/taobao mean, written by hand from what the platform says of its fields: 8 hours off
 * Beijing time, yuan as fen, the paid amount of a line after its share of what is off the whole trade.
 */

const receiver: Order['receiver'] = {
  name: '测**',
  phone: '*******0000',
  region: '浙江省',
  city: '杭州市',
  district: '余杭区',
  address: '测试街道 ********',
  postcode: '000000',
  handle: '1FakeOaidFakeOaidFakeOaidFakeOaidFakeOaid0001',
};

const trade = {
  channel: 'taobao',
  shop: 'tea',
  scenario: 'normal',
  refundStatus: 'none',
  currency: 'CNY',
} as const;

const created = { at: '2026-09-01T01:00:00.000Z', text: '2026-09-01 09:00:00' };

export const paidTwoLines: Order = {
  ...trade,
  channelOrderId: '4100000000000000123',
  status: 'paid',
  times: {
    created,
    paid: { at: '2026-09-01T01:00:35.000Z', text: '2026-09-01 09:00:35' },
    modified: { at: '2026-09-01T01:00:36.000Z', text: '2026-09-01 09:00:36' },
  },
  // 217.00 of goods, 9.00 off a line and 20.00 off the trade, 8.00 postage.
  money: { total: 19600, goods: 21700, discount: 2900, shipping: 800 },
  lines: [
    {
      lineId: '4100000000000000124',
      sku: 'SKU-TEA-RED-250',
      channelSkuId: '600000000001/5000000000001',
      title: '测试商品 红茶 250g',
      quantity: 2,
      orderedQuantity: 2,
      unitPrice: 5900,
      paid: 10665,
      refundStatus: 'none',
    },
    {
      lineId: '4100000000000000125',
      sku: 'SKU-CUP-WHITE',
      channelSkuId: '600000000002/5000000000002',
      title: '测试商品 马克杯',
      quantity: 1,
      orderedQuantity: 1,
      unitPrice: 9900,
      paid: 8135,
      refundStatus: 'none',
    },
  ],
  receiver,
  buyer: { key: 'AAFakeBuyerOpenUid0001', name: '测**', note: '请周末送货 <测试>' },
  sellerNote: '老客户',
};

export const presaleDepositPaid: Order = {
  ...trade,
  channelOrderId: '4100000000000000246',
  scenario: 'presale',
  status: 'deposit-paid',
  times: {
    created,
    deposit: { at: '2026-09-01T01:05:00.000Z', text: '2026-09-01 09:05:00' },
    modified: { at: '2026-09-01T01:05:00.000Z', text: '2026-09-01 09:05:00' },
  },
  money: { total: 19900, goods: 19900, discount: 0, shipping: 0 },
  lines: [
    {
      lineId: '4100000000000000246',
      sku: 'SKU-KETTLE-1L',
      channelSkuId: '600000000003/5000000000003',
      title: '测试商品 预售水壶',
      quantity: 1,
      orderedQuantity: 1,
      unitPrice: 19900,
      refundStatus: 'none',
    },
  ],
  receiver,
  buyer: { key: 'AAFakeBuyerOpenUid0001', name: '测**' },
  presale: { depositPaid: 5000, balanceDue: 14900 },
};

const line = { sku: 'SKU-TEA-RED-250', quantity: 1, orderedQuantity: 1, refundStatus: 'none' } as const;

/** A list tells less of each trade: neither receiver nor prices here. */
export const page: Order[] = [
  {
    ...trade,
    channelOrderId: '4100000000000000369',
    status: 'shipped',
    times: { created, modified: { at: '2026-09-02T04:00:01.000Z', text: '2026-09-02 12:00:01' } },
    money: { total: 15800 },
    lines: [{ ...line, lineId: '4100000000000000369', shippedQuantity: 1 }],
  },
  {
    // Closed after all of it was paid back, before it was sent.
    ...trade,
    channelOrderId: '4100000000000000492',
    status: 'cancelled',
    refundStatus: 'full',
    times: { created, modified: { at: '2026-09-02T03:58:00.000Z', text: '2026-09-02 11:58:00' } },
    money: { total: 5900 },
    lines: [{ ...line, lineId: '4100000000000000492', quantity: 0, refundStatus: 'full' }],
  },
  {
    // Never paid: nothing to pay back.
    ...trade,
    channelOrderId: '4100000000000000493',
    status: 'cancelled',
    times: { created, modified: { at: '2026-09-02T03:57:30.000Z', text: '2026-09-02 11:57:30' } },
    money: { total: 5900 },
    lines: [{ ...line, lineId: '4100000000000000493', quantity: 0 }],
  },
  {
    ...trade,
    channelOrderId: '4100000000000000494',
    status: 'paid',
    hold: { reason: 'PAID_FORBID_CONSIGN' },
    times: {
      created,
      paid: { at: '2026-09-02T03:56:58.000Z', text: '2026-09-02 11:56:58' },
      modified: { at: '2026-09-02T03:57:00.000Z', text: '2026-09-02 11:57:00' },
    },
    money: { total: 5900 },
    lines: [{ ...line, lineId: '4100000000000000494' }],
  },
  {
    ...trade,
    channelOrderId: '4100000000000000246',
    scenario: 'presale',
    status: 'deposit-paid',
    times: { created, modified: { at: '2026-09-02T03:56:00.000Z', text: '2026-09-02 11:56:00' } },
    money: { total: 19900 },
    lines: [{ ...line, lineId: '4100000000000000246' }],
    presale: { depositPaid: 5000, balanceDue: 14900 },
  },
];
