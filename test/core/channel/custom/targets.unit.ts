import assert from 'node:assert/strict';
import { connectCustom } from '../../../../core/channel/custom/connection.ts';
import { type Answering, answeringChannel, faultOf, idle } from '../answering-channel.ts';

function open(rules: object, answer: Answering) {
  const custom = JSON.stringify({ title: 'Own shop', authentication: { kind: 'none' }, ...rules });
  return answeringChannel(connectCustom, answer, { settings: { custom } });
}

const number = (listing: string, sellable: number) => ({
  listing,
  sellable,
  version: 3,
  key: `k-${listing}`,
});
const bodyOf = (request: { body?: string }): unknown => JSON.parse(request.body!);

describe('the stock of a custom channel', () => {
  const single = {
    stock: {
      request: {
        method: 'POST',
        path: '/items/{listing.1}/levels/{listing.2}',
        headers: { 'idempotency-key': '{key}' },
        body: { quantity: '{quantity}', note: 'v{version}', text: '{quantity:text}' },
      },
      read: {
        request: { path: '/items/{listing.1}', query: { at: '{listing.2}' } },
        quantity: 'levels[0].quantity',
      },
    },
  };

  it('is written one by one, numbers as numbers and parts of the listing apart', async () => {
    const { connection, asked } = open(single, () => ({ body: {} }));
    assert.equal(connection.stock!.most, 1);
    assert.deepEqual(await connection.stock!.set([number('a b/2', 7)], idle), [{ listing: 'a b/2' }]);
    assert.match(asked[0]!.url, /\/items\/a%20b\/levels\/2$/);
    assert.equal(asked[0]!.headers!['idempotency-key'], 'k-a b/2');
    assert.deepEqual(bodyOf(asked[0]!), { quantity: 7, note: 'v3', text: '7' });
    assert.equal(asked[0]!.repeatable, true, 'the key says that it is the same');
  });

  it('is not written twice in a call where no key goes along', async () => {
    const { request, ...rest } = single.stock;
    const { connection, asked } = open({ stock: { ...rest, request: { ...request, headers: {} } } }, () => ({
      body: {},
    }));
    await connection.stock!.set([number('a/1', 7)], idle);
    assert.equal(asked[0]!.repeatable, false);
  });

  it('tells of the one listing that a channel refuses, and of trouble as a whole', async () => {
    let status = 422;
    const { connection } = open(single, () => ({ status, body: {} }));
    const [result] = await connection.stock!.set([number('a/1', 7)], idle);
    assert.equal(result!.fault?.kind, 'caller');
    status = 503;
    const fault = await faultOf(connection.stock!.set([number('a/1', 7)], idle));
    assert.equal(fault.kind, 'platform');
  });

  it('is taken off sale and put on sale again, listing by listing, where the channel has requests for it', async () => {
    const sale = {
      close: { method: 'POST', path: '/items/{listing.1}/hide' },
      open: { method: 'PUT', path: '/items/{listing.1}', body: { shown: true, variant: '{listing.2}' } },
    };
    const { connection, asked } = open({ stock: { ...single.stock, sale } }, () => ({ body: {} }));
    const target = connection.stock!.sale!;
    assert.equal(target.unitOf('a/1'), 'a/1');
    await target.set('a/1', false, idle);
    await target.set('a/1', true, idle);
    assert.match(asked[0]!.url, /\/items\/a\/hide$/);
    assert.equal(asked[0]!.method, 'POST');
    assert.deepEqual(bodyOf(asked[1]!), { shown: true, variant: '1' });
    assert.ok(
      asked.every(({ repeatable }) => !repeatable),
      'the first of two attempts may get through after the opposite was said',
    );
  });

  it('refuses a request for the sale that names what a sale does not have', () => {
    const sale = { close: { path: '/hide/{quantity}' }, open: { path: '/show/{listing}' } };
    assert.throws(() => open({ stock: { ...single.stock, sale } }, () => ({ body: {} })), {
      code: 'custom.placeholder',
    });
    const { connection } = open(single, () => ({ body: {} }));
    assert.equal(connection.stock!.sale, null, 'closes without a request for it');
  });

  it('is read back; a listing the channel does not know is absent', async () => {
    const { connection } = open(single, (url) =>
      url.pathname === '/items/a' && url.searchParams.get('at') === '1'
        ? { body: { levels: [{ quantity: '12' }] } }
        : { status: 404, body: {} },
    );
    const found = await connection.stock!.read!(['a/1', 'b/1'], idle);
    assert.deepEqual([...found], [['a/1', { sellable: 12, open: null }]]);
  });

  const batch = {
    stock: {
      request: { method: 'PUT', path: '/stock', body: { updates: '{items}' } },
      most: 50,
      item: { sku: '{listing}', qty: '{quantity}' },
      results: { list: 'results', success: { path: 'ok', equals: ['true'] }, message: 'why' },
    },
  };

  it('is written in batches, each listing with its own outcome', async () => {
    const { connection, asked } = open(batch, () => ({
      body: { results: [{ ok: true }, { ok: false, why: 'unknown sku' }] },
    }));
    const results = await connection.stock!.set([number('a', 1), number('b', 0)], idle);
    assert.deepEqual(bodyOf(asked[0]!), {
      updates: [
        { sku: 'a', qty: 1 },
        { sku: 'b', qty: 0 },
      ],
    });
    assert.equal(results[0]!.fault, undefined);
    assert.match(results[1]!.fault!.message, /unknown sku/);
  });

  it('knows the codes of a single listing by what the configuration says of codes', async () => {
    const results = { list: 'results', success: { path: 'code', equals: ['OK'] } };
    const outcome = { throttled: ['SLOW'], platform: ['BUSY'] };
    const { connection } = open({ stock: { ...batch.stock, results }, outcome }, () => ({
      body: { results: ['BUSY', 'SLOW', 'NONE'].map((code) => ({ code })) },
    }));
    const told = await connection.stock!.set([number('a', 1), number('b', 0), number('c', 0)], idle);
    assert.deepEqual(
      told.map(({ fault }) => fault?.kind),
      ['platform', 'throttled', 'caller'],
    );
  });

  it('names an answer with fewer outcomes than listings', async () => {
    const { connection } = open(batch, () => ({ body: { results: [] } }));
    const fault = await faultOf(connection.stock!.set([number('a', 1), number('b', 0)], idle));
    assert.equal(fault.code, 'channel.answer-unexpected');
  });
});

describe('the shipments of a custom channel', () => {
  const parcel = { channelOrderId: '7', carrier: 'DHL', tracking: 'T 1', lines: null, key: 'ship-1' };
  const lines = [{ lineId: 'l1', quantity: 2 }];
  const whole = {
    shipments: {
      request: {
        method: 'POST',
        path: '/orders/{order}/ship',
        body: { carrier: '{carrier}', number: '{tracking}' },
      },
      id: 'shipment.id',
      already: ['409', 'SHIPPED'],
    },
    outcome: { code: 'code' },
  };

  it('are told whole, once, with the id the channel gives', async () => {
    const { connection, asked } = open(whole, () => ({ body: { shipment: { id: 12 } } }));
    assert.deepEqual(await connection.shipments!.ship(parcel, idle), {
      kind: 'shipped',
      channelShipmentId: '12',
    });
    assert.deepEqual(bodyOf(asked[0]!), { carrier: 'DHL', number: 'T 1' });
    assert.equal(asked[0]!.repeatable, false);
    const fault = await faultOf(connection.shipments!.ship({ ...parcel, lines }, idle));
    assert.equal(fault.code, 'custom.whole-orders-only');
  });

  for (const [what, answer] of [
    ['a status', { status: 409, body: {} }],
    ['a code', { status: 400, body: { code: 'SHIPPED' } }],
  ] as const)
    it(`are known to be there already by ${what}`, async () => {
      const { connection } = open(whole, () => answer);
      assert.equal((await connection.shipments!.ship(parcel, idle)).kind, 'already');
    });

  it('whose answer was lost are left to a person where the channel knows none again', async () => {
    const { request, id } = whole.shipments;
    const { connection, asked } = open({ shipments: { request, id } }, () => ({ body: {} }));
    const fault = await faultOf(connection.shipments!.ship({ ...parcel, lost: true }, idle));
    assert.deepEqual([fault.kind, fault.code], ['caller', 'channel.outcome-unknown']);
    assert.match(
      fault.message,
      /parcel T 1 of the order 7 was lost.*send the message again with payload.again/,
    );
    assert.equal(asked.length, 0);
    const knows = open(whole, () => ({ status: 409, body: {} })).connection;
    assert.equal((await knows.shipments!.ship({ ...parcel, lost: true }, idle)).kind, 'already');
  });

  it('are told in parts, and may be repeated where the key goes along', async () => {
    const { connection, asked } = open(
      {
        shipments: {
          request: {
            method: 'POST',
            path: '/ship',
            body: { order: '{order}', key: '{key}', tracking: '{tracking}', items: '{items}' },
          },
          partial: 'quantities',
          item: { line: '{line}', quantity: '{quantity}' },
        },
      },
      () => ({ status: 204, body: '' }),
    );
    await connection.shipments!.ship({ ...parcel, lines }, idle);
    await connection.shipments!.ship(parcel, idle);
    assert.deepEqual(bodyOf(asked[0]!), {
      order: '7',
      key: 'ship-1',
      tracking: 'T 1',
      items: [{ line: 'l1', quantity: 2 }],
    });
    assert.equal('items' in (bodyOf(asked[1]!) as object), false);
    assert.equal(asked[0]!.repeatable, true);
  });
});
