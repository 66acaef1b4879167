import type { Order } from '../../order/schema.ts';

/** An order for previews and tests of alerts where no real one is at hand. */
export const sampleOrder: Order = {
  channel: 'shopify',
  shop: 'main',
  channelOrderId: '1001',
  scenario: 'normal',
  status: 'paid',
  refundStatus: 'none',
  times: {
    created: { at: '2026-09-01T02:00:00Z', text: '2026-09-01T10:00:00+08:00' },
    paid: { at: '2026-09-01T02:05:00Z', text: '2026-09-01T10:05:00+08:00' },
    shipBy: { at: '2026-09-02T10:00:00Z', text: '2026-09-02T18:00:00+08:00' },
  },
  currency: 'CNY',
  money: { total: 19_800, goods: 18_800, shipping: 1_000 },
  lines: [
    {
      lineId: '1',
      sku: 'TEA-250',
      title: '龙井茶 Longjing tea 250 g',
      quantity: 2,
      unitPrice: 6_900,
      paid: 13_800,
    },
    { lineId: '2', sku: 'CUP-01', title: '品茗杯 Tea cup', quantity: 1, unitPrice: 5_000, paid: 5_000 },
  ],
  receiver: {
    name: '张三丰',
    phone: '13800000000',
    region: '浙江省',
    city: '杭州市',
    district: '西湖区',
    address: '示例路 1 号',
  },
  buyer: { key: 'buyer-1', note: '请尽快发货' },
};
