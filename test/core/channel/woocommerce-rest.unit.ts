import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { ChannelConnection } from '../../../core/channel/connection/connection.ts';
import { connectWooCommerce } from '../../../core/channel/woocommerce/connection.ts';
import { signedQuery } from '../../../core/channel/woocommerce/oauth.ts';
import { type Answer, type Answering, answeringChannel, faultOf, idle } from './answering-channel.ts';

const shop = (answer: Answering, address?: string) =>
  answeringChannel(connectWooCommerce, answer, {
    credentials: { appKey: 'ck_test', appSecret: 'cs_test' },
    address,
  });

describe('requests of WooCommerce', () => {
  const vectors = JSON.parse(readFileSync(new URL('./vectors.json', import.meta.url), 'utf8')) as {
    id: string;
    inputs: unknown;
    expected: string;
  }[];

  for (const algorithm of ['HMAC-SHA256', 'HMAC-SHA1'] as const)
    it(`are signed by ${algorithm} as the vector has it`, () => {
      const vector = vectors.find(({ id }) => id === `woocommerce.oauth1.${algorithm}`);
      assert.ok(vector, 'the vector is missing');
      const {
        consumer_secret: consumerSecret,
        url,
        params,
      } = vector.inputs as {
        consumer_secret: string;
        url: string;
        params: Record<string, string>;
      };
      const rest = Object.fromEntries(Object.entries(params).filter(([name]) => !name.startsWith('oauth_')));
      const signed = signedQuery({
        method: 'GET',
        url,
        params: rest,
        consumerKey: params.oauth_consumer_key!,
        consumerSecret,
        timestamp: Number(params.oauth_timestamp),
        nonce: params.oauth_nonce!,
        algorithm,
      });
      assert.equal(signed.oauth_signature, vector.expected);
    });

  it('carry key and secret over HTTPS, and only their proof over plain HTTP', async () => {
    const encrypted = shop(() => ({ body: [] }));
    await encrypted.connection.check(idle);
    assert.match(encrypted.asked[0]!.headers!.authorization!, /^Basic /);
    const plain = shop(() => ({ body: [] }), 'http://shop.example.test');
    await plain.connection.check(idle);
    assert.doesNotMatch(JSON.stringify(plain.asked), /cs_test/);
    assert.match(plain.asked[0]!.url, /oauth_signature=/);
  });

  const error = (code: string, message: string) => ({ code, message, data: { status: 0 } });
  for (const [what, answer, kind, code] of [
    [
      'a wrong key',
      { status: 401, body: error('woocommerce_rest_authentication_error', 'Consumer key is invalid.') },
      'credentials',
      'channel.credentials-refused',
    ],
    [
      'a key without the right',
      { status: 403, body: error('woocommerce_rest_cannot_view', 'Sorry, you cannot list resources.') },
      'permission',
      'channel.permission-missing',
    ],
    [
      'a key for reading only',
      {
        status: 401,
        body: error(
          'woocommerce_rest_authentication_error',
          'The API key provided does not have write permissions.',
        ),
      },
      'permission',
      'channel.permission-missing',
    ],
    [
      'a user without the right, by 401',
      { status: 401, body: error('woocommerce_rest_cannot_view', 'Sorry, you cannot list resources.') },
      'permission',
      'channel.permission-missing',
    ],
    [
      'a clock that is off',
      { status: 401, body: error('woocommerce_rest_authentication_error', 'Invalid timestamp.') },
      'clock',
      'channel.clock-off',
    ],
    [
      'a host that has enough',
      { status: 429, body: '', headers: { 'retry-after': '7' } },
      'throttled',
      'channel.throttled',
    ],
    [
      'a server error',
      { status: 502, body: '<html><h1>Bad gateway</h1>' },
      'platform',
      'channel.platform-trouble',
    ],
    [
      'a maintenance page with status 200',
      { body: '<html>Down for maintenance' },
      'platform',
      'channel.answer-not-json',
    ],
    [
      'another address',
      { status: 404, body: error('rest_no_route', 'No route was found') },
      'caller',
      'woocommerce.not-found',
    ],
    ['an object instead of a list', { body: {} }, 'platform', 'channel.answer-unexpected'],
  ] as const)
    it(`name ${what}`, async () => {
      const { connection } = shop(() => answer);
      const fault = await faultOf(readAll(connection, 0, 1_000));
      assert.deepEqual([fault.kind, fault.code], [kind, code]);
      if (kind === 'throttled') assert.equal(fault.retryAfterMs, 7_000);
    });
});

interface ShopOrder {
  id: number;
  modified: number;
}

async function readAll(
  connection: ChannelConnection,
  from: number,
  until: number,
): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for await (const { records } of connection.orders!.changed({ from, until }, idle))
    for (const { channelOrderId, modifiedAt } of records) found.set(channelOrderId, modifiedAt!);
  return found;
}

/** Answers as the orders route does: both ends left out, by modified, pages by number. */
function orderList(orders: readonly ShopOrder[], url: URL): Answer {
  const param = (name: string): string => url.searchParams.get(name) ?? '';
  const [after, before] = [
    Date.parse(`${param('modified_after')}Z`),
    Date.parse(`${param('modified_before')}Z`),
  ];
  const rows = orders
    .filter(({ modified }) => modified > after && modified < before)
    .sort((a, b) => a.modified - b.modified || a.id - b.id);
  const size = Number(param('per_page'));
  const start = (Number(param('page')) - 1) * size;
  return {
    headers: { 'x-wp-total': String(rows.length) },
    body: rows.slice(start, start + size).map(({ id, modified }) => ({
      id,
      date_modified_gmt: new Date(modified).toISOString().slice(0, 19),
    })),
  };
}

describe('orders of WooCommerce', () => {
  const hour = 3_600_000;

  it('misses none when orders change while they are read', async () => {
    const orders = Array.from({ length: 1_050 }, (_, index) => ({
      id: index + 1,
      modified: 1_000 * (index + 10),
    }));
    let asked = 0;
    const { connection } = shop((url) => {
      const answer = orderList(orders, url);
      // After each page ten of those already read change, and leave the window for its end.
      for (let index = 0; index < 10; index += 1) orders[asked * 10 + index]!.modified = 2 * hour;
      asked += 1;
      return answer;
    });
    const found = await readAll(connection, 0, hour);
    assert.equal(found.size, 1_050);
  });

  it('reads on where more orders than a page holds changed in one second', async () => {
    const orders = Array.from({ length: 350 }, (_, index) => ({ id: index + 1, modified: 50_000 }));
    const { connection } = shop((url) => orderList(orders, url));
    assert.equal((await readAll(connection, 0, hour)).size, 350);
  });

  it('reads on behind a page that holds less than it stands for', async () => {
    const orders = Array.from({ length: 250 }, (_, index) => ({
      id: index + 1,
      modified: 1_000 * (index + 10),
    }));
    const { connection } = shop((url) => {
      const answer = orderList(orders, url);
      // An order that the shop cannot load: counted, and not in its page.
      return { ...answer, body: (answer.body as { id: number }[]).filter(({ id }) => id !== 40) };
    });
    assert.equal((await readAll(connection, 0, hour)).size, 249);
  });

  it('gives up a page that repeats for ever', async () => {
    const page = Array.from({ length: 100 }, (_, index) => ({
      id: index,
      date_modified_gmt: '1970-01-01T00:01:00',
    }));
    const { connection } = shop(() => ({ body: page }));
    assert.equal((await faultOf(readAll(connection, 0, hour))).code, 'channel.page-repeats');
  });

  it('puts a record without an id aside and goes on', async () => {
    const { connection } = shop(() => ({
      body: [{ id: 7, date_modified_gmt: '1970-01-01T00:01:00' }, { number: 8 }],
    }));
    for await (const page of connection.orders!.changed({ from: 0, until: hour }, idle)) {
      assert.deepEqual(
        page.records.map(({ channelOrderId }) => channelOrderId),
        ['7'],
      );
      assert.deepEqual(
        page.bad.map(({ at, body }) => [at, body]),
        [['[1]', '{"number":8}']],
      );
    }
  });

  it('knows an order that is not there', async () => {
    const { connection } = shop(() => ({
      status: 404,
      body: { code: 'woocommerce_rest_shop_order_invalid_id' },
    }));
    assert.equal(await connection.orders!.order('9', idle), null);
  });
});

describe('stock of WooCommerce', () => {
  it('is written product by product, and each row has its own outcome', async () => {
    const { connection, asked } = shop(() => ({
      body: {
        update: [
          { id: 11 },
          { id: 12, error: { code: 'woocommerce_rest_product_invalid_id', message: 'Invalid ID.' } },
        ],
      },
    }));
    const stock = connection.stock!;
    assert.notEqual(stock.groupOf('5/11'), stock.groupOf('6/11'));
    assert.equal(stock.groupOf('5'), stock.groupOf('6'));
    const number = { sellable: 3, version: 1, key: 'k' };
    const results = await stock.set(
      [
        { listing: '5/11', ...number },
        { listing: '5/12', ...number },
      ],
      idle,
    );
    assert.deepEqual(JSON.parse(asked[0]!.body!), {
      update: [
        { id: 11, manage_stock: true, stock_quantity: 3 },
        { id: 12, manage_stock: true, stock_quantity: 3 },
      ],
    });
    assert.deepEqual(
      results.map(({ listing, fault }) => [listing, fault?.kind]),
      [
        ['5/11', undefined],
        ['5/12', 'caller'],
      ],
    );
  });

  it('whose row failed within the shop, or is missing, is not refused', async () => {
    const error = { code: 'internal_server_error', message: 'A plugin failed.', data: { status: 500 } };
    const { connection } = shop(() => ({ body: { update: [{ id: 11, error }] } }));
    const number = { sellable: 3, version: 1, key: 'k' };
    const results = await connection.stock!.set(
      ['5/11', '5/12'].map((listing) => ({ listing, ...number })),
      idle,
    );
    assert.deepEqual(
      results.map(({ listing, fault }) => [listing, fault?.kind, fault?.retryable]),
      [['5/11', 'platform', true]],
    );
  });

  it('is told apart by its ids where the answer leaves a row out', async () => {
    const error = {
      code: 'woocommerce_rest_product_invalid_id',
      message: 'Invalid ID.',
      data: { status: 400 },
    };
    const { connection } = shop(() => ({ body: { update: [{ id: 11 }, { id: 13, error }] } }));
    const number = { sellable: 3, version: 1, key: 'k' };
    const results = await connection.stock!.set(
      ['5/11', '5/12', '5/13'].map((listing) => ({ listing, ...number })),
      idle,
    );
    assert.deepEqual(
      results.map(({ listing, fault }) => [listing, fault?.kind]),
      [
        ['5/11', undefined],
        ['5/13', 'caller'],
      ],
      'the outcome of another listing was taken for that of the one left out',
    );
  });

  it('is read back', async () => {
    const { connection } = shop((url) => {
      assert.equal(url.searchParams.get('include'), '11,12');
      return { body: [{ id: 11, stock_quantity: 3, stock_status: 'instock' }] };
    });
    const found = await connection.stock!.read!(['5/11', '5/12'], idle);
    assert.deepEqual([...found], [['5/11', { sellable: 3, open: true }]]);
  });
});

describe('a key of WooCommerce for reading only', () => {
  const readOnly: Answering = (_url, { method }) =>
    method === 'GET'
      ? { body: [] }
      : {
          status: 401,
          body: {
            code: 'woocommerce_rest_authentication_error',
            message: 'The API key provided does not have write permissions.',
          },
        };

  it('is said to lack the permission for stock', async () => {
    const { connection } = shop(readOnly);
    const number = { listing: '5', sellable: 3, version: 1, key: 'k' };
    const { kind, message } = await faultOf(connection.stock!.set([number], idle));
    assert.equal(kind, 'permission');
    assert.match(message, /does not let it do this .*write permissions/);
  });

  it('is said to lack the permission for a single row of stock', async () => {
    const error = { code: 'woocommerce_rest_cannot_edit', message: 'Sorry, you are not allowed to edit.' };
    const { connection } = shop(() => ({ body: { update: [{ id: 5, error }] } }));
    const number = { listing: '5', sellable: 3, version: 1, key: 'k' };
    const [result] = await connection.stock!.set([number], idle);
    assert.deepEqual(
      [result!.fault?.kind, result!.fault?.code],
      ['permission', 'channel.permission-missing'],
    );
  });

  it('is said to lack the permission for a parcel', async () => {
    const { connection } = shop(readOnly);
    const lines = [{ lineId: '1', quantity: 1 }];
    const parcel = { channelOrderId: '70', carrier: 'SF', tracking: 'SF1', lines, key: 'k' };
    assert.equal((await faultOf(connection.shipments!.ship(parcel, idle))).kind, 'permission');
  });
});

describe('shipments of WooCommerce', () => {
  const shipment = { channelOrderId: '70', carrier: 'SF', tracking: 'SF1', lines: null, key: 'k' };
  const noRoute = { status: 404, body: { code: 'rest_no_route', message: '' } };

  it('go through its fulfillments where the shop has them, with what is left of the order', async () => {
    const { connection, asked } = shop((url, { method }) => {
      if (method === 'POST') return { body: { fulfillment: { id: 900 } } };
      if (url.pathname.endsWith('/fulfillments'))
        return {
          body: {
            fulfillments: [{ id: 1, meta_data: [{ key: '_items', value: [{ item_id: 1, qty: 2 }] }] }],
          },
        };
      return {
        body: {
          line_items: [
            { id: 1, quantity: 3 },
            { id: 2, quantity: 1 },
          ],
        },
      };
    });
    const result = await connection.shipments!.ship(shipment, idle);
    assert.deepEqual(result, { kind: 'shipped', channelShipmentId: '900' });
    const { meta_data: meta } = JSON.parse(asked.at(-1)!.body!) as {
      meta_data: { key: string; value: unknown }[];
    };
    assert.deepEqual(meta[0]!.value, [
      { item_id: 1, qty: 1 },
      { item_id: 2, qty: 1 },
    ]);
    assert.equal(asked.at(-1)!.repeatable, false, 'a second call would make a second parcel');
  });

  it('are not told again when an answer was lost', async () => {
    const { connection, asked } = shop(() => ({
      body: [{ id: 900, meta_data: [{ key: '_tracking_number', value: 'SF1' }] }],
    }));
    assert.deepEqual(await connection.shipments!.ship({ ...shipment, lost: true }, idle), {
      kind: 'already',
      channelShipmentId: '900',
    });
    assert.equal(asked.length, 1);
  });

  /** A shop of one order with two lines, and the parcels it has. */
  const withParcels = (
    parcels: readonly { id: number; tracking?: string; items: [number, number][]; draft?: boolean }[],
    status = 'processing',
  ) =>
    shop((url, { method }) => {
      if (method === 'POST') return { body: { fulfillment: { id: 900 } } };
      if (!url.pathname.endsWith('/fulfillments'))
        return {
          body: {
            status,
            line_items: [
              { id: 1, quantity: 2 },
              { id: 2, quantity: 1 },
            ],
          },
        };
      const fulfillments = parcels.map(({ id, tracking, items, draft = false }) => ({
        id,
        status: draft ? 'unfulfilled' : 'fulfilled',
        is_fulfilled: !draft,
        meta_data: [
          { key: '_items', value: items.map(([item_id, qty]) => ({ item_id, qty })) },
          ...(tracking === undefined ? [] : [{ key: '_tracking_number', value: tracking }]),
        ],
      }));
      return { body: { fulfillments } };
    }).connection.shipments!;

  it('take the rest of an order of which a part went under the same number', async () => {
    const part = { id: 7, tracking: 'SF1', items: [[1, 2]] as [number, number][] };
    assert.equal((await withParcels([part]).ship(shipment, idle)).channelShipmentId, '900');
    const all = { id: 8, tracking: 'SF1', items: [[2, 1]] as [number, number][] };
    assert.equal((await withParcels([part, all]).ship(shipment, idle)).kind, 'already');
    const other = withParcels([
      { ...part, tracking: 'SF2' },
      { ...all, tracking: 'SF3' },
    ]);
    assert.equal((await faultOf(other.ship(shipment, idle))).code, 'woocommerce.nothing-to-ship');
  });

  it('take no draft for a parcel that left', async () => {
    const draft = { id: 7, tracking: 'SF1', items: [[1, 2]] as [number, number][], draft: true };
    assert.equal((await withParcels([draft]).ship(shipment, idle)).channelShipmentId, '900');
    const all = { ...draft, tracking: 'SF2', items: [...draft.items, [2, 1]] as [number, number][] };
    assert.equal((await withParcels([all]).ship(shipment, idle)).kind, 'shipped');
  });

  it('of a cancelled order are refused by fulfillments, too', async () => {
    const fault = await faultOf(withParcels([], 'cancelled').ship(shipment, idle));
    assert.deepEqual([fault.code, fault.params.status], ['woocommerce.not-to-ship', 'cancelled']);
  });

  it('without a tracking number are looked for only when an answer was lost, and are no other parcel', async () => {
    const there = [
      { id: 6, items: [[1, 1]] as [number, number][] },
      { id: 7, tracking: '', items: [[1, 1]] as [number, number][] },
    ];
    const lines = [{ lineId: '1', quantity: 1 }];
    const ship = (changes: object) =>
      withParcels(there).ship({ ...shipment, tracking: '', lines, ...changes }, idle);
    assert.equal((await ship({})).kind, 'shipped');
    assert.deepEqual(await ship({ lost: true, others: ['6'] }), { kind: 'already', channelShipmentId: '7' });
    assert.equal((await ship({ lost: true, others: ['6', '7'] })).kind, 'shipped');
  });

  it('without a tracking number become a note each, unless an answer was lost', async () => {
    const ship = (changes: object) =>
      shop((url, { method }) => {
        if (url.pathname.endsWith('/orders/70') && method === 'GET')
          return { body: { status: 'processing' } };
        if (!url.pathname.includes('/notes') && method === 'GET') return noRoute;
        return { body: method === 'GET' ? [{ id: 4, note: 'SF' }] : { id: 5 } };
      }).connection.shipments!.ship({ ...shipment, tracking: '', ...changes }, idle);
    assert.deepEqual(await ship({}), { kind: 'shipped', channelShipmentId: '5' });
    assert.deepEqual(await ship({ lost: true }), { kind: 'already', channelShipmentId: '4' });
    assert.equal((await ship({ lost: true, others: ['4'] })).channelShipmentId, '5');
  });

  it('become a note and a completed order where the shop has nothing else', async () => {
    const { connection, asked } = shop((url, { method }) => {
      if (url.pathname.endsWith('/orders/70') && method === 'GET') return { body: { status: 'processing' } };
      if (!url.pathname.includes('/notes') && method === 'GET') return noRoute;
      return { body: method === 'GET' ? [] : { id: 5 } };
    });
    assert.deepEqual(await connection.shipments!.ship(shipment, idle), {
      kind: 'shipped',
      channelShipmentId: '5',
    });
    assert.deepEqual(
      asked.slice(-2).map(({ body }) => JSON.parse(body!)),
      [{ note: 'SF SF1', customer_note: true }, { status: 'completed' }],
    );
  });

  it('that are half told are no fault which says that the shop has nothing', async () => {
    const { connection } = shop((url, { method }) => {
      if (method === 'PUT') return { status: 429, body: {}, headers: { 'retry-after': '7' } };
      if (url.pathname.endsWith('/orders/70')) return { body: { status: 'processing' } };
      if (!url.pathname.includes('/notes')) return noRoute;
      return { body: method === 'GET' ? [] : { id: 5 } };
    });
    const fault = await faultOf(connection.shipments!.ship({ ...shipment, tracking: '' }, idle));
    assert.deepEqual([fault.kind, fault.code, fault.retryAfterMs], ['platform', 'channel.throttled', 7_000]);
  });

  it('leave what was paid back out of the rest', async () => {
    const { connection, asked } = shop((url, { method }) => {
      if (method === 'POST') return { body: { fulfillment: { id: 900 } } };
      if (url.pathname.endsWith('/fulfillments')) return { body: { fulfillments: [] } };
      const meta_data = [{ key: '_refunded_item_id', value: '1' }];
      if (url.pathname.endsWith('/refunds')) return { body: [{ line_items: [{ quantity: -2, meta_data }] }] };
      const line_items = [
        { id: 1, quantity: 3 },
        { id: 2, quantity: 1 },
      ];
      return { body: { line_items, refunds: [{ id: 7 }] } };
    });
    await connection.shipments!.ship(shipment, idle);
    const { meta_data: meta } = JSON.parse(asked.at(-1)!.body!) as { meta_data: { value: unknown }[] };
    assert.deepEqual(meta[0]!.value, [
      { item_id: 1, qty: 1 },
      { item_id: 2, qty: 1 },
    ]);
  });

  it('take a 404 whose reason was lost for trouble, and not for a feature that is missing', async () => {
    const { connection } = shop(() => ({ status: 404, body: '{"code":"rest_no_ro' }));
    const fault = await faultOf(connection.shipments!.ship(shipment, idle));
    assert.deepEqual([fault.kind, fault.code], ['platform', 'channel.answer-truncated']);
  });

  it('do not complete an order that was cancelled meanwhile', async () => {
    const { connection, asked } = shop((url) => {
      if (url.pathname.endsWith('/orders/70')) return { body: { status: 'cancelled' } };
      return url.pathname.includes('/notes') ? { body: [] } : noRoute;
    });
    assert.equal((await faultOf(connection.shipments!.ship(shipment, idle))).code, 'woocommerce.not-to-ship');
    assert.ok(
      asked.every(({ method }) => method === 'GET'),
      'the shop was told something',
    );
  });

  it('refuse a part of an order where the shop takes whole ones only', async () => {
    const { connection } = shop((url) => (url.pathname.includes('/notes') ? { body: [] } : noRoute));
    const part = { ...shipment, lines: [{ lineId: '1', quantity: 1 }] };
    assert.equal(
      (await faultOf(connection.shipments!.ship(part, idle))).code,
      'woocommerce.whole-orders-only',
    );
  });
});
