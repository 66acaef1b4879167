import assert from 'node:assert/strict';
import type { OrderPage } from '../../../core/channel/connection/order-source.ts';
import { connectShopify } from '../../../core/channel/shopify/connection.ts';
import { parseJson } from '../../../core/json.ts';
import { compileMapping } from '../../../core/order/mapping/compile.ts';
import { shopifyMapping } from '../../../core/order/mapping/presets/shopify.ts';
import { type Answer, answeringChannel, faultOf, idle } from './answering-channel.ts';

interface Question {
  query: string;
  variables: Record<string, never> & { after?: string | null; first?: number };
}

const shop = (answer: (question: Question) => Answer, settings: Record<string, unknown> = {}) =>
  answeringChannel(connectShopify, (_url, { body }) => answer(JSON.parse(body!) as Question), {
    credentials: { accessToken: 'shpat_test' },
    settings,
  });

const money = (amount: string) => ({ shopMoney: { amount, currencyCode: 'CNY' } });
const end = { hasNextPage: false, endCursor: null };

function orderNode(number: number, changes: object = {}): Record<string, unknown> {
  return {
    id: `gid://shopify/Order/${number}`,
    name: `#${number}`,
    createdAt: '2026-09-01T01:00:00Z',
    processedAt: '2026-09-01T01:00:00Z',
    updatedAt: '2026-09-01T01:00:05Z',
    cancelledAt: null,
    cancelReason: null,
    closedAt: null,
    displayFinancialStatus: 'PAID',
    displayFulfillmentStatus: 'PARTIALLY_FULFILLED',
    note: '请工作日配送 ®™ 😀 𠮷',
    email: 'buyer@example.test',
    currencyCode: 'CNY',
    test: false,
    paymentTerms: null,
    customer: { id: 'gid://shopify/Customer/77' },
    totalPriceSet: money('159.0'),
    subtotalPriceSet: money('150.0'),
    totalDiscountsSet: money('0.0'),
    totalShippingPriceSet: money('9.0'),
    totalTaxSet: money('0.0'),
    shippingAddress: null,
    fulfillments: [
      {
        id: 'gid://shopify/Fulfillment/5',
        status: 'SUCCESS',
        createdAt: '2026-09-01T02:00:00Z',
        fulfillmentLineItems: {
          nodes: [{ quantity: 1, lineItem: { id: 'gid://shopify/LineItem/9007199254740993' } }],
          pageInfo: end,
        },
      },
    ],
    lineItems: {
      nodes: [
        {
          id: 'gid://shopify/LineItem/9007199254740993',
          sku: 'SKU-TEA',
          name: '茶',
          quantity: 3,
          currentQuantity: 2,
          originalUnitPriceSet: money('25.0'),
          variant: { id: 'gid://shopify/ProductVariant/40000000000001' },
        },
      ],
      pageInfo: end,
    },
    ...changes,
  };
}

const list = (nodes: unknown[], pageInfo: object = end): Answer => ({
  body: { data: { orders: { nodes, pageInfo } } },
});

async function pages(answer: (question: Question) => Answer): Promise<OrderPage[]> {
  const { connection } = shop(answer);
  const all: OrderPage[] = [];
  for await (const page of connection.orders!.changed({ from: 0, until: 3_600_000 }, idle)) all.push(page);
  return all;
}

describe('orders of Shopify by its interface', () => {
  it('come in the shape of its webhooks, so that the same mapping reads both', async () => {
    const [page] = await pages(() => list([orderNode(5500000000001)]));
    const record = page!.records[0]!;
    assert.equal(record.channelOrderId, '5500000000001');
    assert.equal(record.modifiedAt, Date.parse('2026-09-01T01:00:05Z'));
    const account = {
      account: 'main',
      platform: 'shopify',
      channel: 'shopify',
      shop: 'main',
      currency: 'CNY',
      zone: 'UTC',
    };
    const mapped = await compileMapping(shopifyMapping).map(parseJson(record.body), { account } as never);
    assert.ok(mapped.ok, JSON.stringify(mapped));
    const { order } = mapped;
    assert.equal(order.status, 'part-shipped');
    assert.equal(order.money?.total, 15_900);
    assert.equal(order.buyer?.note, '请工作日配送 ®™ 😀 𠮷');
    const [line] = order.lines;
    assert.deepEqual(
      [line?.lineId, line?.channelSkuId, line?.quantity, line?.orderedQuantity, line?.shippedQuantity],
      ['9007199254740993', '40000000000001', 2, 3, 1],
    );
  });

  it('are read to the last page', async () => {
    const all = await pages(({ variables: { after } }) =>
      after ? list([orderNode(2)]) : list([orderNode(1)], { hasNextPage: true, endCursor: 'c1' }),
    );
    assert.deepEqual(
      all.flatMap(({ records }) => records.map(({ channelOrderId }) => channelOrderId)),
      ['1', '2'],
    );
  });

  it('are read in smaller pages when the shop finds them too costly', async () => {
    const sizes: number[] = [];
    await pages(({ variables: { first } }) => {
      sizes.push(first!);
      if (first! > 7)
        return { body: { errors: [{ message: '', extensions: { code: 'MAX_COST_EXCEEDED' } }] } };
      return list([]);
    });
    assert.deepEqual(sizes, [25, 13, 7]);
  });

  it('are read anew with all their lines where one page of lines is not enough', async () => {
    const more = { hasNextPage: true, endCursor: 'l1' };
    const line = (id: number) => ({
      ...(orderNode(1) as { lineItems: { nodes: object[] } }).lineItems.nodes[0],
      id: `gid://shopify/LineItem/${id}`,
    });
    const long = orderNode(1, { lineItems: { nodes: [line(1)], pageInfo: more } });
    const [page] = await pages(({ query, variables }) => {
      if (query.includes('query changed')) return list([long]);
      if (query.includes('query lines')) {
        assert.equal(variables.after, 'l1');
        return { body: { data: { order: { lineItems: { nodes: [line(2)], pageInfo: end } } } } };
      }
      return { body: { data: { order: long } } };
    });
    const { line_items: lines } = JSON.parse(page!.records[0]!.body) as { line_items: { id: string }[] };
    assert.deepEqual(
      lines.map(({ id }) => id),
      ['1', '2'],
    );
  });

  it('are read anew with all their parcels, each by itself, where they have many', async () => {
    const parcel = (id: number) => ({
      id: `gid://shopify/Fulfillment/${id}`,
      status: 'SUCCESS',
      createdAt: '2026-09-01T02:00:00Z',
    });
    const parcels = Array.from({ length: 30 }, (_, index) => parcel(index));
    const inside = (id: unknown, units: number) => ({ quantity: units, lineItem: { id } });
    const lines = { nodes: [], pageInfo: end };
    const [page] = await pages(({ query, variables: { id, after } }) => {
      if (query.includes('query changed'))
        return list([
          orderNode(1, {
            fulfillments: parcels.slice(0, 10).map((one) => ({ ...one, fulfillmentLineItems: lines })),
          }),
        ]);
      if (query.includes('query order')) {
        assert.doesNotMatch(query, /fulfillmentLineItems/, 'nested lists cost what both hold together');
        return { body: { data: { order: orderNode(1, { fulfillments: parcels }) } } };
      }
      const isLong = String(id).endsWith('/29');
      const nodes = [inside('gid://shopify/LineItem/9007199254740993', after ? 1 : 2)];
      const pageInfo = isLong && !after ? { hasNextPage: true, endCursor: 'f1' } : end;
      return { body: { data: { fulfillment: { fulfillmentLineItems: { nodes, pageInfo } } } } };
    });
    const { fulfillments } = JSON.parse(page!.records[0]!.body) as {
      fulfillments: { line_items: { quantity: number }[] }[];
    };
    const units = fulfillments.map(({ line_items: items }) =>
      items.reduce((sum, { quantity }) => sum + quantity, 0),
    );
    assert.deepEqual(units, [...Array.from({ length: 29 }, () => 2), 3]);
  });

  it('give up a cursor that goes back', async () => {
    const fault = await faultOf(pages(() => list([orderNode(1)], { hasNextPage: true, endCursor: 'c1' })));
    assert.equal(fault.code, 'channel.cursor-back');
  });

  it('ask the page again whose cursor led back', async () => {
    const places = [null, 'c1', 'c2'];
    let misled = 0;
    const found = await pages(({ variables: { after } }) => {
      const place = after === 'c0' ? 0 : places.indexOf(after as string | null);
      const isMisleading = place === 1 && misled === 0;
      if (isMisleading) misled += 1;
      const endCursor = isMisleading ? 'c0' : (places[place + 1] ?? null);
      return list([orderNode(place + 1)], { hasNextPage: endCursor !== null, endCursor });
    });
    assert.equal(misled, 1);
    const ids = found.flatMap(({ records }) => records.map(({ channelOrderId }) => channelOrderId));
    assert.deepEqual(
      [...new Set(ids)],
      ['1', '2', '3'],
      'what comes twice is told apart by whoever stores it',
    );
  });

  const error = (code: string) => ({ body: { errors: [{ message: 'no', extensions: { code } }] } });
  for (const [what, answer, kind] of [
    [
      'a wrong token',
      { status: 401, body: { errors: '[API] Invalid API key or access token' } },
      'credentials',
    ],
    ['a missing right', error('ACCESS_DENIED'), 'permission'],
    ['a frozen shop', { status: 402, body: {} }, 'permission'],
    ['an error of its own', error('INTERNAL_SERVER_ERROR'), 'platform'],
    ['a question it does not know', error('undefinedField'), 'caller'],
    ['an answer without data', { body: {} }, 'platform'],
  ] as const)
    it(`name ${what}`, async () => {
      assert.equal((await faultOf(pages(() => answer))).kind, kind);
    });

  it('wait until the bucket holds what the question costs', async () => {
    const cost = { requestedQueryCost: 752, throttleStatus: { currentlyAvailable: 12, restoreRate: 100 } };
    const throttled = { ...error('THROTTLED').body, extensions: { cost } };
    const fault = await faultOf(pages(() => ({ body: throttled })));
    assert.deepEqual([fault.kind, fault.retryAfterMs], ['throttled', 7_400]);
  });
});

describe('stock of Shopify', () => {
  const numbers = ['1', '2', '3'].map((listing) => ({
    listing,
    sellable: 5,
    version: 1,
    key: `k${listing}`,
  }));
  const items = ({ ids }: Record<string, unknown>): Answer => ({
    body: {
      data: {
        nodes: (ids as string[]).map((id) =>
          id.endsWith('/3')
            ? null
            : { id, inventoryItem: { id: id.replace('ProductVariant', 'InventoryItem') } },
        ),
      },
    },
  });

  it('is set at once, again without the rows that are refused, and each row has its own outcome', async () => {
    const sent: { key: string; skus: string[] }[] = [];
    const { connection } = shop(
      ({ query, variables }) => {
        if (query.includes('query variants')) return items(variables);
        const { input, key } = variables as unknown as {
          key: string;
          input: { quantities: { inventoryItemId: string; changeFromQuantity: null }[] };
        };
        assert.ok(input.quantities.every(({ changeFromQuantity }) => changeFromQuantity === null));
        sent.push({ key, skus: input.quantities.map(({ inventoryItemId }) => inventoryItemId.at(-1)!) });
        const bad = input.quantities.findIndex(({ inventoryItemId }) => inventoryItemId.endsWith('/2'));
        const userErrors =
          bad < 0
            ? []
            : [
                {
                  field: ['input', 'quantities', String(bad), 'inventoryItemId'],
                  message: 'not stocked here',
                  code: 'ITEM_NOT_STOCKED_AT_LOCATION',
                },
              ];
        return { body: { data: { inventorySetQuantities: { userErrors } } } };
      },
      { location: '9' },
    );
    const results = await connection.stock!.set(numbers, idle);
    assert.deepEqual(
      results.map(({ listing, fault }) => [listing, fault?.code]),
      [
        ['1', undefined],
        ['2', 'channel.request-refused'],
        ['3', 'shopify.variant-unknown'],
      ],
    );
    assert.deepEqual(
      sent.map(({ skus }) => skus),
      [['1', '2'], ['1']],
    );
    assert.notEqual(sent[0]!.key, sent[1]!.key, 'one key for two different changes');
  });

  it('forgets none of a batch when it has remembered enough variants', async () => {
    let refused = 0;
    const { connection } = shop(
      ({ query, variables }) => {
        if (query.includes('query variants')) return items(variables);
        return { body: { data: { inventorySetQuantities: { userErrors: [] } } } };
      },
      { location: '9' },
    );
    const set = async (from: number, count: number): Promise<void> => {
      const batch = Array.from({ length: count }, (_, index) => ({
        ...numbers[0]!,
        listing: `${(from + index) * 10}`,
      }));
      refused += (await connection.stock!.set(batch, idle)).filter(({ fault }) => fault).length;
    };
    for (let from = 1; from <= 50_000; from += 100) await set(from, 100);
    // Ninety-nine that are known, and one that is not.
    await set(49_902, 100);
    assert.equal(refused, 0);
  });

  it('asks for the location where the shop has several', async () => {
    const nodes = [
      { id: 'gid://shopify/Location/1', name: 'Store' },
      { id: 'gid://shopify/Location/2', name: 'Warehouse' },
    ];
    const { connection } = shop(() => ({ body: { data: { locations: { nodes } } } }));
    const fault = await faultOf(connection.stock!.set(numbers, idle));
    assert.match(fault.message, /2 locations: Store \(gid.*Warehouse/);
  });
});

describe('shipments of Shopify', () => {
  const shipment = { channelOrderId: '70', carrier: 'SF Express', tracking: 'SF1', lines: null, key: 'k' };
  const line = (order: string, id: string, remainingQuantity: number) => ({
    id: `${order}-${id}`,
    remainingQuantity,
    lineItem: { id: `gid://shopify/LineItem/${id}` },
  });
  const left = (id: string, lineId: string, quantity: number, status = 'OPEN', place = 'Shop') => ({
    id,
    status,
    assignedLocation: { name: place },
    lines: [line(id, lineId, quantity)],
  });
  /** A part of a list as Shopify pages it; the cursor is the place. */
  const paged = (all: readonly object[], first: number, after: unknown) => {
    const start = Number(after ?? 0);
    const nodes = all.slice(start, start + first);
    const end = start + nodes.length;
    return {
      nodes,
      pageInfo: { hasNextPage: end < all.length, endCursor: nodes.length > 0 ? `${end}` : null },
    };
  };
  interface There {
    id: string;
    number: string | null;
    lines: Readonly<Record<string, number>>;
  }

  /** A shop with fulfilment orders and parcels, which gives pages of so many of each. */
  function shipping(
    orders: { id: string; status: string; assignedLocation: { name: string } | null; lines: object[] }[],
    there: readonly There[] = [],
    page = 50,
  ) {
    const made: unknown[] = [];
    const asked: string[] = [];
    const { connection } = shop(({ query, variables }) => {
      const { id, after } = variables as { id?: string; after?: string };
      asked.push(/^\w+ (\w+)/.exec(query)![1]!);
      const shown = ({ lines, ...order }: (typeof orders)[number]) => ({
        ...order,
        lineItems: paged(lines, page, null),
      });
      const fulfillmentOrders = paged(orders.map(shown), page, after);
      if (query.includes('query toShip')) {
        const fulfillments = there.map((one) => ({
          id: `gid://shopify/Fulfillment/${one.id}`,
          status: 'SUCCESS',
          trackingInfo: one.number === null ? [] : [{ number: one.number }],
        }));
        return { body: { data: { order: { fulfillments, fulfillmentOrders } } } };
      }
      if (query.includes('query moreToShip')) return { body: { data: { order: { fulfillmentOrders } } } };
      if (query.includes('query moreLines')) {
        const lineItems = paged(orders.find((one) => one.id === id)!.lines, page, after);
        return { body: { data: { fulfillmentOrder: { lineItems } } } };
      }
      if (query.includes('query parcel')) {
        const parcel = there.find((one) => `gid://shopify/Fulfillment/${one.id}` === id)!;
        const inside = Object.entries(parcel.lines).map(([lineId, quantity]) => ({
          quantity,
          lineItem: { id: `gid://shopify/LineItem/${lineId}` },
        }));
        return { body: { data: { fulfillment: { fulfillmentLineItems: paged(inside, page, after) } } } };
      }
      made.push(
        (variables as unknown as { fulfillment: { lineItemsByFulfillmentOrder: unknown } }).fulfillment
          .lineItemsByFulfillmentOrder,
      );
      return {
        body: {
          data: { fulfillmentCreate: { fulfillment: { id: 'gid://shopify/Fulfillment/8' }, userErrors: [] } },
        },
      };
    });
    return { target: connection.shipments!, made, asked };
  }

  it('take all that is left, and share a part out over what is to be shipped', async () => {
    const whole = shipping([left('a', '1', 2), left('b', '2', 1, 'CLOSED')]);
    assert.deepEqual(await whole.target.ship(shipment, idle), { kind: 'shipped', channelShipmentId: '8' });
    assert.deepEqual(whole.made[0], [
      { fulfillmentOrderId: 'a', fulfillmentOrderLineItems: [{ id: 'a-1', quantity: 2 }] },
    ]);
    const part = shipping([left('a', '1', 2), left('b', '1', 2)]);
    await part.target.ship({ ...shipment, lines: [{ lineId: '1', quantity: 3 }] }, idle);
    assert.deepEqual(part.made[0], [
      { fulfillmentOrderId: 'a', fulfillmentOrderLineItems: [{ id: 'a-1', quantity: 2 }] },
      { fulfillmentOrderId: 'b', fulfillmentOrderLineItems: [{ id: 'b-1', quantity: 1 }] },
    ]);
  });

  it('are made of the lines of one location', async () => {
    const orders = [
      left('a', '1', 1),
      left('b', '2', 1, 'OPEN', 'Warehouse'),
      left('c', '1', 2, 'OPEN', 'Warehouse'),
    ];
    const { target, made } = shipping(orders);
    const fault = await faultOf(target.ship(shipment, idle));
    assert.equal(fault.code, 'shopify.several-locations');
    assert.match(fault.message, /\(Shop: 1 × 1; Warehouse: 2 × 1, 1 × 2\)/);
    assert.deepEqual(made, []);
    const lines = [
      { lineId: '1', quantity: 2 },
      { lineId: '2', quantity: 1 },
    ];
    await target.ship({ ...shipment, lines }, idle);
    assert.deepEqual(made, [
      [
        { fulfillmentOrderId: 'b', fulfillmentOrderLineItems: [{ id: 'b-2', quantity: 1 }] },
        { fulfillmentOrderId: 'c', fulfillmentOrderLineItems: [{ id: 'c-1', quantity: 2 }] },
      ],
    ]);
    const too = [{ lineId: '1', quantity: 3 }];
    assert.equal(
      (await faultOf(target.ship({ ...shipment, lines: too }, idle))).code,
      'shopify.several-locations',
    );
    const many = [{ lineId: '1', quantity: 4 }];
    assert.equal(
      (await faultOf(target.ship({ ...shipment, lines: many }, idle))).code,
      'shopify.nothing-to-ship',
    );
  });

  it('find what is to be shipped behind the first page, of orders and of lines', async () => {
    const orders = Array.from({ length: 5 }, (_, order) => ({
      id: `o${order}`,
      status: 'OPEN',
      assignedLocation: null,
      lines: Array.from({ length: 5 }, (_line, index) => line(`o${order}`, `${order}${index}`, 1)),
    }));
    const { target, made } = shipping(orders, [], 2);
    await target.ship(shipment, idle);
    const parts = made[0] as { fulfillmentOrderLineItems: object[] }[];
    assert.deepEqual(
      parts.map(({ fulfillmentOrderLineItems: items }) => items.length),
      [5, 5, 5, 5, 5],
    );
  });

  it('give up a list without end', async () => {
    const { connection } = shop(() => ({
      body: {
        data: {
          order: {
            fulfillments: [],
            fulfillmentOrders: { nodes: [], pageInfo: { hasNextPage: true, endCursor: 'same' } },
          },
        },
      },
    }));
    assert.equal((await faultOf(connection.shipments!.ship(shipment, idle))).code, 'channel.cursor-back');
  });

  it('are not told again when an answer was lost, or a person told them', async () => {
    const there = { id: '8', number: 'SF1', lines: { 1: 2 } };
    for (const [orders, changes] of [
      [[left('a', '1', 2)], { lost: true }],
      [[left('a', '1', 0)], {}],
      [[left('a', '1', 2)], { lines: [{ lineId: '1', quantity: 2 }] }],
    ] as const) {
      const { target, made } = shipping([...orders], [there]);
      const result = await target.ship({ ...shipment, ...changes }, idle);
      assert.deepEqual(result, { kind: 'already', channelShipmentId: '8' });
      assert.deepEqual(made, []);
    }
  });

  it('compare all lines of a parcel that may be this one', async () => {
    const lines = Object.fromEntries(Array.from({ length: 5 }, (_, index) => [String(index), 1]));
    const there = { id: '8', number: 'SF1', lines };
    const inside = Object.keys(lines).map((lineId) => ({ lineId, quantity: 1 }));
    const { target } = shipping([left('a', '9', 1)], [there], 2);
    assert.equal((await target.ship({ ...shipment, lines: inside.reverse() }, idle)).kind, 'already');
  });

  it('are told where another part went under the same number', async () => {
    const there = { id: '8', number: 'SF1', lines: { 1: 2 } };
    const part = shipping([left('a', '2', 1)], [there]);
    const lines = [{ lineId: '2', quantity: 1 }];
    assert.equal((await part.target.ship({ ...shipment, lines }, idle)).kind, 'shipped');
    const rest = shipping([left('a', '2', 1)], [there]);
    assert.equal((await rest.target.ship(shipment, idle)).kind, 'shipped');
  });

  it('without a tracking number are looked for only when an answer was lost, and are no other parcel', async () => {
    const lines = [{ lineId: '1', quantity: 1 }];
    const there = [
      { id: '6', number: null, lines: { 1: 1 } },
      { id: '7', number: '', lines: { 1: 1 } },
    ];
    const ship = (changes: object) =>
      shipping([left('a', '1', 1)], there).target.ship(
        { ...shipment, tracking: '', lines, ...changes },
        idle,
      );
    assert.equal((await ship({})).kind, 'shipped');
    const found = await ship({ lost: true, others: ['6'] });
    assert.deepEqual(found, { kind: 'already', channelShipmentId: '7' });
    assert.equal((await ship({ lost: true, others: ['6', '7'] })).kind, 'shipped');
  });

  it('explain what is not there to be shipped', async () => {
    const { target } = shipping([left('a', '1', 2, 'ON_HOLD')]);
    assert.match((await faultOf(target.ship(shipment, idle))).message, /on hold at Shopify/);
  });
});
