import type { Order } from '../../../../../core/order/schema.ts';

/*
 * What the orders in test/samples/pdd mean, written by hand from what the platform says of its fields: Beijing time,
 * empty for no time, yuan as fen, a receiver to read in masks and to ask for by ciphertext while it is to be shipped.
 */

const masked: Order['receiver'] = {
  name: '测**',
  phone: '138****0000',
  region: '浙江省',
  city: '杭州市',
  district: '余杭区',
  address: '测试街道****',
};
const ciphers = {
  handle: 'name=~AgAAAAFAKECIPHERNAME==~0~;phone=$FAKECIPHERPHONE==$0$;address=~AgAAAAFAKECIPHERADDR==~0~',
};

const line: Order['lines'][number] = {
  lineId: '1500000000001',
  sku: 'SKU-TEA-RED-250',
  channelSkuId: '600000000001/1500000000001',
  title: '测试商品 红茶 红茶,250g',
  quantity: 2,
  unitPrice: 2990,
  refundStatus: 'none',
};

const times: Order['times'] = {
  created: { at: '2026-09-01T01:00:00.000Z', text: '2026-09-01 09:00:00' },
  paid: { at: '2026-09-01T01:00:29.000Z', text: '2026-09-01 09:00:29' },
  modified: { at: '2026-09-01T01:00:31.000Z', text: '2026-09-01 09:00:31' },
  shipBy: { at: '2026-09-03T01:00:30.000Z', text: '2026-09-03 09:00:30' },
};

const toShip: Order = {
  channel: 'pinduoduo',
  shop: 'tea',
  channelOrderId: '260901-100000000000001',
  scenario: 'normal',
  status: 'paid',
  refundStatus: 'none',
  times,
  currency: 'CNY',
  money: { total: 5180, goods: 5980, discount: 800, shipping: 0 },
  lines: [line],
  receiver: { ...masked, ...ciphers },
};

export const detail: Order = { ...toShip, buyer: { note: '请放快递柜 测试' } };

export const page: Order[] = [
  toShip,
  {
    ...toShip,
    channelOrderId: '260901-100000000000003',
    status: 'shipped',
    times: {
      ...times,
      modified: { at: '2026-09-01T01:12:01.000Z', text: '2026-09-01 09:12:01' },
      shipped: { at: '2026-09-01T01:12:00.000Z', text: '2026-09-01 09:12:00' },
    },
    lines: [{ ...line, shippedQuantity: 2 }],
    receiver: masked,
  },
  {
    // Paid back before it was shipped.
    ...toShip,
    channelOrderId: '260901-100000000000004',
    status: 'cancelled',
    refundStatus: 'full',
    times: { ...times, modified: { at: '2026-09-01T01:20:00.000Z', text: '2026-09-01 09:20:00' } },
    lines: [{ ...line, refundStatus: 'full' }],
    receiver: masked,
  },
  {
    ...toShip,
    channelOrderId: '260901-100000000000005',
    hold: { reason: 'risk_control_status=1' },
    receiver: masked,
  },
];
