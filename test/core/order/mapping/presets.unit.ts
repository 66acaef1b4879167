import assert from 'node:assert/strict';
import { compileMapping } from '../../../../core/order/mapping/compile.ts';
import { presets } from '../../../../core/order/mapping/presets/presets.ts';
import { shopifyMapping } from '../../../../core/order/mapping/presets/shopify.ts';
import { standardMapping } from '../../../../core/order/mapping/presets/standard.ts';
import { woocommerceMapping } from '../../../../core/order/mapping/presets/woocommerce.ts';
import type { MapContext } from '../../../../core/order/mapping/types.ts';
import { validateMapping } from '../../../../core/order/mapping/validate.ts';
import type { Order } from '../../../../core/order/schema.ts';
import { sampleBytes } from '../samples.ts';
import { map, orderOf, problemOf } from './a-mapping.ts';

const shopify: MapContext = { account: { channel: 'shopify', shop: 'tea-shop' }, inboxId: 41 };
const woo: MapContext = { account: { channel: 'woocommerce', shop: 'example', scenario: 'presale' } };

/* Written from the samples and the platforms' field lists, not from what the mapper says. */

const teaAndCup = (left: { tea: number; cup: number }): Order['lines'] => [
  {
    lineId: '14000000000001',
    sku: 'SKU-TEA-RED-250',
    channelSkuId: '40000000000001',
    title: 'Test product SKU-TEA-RED-250',
    quantity: left.tea,
    orderedQuantity: 2,
    unitPrice: 2500,
  },
  {
    lineId: '14000000000002',
    sku: 'SKU-CUP-WHITE',
    channelSkuId: '40000000000002',
    title: 'Test product SKU-CUP-WHITE',
    quantity: left.cup,
    orderedQuantity: 1,
    unitPrice: 9900,
  },
];

const shopifyPaid: Order = {
  channel: 'shopify',
  shop: 'tea-shop',
  channelOrderId: '5500000000001',
  scenario: 'normal',
  status: 'paid',
  refundStatus: 'none',
  times: {
    created: { at: '2026-09-01T01:00:00.000Z', text: '2026-09-01T09:00:00+08:00' },
    modified: { at: '2026-09-01T01:00:05.000Z', text: '2026-09-01T09:00:05+08:00' },
  },
  currency: 'CNY',
  money: { total: 15900, goods: 14900, discount: 0, shipping: 1000, tax: 0 },
  lines: teaAndCup({ tea: 2, cup: 1 }),
  receiver: {
    name: '测试 买家',
    phone: '+8613800000000',
    email: 'buyer@example.test',
    country: 'CN',
    region: 'Zhejiang',
    city: '杭州市',
    address: '测试路 1 号',
    postcode: '000000',
  },
  buyer: { key: '7000000000001', note: '请工作日配送 测试' },
  extra: { orderNumber: '#1024' },
  raw: { inboxId: 41 },
};

const shopifyCancelled: Order = {
  ...shopifyPaid,
  status: 'cancelled',
  refundStatus: 'full',
  times: {
    created: { at: '2026-09-01T01:00:00.000Z', text: '2026-09-01T09:00:00+08:00' },
    modified: { at: '2026-09-01T02:00:02.000Z', text: '2026-09-01T10:00:02+08:00' },
    cancelled: { at: '2026-09-01T02:00:00.000Z', text: '2026-09-01T10:00:00+08:00' },
  },
  lines: teaAndCup({ tea: 0, cup: 0 }),
};

const wooProcessing: Order = {
  channel: 'woocommerce',
  shop: 'example',
  channelOrderId: '727',
  scenario: 'presale',
  status: 'paid',
  refundStatus: 'none',
  times: {
    created: { at: '2017-03-22T19:28:02.000Z', text: '2017-03-22T19:28:02' },
    paid: { at: '2017-03-22T19:28:08.000Z', text: '2017-03-22T19:28:08' },
    modified: { at: '2017-03-22T19:28:08.000Z', text: '2017-03-22T19:28:08' },
  },
  currency: 'USD',
  money: { total: 2935, discount: 0, shipping: 1000, tax: 135 },
  lines: [
    {
      lineId: '315',
      sku: 'woo-93',
      channelSkuId: '93',
      title: 'Woo Single #1',
      quantity: 2,
      unitPrice: 300,
      paid: 600,
    },
    {
      lineId: '316',
      sku: 'Bar3',
      channelSkuId: '22/23',
      title: 'Ship Your Idea &ndash; Color: Black, Size: M Test',
      quantity: 1,
      unitPrice: 1200,
      paid: 1200,
    },
  ],
  receiver: {
    name: 'Test Buyer',
    phone: '000-000-0000',
    email: 'buyer@example.test',
    country: 'US',
    region: 'CA',
    city: 'Exampleville',
    address: '1 Example Street',
    postcode: '00000',
  },
  buyer: { key: 'buyer@example.test', note: 'Leave at the door (test)' },
  extra: { orderNumber: '727' },
};

const wooRefunded: Order = {
  ...wooProcessing,
  status: 'cancelled',
  refundStatus: 'full',
  times: {
    ...wooProcessing.times,
    modified: { at: '2017-03-23T12:12:40.000Z', text: '2017-03-23T12:12:40' },
  },
  money: { ...wooProcessing.money, refunded: 2935 },
};

describe('presets', () => {
  it('are all valid, answer without waiting, and carry their platform', () => {
    for (const preset of presets) {
      assert.deepEqual(validateMapping(preset), [], preset.name);
      assert.equal(compileMapping(preset).isAsync, false, preset.name);
    }
    assert.deepEqual(
      presets.map(({ platform }) => platform),
      ['taobao', 'jd', 'pinduoduo', 'douyin', 'shopify', 'shopify', 'woocommerce', 'standard-webhooks'],
    );
  });

  it('are plain JSON, so that a user can copy one into a node', () => {
    for (const preset of presets) assert.deepEqual(JSON.parse(JSON.stringify(preset)), preset);
  });
});

describe('Shopify preset', () => {
  const record = (fields: Record<string, unknown> = {}) => ({
    ...(JSON.parse(sampleBytes('shopify/webhook.orders_paid.json').toString()) as Record<string, unknown>),
    ...fields,
  });
  const mapped = (fields: Record<string, unknown>) => orderOf(map(shopifyMapping, record(fields), shopify));

  it('maps the paid order', () => {
    const bytes = sampleBytes('shopify/webhook.orders_paid.json');
    assert.deepEqual(map(shopifyMapping, bytes, shopify), {
      ok: true,
      order: shopifyPaid,
      mappingVersion: 3,
    });
  });

  it('maps the cancelled order', () => {
    const bytes = sampleBytes('shopify/webhook.orders_cancelled.json');
    assert.deepEqual(orderOf(map(shopifyMapping, bytes, shopify)), shopifyCancelled);
  });

  it('tells both axes from the fields that hold them', () => {
    const closed = '2026-09-05T09:00:00+08:00';
    const cases: [fields: Record<string, unknown>, status: Order['status'], refund: Order['refundStatus']][] =
      [
        [{ financial_status: 'pending' }, 'created', 'none'],
        [{ financial_status: 'authorized' }, 'created', 'none'],
        [{ financial_status: 'voided' }, 'created', 'none'],
        [{ financial_status: 'partially_paid', payment_terms: { id: 1 } }, 'deposit-paid', 'none'],
        [{ financial_status: 'partially_refunded' }, 'paid', 'partial'],
        [{ financial_status: 'refunded' }, 'paid', 'full'],
        [{ fulfillment_status: 'partial' }, 'part-shipped', 'none'],
        [{ fulfillment_status: 'fulfilled' }, 'shipped', 'none'],
        [{ financial_status: 'pending', fulfillment_status: 'fulfilled' }, 'shipped', 'none'],
        [{ fulfillment_status: 'fulfilled', closed_at: closed }, 'completed', 'none'],
        [
          { fulfillment_status: 'fulfilled', closed_at: closed, financial_status: 'refunded' },
          'completed',
          'full',
        ],
        [{ closed_at: closed, cancelled_at: closed, financial_status: 'voided' }, 'cancelled', 'none'],
      ];
    for (const [fields, status, refund] of cases) {
      const order = mapped(fields);
      assert.deepEqual(
        [order.status, order.refundStatus, order.hold],
        [status, refund, undefined],
        JSON.stringify(fields),
      );
    }
  });

  it('puts an order on hold that was edited up after it had been paid', () => {
    const order = mapped({ financial_status: 'partially_paid' });
    assert.deepEqual([order.status, order.hold], ['paid', { reason: 'partially_paid' }]);
  });

  it('puts an order on hold that the shop holds, while it goes on', () => {
    const held = { display_fulfillment_status: 'ON_HOLD' };
    assert.deepEqual(mapped(held).hold, { reason: 'on_hold' });
    assert.equal(mapped({ ...held, cancelled_at: '2026-09-02T09:00:00+08:00' }).hold, undefined);
  });

  it('takes an order out of the envelope of its REST answer', () => {
    assert.deepEqual(orderOf(map(shopifyMapping, { order: record() }, shopify)), shopifyPaid);
  });

  it('takes the time of shipping from the last fulfilment, once all is shipped', () => {
    const fulfillments = [
      { created_at: '2026-09-02T09:00:00+08:00' },
      { created_at: '2026-09-03T09:00:00+08:00' },
    ];
    const shipped = mapped({ fulfillment_status: 'fulfilled', fulfillments });
    assert.equal(shipped.times.shipped?.at, '2026-09-03T01:00:00.000Z');
    assert.equal(mapped({ fulfillment_status: 'partial', fulfillments }).times.shipped, undefined);
  });

  it('takes the shipped units of a line from the fulfilments that went through', () => {
    const [tea, cup] = record().line_items as { id: unknown }[];
    const parcel = (status: string, ...units: [line: { id: unknown }, quantity: number][]) => ({
      created_at: '2026-09-02T09:00:00+08:00',
      status,
      line_items: units.map(([{ id }, quantity]) => ({ id, quantity })),
    });
    const shipped = (fields: Record<string, unknown>) =>
      mapped(fields).lines.map(({ shippedQuantity }) => shippedQuantity);
    const first = parcel('success', [tea!, 1]);
    const cases: [fulfillments: unknown[], shipped: (number | undefined)[]][] = [
      [[], [undefined, undefined]],
      [[first], [1, undefined]],
      [
        [first, parcel('cancelled', [tea!, 1], [cup!, 1]), parcel('pending', [cup!, 1])],
        [1, undefined],
      ],
      [
        [first, parcel('success', [tea!, 1], [cup!, 1])],
        [2, 1],
      ],
    ];
    for (const [fulfillments, units] of cases) {
      const fields = { fulfillment_status: 'partial', fulfillments };
      assert.deepEqual(shipped(fields), units, JSON.stringify(fulfillments));
    }
    const lines = [{ ...tea, fulfillment_status: 'fulfilled' }, cup];
    assert.deepEqual(shipped({ fulfillments: undefined, line_items: lines }), [2, undefined]);
  });

  it('takes an unknown status for a problem that names it', () => {
    const problem = problemOf(map(shopifyMapping, record({ financial_status: 'in_dispute' }), shopify));
    assert.equal(problem.path, 'status');
    assert.equal(problem.code, 'map.no-case');
    assert.match(problem.sentence, /financial_status = in_dispute/);
  });

  it('does without protected customer data', () => {
    const order = mapped({ shipping_address: null, customer: null, email: null, note: null });
    assert.deepEqual([order.receiver, order.buyer], [undefined, undefined]);
  });

  it('refuses a line without SKU, naming the rule', () => {
    const lines = record().line_items as Record<string, unknown>[];
    const problem = problemOf(
      map(shopifyMapping, record({ line_items: [lines[0], { ...lines[1], sku: '' }] }), shopify),
    );
    assert.deepEqual(
      [problem.path, problem.code, problem.line, problem.rule],
      ['lines[1].sku', 'map.missing', 1, { table: 'lines', index: 1, target: 'sku' }],
    );
  });

  it('says that a deleted order is one, and that a product is none', () => {
    const deleted = problemOf(map(shopifyMapping, '{"id":5500000000001}', shopify));
    assert.equal(deleted.code, 'map.order-deleted');
    assert.match(deleted.sentence, /order 5500000000001 was deleted/);
    assert.equal(
      problemOf(map(shopifyMapping, '{"id":1,"created_at":"x"}', shopify)).code,
      'map.not-an-order',
    );
  });
});

describe('WooCommerce preset', () => {
  const record = (fields: Record<string, unknown> = {}) => ({
    ...(JSON.parse(sampleBytes('woocommerce/order.processing.json').toString()) as Record<string, unknown>),
    ...fields,
  });
  const mapped = (fields: Record<string, unknown>) => orderOf(map(woocommerceMapping, record(fields), woo));

  it('maps the order that is processed', () => {
    const bytes = sampleBytes('woocommerce/order.processing.json');
    assert.deepEqual(orderOf(map(woocommerceMapping, bytes, woo)), wooProcessing);
  });

  it('maps the updated order as PHP escapes it to the same', () => {
    const bytes = sampleBytes('woocommerce/webhook.order_updated.json');
    assert.deepEqual(orderOf(map(woocommerceMapping, bytes, woo)), wooProcessing);
  });

  it('maps the refunded order', () => {
    const bytes = sampleBytes('woocommerce/order.refunded.json');
    assert.deepEqual(orderOf(map(woocommerceMapping, bytes, woo)), wooRefunded);
  });

  it('tells both axes and holds from the one status', () => {
    const unpaid = { date_paid: null, date_paid_gmt: null };
    const done = { date_completed_gmt: '2017-03-24T10:00:00' };
    const part = { refunds: [{ id: 731, reason: '', total: '-5.00' }] };
    const cases: [Record<string, unknown>, Order['status'], Order['refundStatus'], hold?: string][] = [
      [{ status: 'pending', ...unpaid }, 'created', 'none'],
      [{ status: 'checkout-draft', ...unpaid }, 'created', 'none'],
      [{ status: 'on-hold', ...unpaid }, 'created', 'none', 'on-hold'],
      [{ status: 'on-hold' }, 'paid', 'none', 'on-hold'],
      [{ status: 'failed', ...unpaid }, 'created', 'none', 'failed'],
      [{ status: 'completed', ...done }, 'completed', 'none'],
      [{ status: 'completed', ...done, ...part }, 'completed', 'partial'],
      [{ status: 'processing', ...part }, 'paid', 'partial'],
      [{ status: 'cancelled', ...unpaid }, 'cancelled', 'none'],
      [{ status: 'refunded', ...done }, 'completed', 'full'],
    ];
    for (const [fields, status, refund, hold] of cases) {
      const order = mapped(fields);
      const told = [order.status, order.refundStatus, order.hold?.reason];
      assert.deepEqual(told, [status, refund, hold], JSON.stringify(fields));
    }
  });

  it('takes an order that was completed for shipped, all of it, and no other', () => {
    const done = { date_completed_gmt: '2017-03-24T10:00:00' };
    const shipped = (fields: Record<string, unknown>) =>
      mapped(fields).lines.map(({ shippedQuantity }) => shippedQuantity);
    assert.deepEqual(shipped({ status: 'completed', ...done }), [2, 1]);
    assert.deepEqual(shipped({ status: 'refunded', ...done }), [2, 1]);
    for (const status of ['processing', 'cancelled', 'refunded', 'on-hold'])
      assert.deepEqual(shipped({ status }), [undefined, undefined], status);
  });

  it('adds refunds up, without their sign', () => {
    const refunds = [
      { id: 1, total: '-5.00' },
      { id: 2, total: '-0.35' },
    ];
    assert.equal(mapped({ refunds }).money?.refunded, 535);
  });

  it('takes a status it does not know for a problem, never for paid', () => {
    for (const status of ['awaiting-shipment', 'trash', 'Processing']) {
      const problem = problemOf(map(woocommerceMapping, record({ status }), woo));
      assert.deepEqual([problem.path, problem.code], ['status', 'map.no-case']);
      assert.ok(problem.sentence.includes(`status = ${status}`), problem.sentence);
    }
  });

  it('leaves out a unit price with more decimals than the currency has', () => {
    const [line] = record().line_items as Record<string, unknown>[];
    const order = mapped({
      line_items: [{ ...line, price: 3.3333333333333335, total: '10.00', quantity: 3 }],
    });
    assert.deepEqual([order.lines[0]?.unitPrice, order.lines[0]?.paid], [undefined, 1000]);
  });

  it('tells products without SKU apart, and variations too', () => {
    const [line] = record().line_items as Record<string, unknown>[];
    const skus = mapped({
      line_items: [
        { ...line, id: 1 },
        { ...line, id: 2, variation_id: 94 },
        { ...line, id: 3, sku: '93' },
      ],
    }).lines.map(({ sku }) => sku);
    assert.deepEqual(skus, ['woo-93', 'woo-93-94', '93']);
    const gone = { ...line, product_id: 0 };
    assert.equal(
      problemOf(map(woocommerceMapping, record({ line_items: [gone] }), woo)).path,
      'lines[0].sku',
    );
  });

  it('sends to the billing address when there is no other', () => {
    const shipping = {
      first_name: '',
      last_name: '',
      address_1: '',
      city: '',
      postcode: '',
      country: '',
      phone: '',
    };
    assert.deepEqual(mapped({ shipping }).receiver, wooProcessing.receiver);
  });

  it('tells a guest by e-mail address and a customer by number', () => {
    assert.equal(mapped({ customer_id: 12 }).buyer?.key, '12');
  });

  it('has a code of its own for a deleted order', () => {
    const problem = problemOf(
      map(woocommerceMapping, sampleBytes('woocommerce/webhook.order_deleted.json'), woo),
    );
    assert.equal(problem.code, 'map.order-deleted');
    assert.match(problem.sentence, /728/);
    assert.equal(problemOf(map(woocommerceMapping, '{"name":"Ceylon"}', woo)).code, 'map.not-an-order');
  });

  it('cannot take the ping of a new webhook for an order', () => {
    const problem = problemOf(map(woocommerceMapping, sampleBytes('woocommerce/webhook.ping.json'), woo));
    assert.equal(problem.code, 'record.not-json');
  });
});

describe('Standard Webhooks preset', () => {
  const own: MapContext = { account: { channel: 'till', shop: 'west', zone: 'Asia/Shanghai' } };
  const body = {
    type: 'order.paid',
    timestamp: '2026-09-01T09:00:07+08:00',
    data: {
      id: 'W-1',
      status: 'paid',
      currency: 'JPY',
      total: 1200,
      created_at: '2026-09-01 09:00:00',
      paid_at: '2026-09-01T01:00:05Z',
      lines: [{ id: 1, sku: 'TEA', title: '紅茶', quantity: 2, unit_price: '600', grams: 250 }],
    },
  };

  it('maps an order in the hub’s own words', () => {
    assert.deepEqual(orderOf(map(standardMapping, body, own)), {
      channel: 'till',
      shop: 'west',
      channelOrderId: 'W-1',
      scenario: 'normal',
      status: 'paid',
      refundStatus: 'none',
      times: {
        created: { at: '2026-09-01T01:00:00.000Z', text: '2026-09-01 09:00:00' },
        paid: { at: '2026-09-01T01:00:05.000Z', text: '2026-09-01T01:00:05Z' },
        modified: { at: '2026-09-01T01:00:07.000Z', text: '2026-09-01T09:00:07+08:00' },
      },
      currency: 'JPY',
      money: { total: 1200 },
      lines: [{ lineId: '1', sku: 'TEA', title: '紅茶', quantity: 2, unitPrice: 600, weightGrams: 250 }],
    } satisfies Order);
  });

  it('knows a deleted order and what is no order', () => {
    const deleted = { type: 'order.deleted', timestamp: body.timestamp, data: { id: 'W-1' } };
    assert.equal(problemOf(map(standardMapping, deleted, own)).code, 'map.order-deleted');
    const product = { type: 'product.updated', timestamp: body.timestamp, data: { id: 'P-1' } };
    assert.equal(problemOf(map(standardMapping, product, own)).code, 'map.not-an-order');
  });
});
