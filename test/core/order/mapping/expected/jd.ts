import type { Order } from '../../../../../core/order/schema.ts';

/*
 * What the orders in test/samples/jd mean, written by hand from what the platform says of its fields: Beijing time,
 * year 1 for no time, yuan as fen, an encrypted receiver of whom province, city and county are plain.
 */

const order: Omit<Order, 'channelOrderId' | 'status' | 'lines' | 'times'> = {
  channel: 'jd',
  shop: 'tea',
  scenario: 'normal',
  refundStatus: 'none',
  currency: 'CNY',
  receiver: {
    region: '浙江',
    city: '杭州市',
    district: '余杭区',
    handle: 'name=ENC_FAKE_NAME==;phone=ENC_FAKE_MOBILE==;address=ENC_FAKE_ADDRESS==',
  },
};
const buyer = { key: 'AAFakeOpenIdBuyer0001' };

const created = { at: '2026-09-01T01:00:00.000Z', text: '2026-09-01 09:00:00' };
const paid = { at: '2026-09-01T01:00:40.000Z', text: '2026-09-01 09:00:40' };

const tea: Order['lines'][number] = {
  lineId: '100000000001',
  sku: 'SKU-TEA-RED-250',
  channelSkuId: '100000000001',
  title: '测试商品 红茶 250g',
  quantity: 1,
  unitPrice: 12900,
};
const cups: Order['lines'][number] = {
  lineId: '100000000002',
  sku: 'SKU-CUP-WHITE',
  channelSkuId: '100000000002',
  title: '测试商品 马克杯 白色',
  quantity: 2,
  unitPrice: 3990,
};

export const toShip: Order = {
  ...order,
  channelOrderId: '300000000001',
  status: 'paid',
  times: { created, paid, modified: { at: '2026-09-01T01:00:45.000Z', text: '2026-09-01 09:00:45' } },
  money: { total: 19880, goods: 20880, discount: 1000, shipping: 0 },
  lines: [tea, cups],
  buyer: { ...buyer, note: '请送到前台 测试' },
};

export const page: Order[] = [
  toShip,
  {
    ...order,
    channelOrderId: '300000000002',
    status: 'shipped',
    times: { created, paid, modified: { at: '2026-09-01T01:10:00.000Z', text: '2026-09-01 09:10:00' } },
    money: { total: 7980, goods: 7980, discount: 0, shipping: 0 },
    lines: [{ ...cups, shippedQuantity: 2 }],
    buyer,
  },
  {
    ...order,
    channelOrderId: '300000000003',
    status: 'cancelled',
    times: {
      created,
      paid,
      modified: { at: '2026-09-01T01:20:00.000Z', text: '2026-09-01 09:20:00' },
      cancelled: { at: '2026-09-01T01:20:00.000Z', text: '2026-09-01 09:20:00' },
    },
    money: { total: 7980, goods: 7980, discount: 0, shipping: 0 },
    lines: [cups],
    buyer,
  },
];
