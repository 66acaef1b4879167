import assert from 'node:assert/strict';
import type { OrderPage, OrderSource } from '../../../../core/channel/connection/order-source.ts';
import { connectCustom } from '../../../../core/channel/custom/connection.ts';
import { type Answering, answeringChannel, faultOf, idle } from '../answering-channel.ts';
import { configWith, idsOf, nothing, ordersIn, pagings, span } from './paged-shop.ts';

function open(orders: Record<string, unknown>, answer: Answering, rest: Record<string, unknown> = {}) {
  return answeringChannel(connectCustom, answer, { settings: { custom: configWith(orders, rest) } });
}

const ordersOf = (kind: string) => pagings[kind]!.orders;
const rows = ordersIn(10);

describe('the orders of a custom channel', () => {
  const outcome = {
    success: { path: 'code', equals: ['0'] },
    code: 'code',
    message: 'message',
    credentials: ['1001'],
    permission: ['1002'],
    throttled: ['1003'],
    platform: ['1004'],
  };
  for (const [what, answer, kind, code] of [
    ['status 401', { status: 401, body: '' }, 'credentials', 'channel.credentials-refused'],
    ['status 403', { status: 403, body: '' }, 'permission', 'channel.permission-missing'],
    ['status 404', { status: 404, body: {} }, 'caller', 'channel.request-refused'],
    ['status 502', { status: 502, body: '<html>Bad gateway' }, 'platform', 'channel.platform-trouble'],
    ['a login page with status 200', { body: '<html>Sign in' }, 'platform', 'channel.answer-not-json'],
    ['JSON that breaks off', { body: '{"orders": [{"id"' }, 'platform', 'channel.answer-truncated'],
    ['no list', { body: { code: 0 } }, 'platform', 'channel.answer-unexpected'],
    ['no body', { status: 204, body: '' }, 'caller', 'channel.request-refused'],
    ['a code of the credentials', { body: { code: 1001 } }, 'credentials', 'channel.credentials-refused'],
    ['a code of the permission', { body: { code: 1002 } }, 'permission', 'channel.permission-missing'],
    ['a code of the limit', { body: { code: '1003' } }, 'throttled', 'channel.throttled'],
    ['a code of trouble', { body: { code: 1004 } }, 'platform', 'channel.platform-trouble'],
    ['any other code', { body: { code: 7, message: 'no such shop' } }, 'caller', 'channel.request-refused'],
  ] as const)
    it(`name ${what}`, async () => {
      const { connection } = open(ordersOf('no pages'), () => answer, { outcome });
      const fault = await faultOf(idsOf(connection.orders!));
      assert.deepEqual([fault.kind, fault.code], [kind, code]);
      if (code === 'channel.request-refused' && what === 'any other code')
        assert.match(fault.message, /Own shop refused.*7: no such shop/);
    });

  it('tell how far the clock of the channel is ahead, when it says its time', async () => {
    const ahead = async (headers: Record<string, string>) => {
      const { connection } = open(ordersOf('no pages'), () => ({ body: { orders: rows }, headers }));
      return (await connection.check(idle)).clockAheadMs;
    };
    assert.equal(await ahead({ date: 'Tue, 01 Sep 2026 08:10:00 GMT' }), 600_000);
    assert.equal(await ahead({}), null);
  });

  it('wait as long as the channel names', async () => {
    const { connection } = open(ordersOf('no pages'), () => ({
      status: 429,
      body: '',
      headers: { 'retry-after': '9' },
    }));
    const fault = await faultOf(idsOf(connection.orders!));
    assert.deepEqual([fault.kind, fault.retryAfterMs], ['throttled', 9_000]);
  });

  it('name an error of GraphQL, which comes with status 200', async () => {
    const { connection } = open(
      ordersOf('GraphQL'),
      () => ({ body: { errors: [{ message: 'too much', extensions: { code: 'THROTTLED' } }] } }),
      { outcome: { throttled: ['THROTTLED'] } },
    );
    const fault = await faultOf(idsOf(connection.orders!));
    assert.equal(fault.kind, 'throttled');
    assert.match(fault.message, /too much/);
  });

  for (const [kind, answer] of [
    ['numbered pages', () => ({ body: { orders: rows } })],
    ['numbered pages that are counted', () => ({ body: { orders: rows, count: 25 } })],
    ['numbered pages sorted by change', () => ({ body: { orders: rows } })],
    ['an offset', () => ({ body: { orders: rows }, headers: { 'x-total-count': '25' } })],
    [
      'a cursor',
      (url) => ({ body: { orders: rows, next: `${Number(url.searchParams.get('after') ?? 0) + 1}` } }),
    ],
  ] as [string, Answering][])
    it(`end at a page that repeats for ever, with ${kind}`, async () => {
      const { connection } = open(ordersOf(kind), answer);
      assert.equal((await faultOf(idsOf(connection.orders!))).code, 'channel.page-repeats');
    });

  it('end at cursors that lead to empty pages for ever', async () => {
    let count = 0;
    const { connection } = open(ordersOf('a cursor'), () => {
      count += 1;
      return { body: { orders: [], next: `${count}` } };
    });
    assert.equal((await faultOf(idsOf(connection.orders!))).code, 'channel.page-repeats');
  });

  it('end at a cursor that goes back', async () => {
    const all = ordersIn(30);
    const { connection } = open(ordersOf('a cursor'), (url) => {
      const after = Number(url.searchParams.get('after') ?? 0);
      return { body: { orders: all.slice(after, after + 10), next: after === 20 ? '10' : `${after + 10}` } };
    });
    assert.equal((await faultOf(idsOf(connection.orders!))).code, 'channel.cursor-back');
  });

  it('never follow a link to another host, nor take credentials there', async () => {
    const { connection, asked } = open(ordersOf('the header Link'), () => ({
      body: { orders: rows },
      headers: { link: '<https://thief.example.test/orders?page=2>; rel="next"' },
    }));
    assert.equal((await faultOf(idsOf(connection.orders!))).code, 'custom.link-elsewhere');
    assert.equal(asked.length, 1);
  });

  it('say that a channel cuts pages shorter than asked, and read all where it does not count', async () => {
    const all = ordersIn(12);
    const cut =
      (total: boolean): Answering =>
      (url) => {
        const page = Number(url.searchParams.get('page'));
        const at = total ? page * 5 : (page - 1) * 5;
        return { body: { orders: all.slice(at, at + 5), ...(total && { count: 12 }) } };
      };
    const counted = open(ordersOf('numbered pages that are counted'), cut(true));
    const fault = await faultOf(idsOf(counted.connection.orders!));
    assert.equal(fault.code, 'custom.page-short');
    assert.match(fault.message, /Enter 5 as page size/);
    const uncounted = open(ordersOf('numbered pages'), cut(false));
    assert.equal((await idsOf(uncounted.connection.orders!)).length, 12);
  });

  it('miss none when orders leave the window while counted pages are read', async () => {
    let all = ordersIn(35);
    let asked = 0;
    const { connection } = open(ordersOf('numbered pages that are counted'), (url) => {
      const page = Number(url.searchParams.get('page'));
      asked += 1;
      // Before each further page the first order of the window changes again, and leaves it.
      if (asked > 1) all = all.slice(1);
      return { body: { orders: all.slice(page * 10, page * 10 + 10), count: all.length } };
    });
    const read = await idsOf(connection.orders!);
    const stayed = all.map(({ id }) => id);
    assert.deepEqual(
      stayed.filter((id) => !read.includes(id)),
      [],
    );
  });

  it('put aside what has no id, and keep digits beyond 2^53', async () => {
    const body = '{"orders": [{"id": 90071992547409931234, "changed": "2026-08-31T10:00:00Z"}, {"no": 1}]}';
    const { connection } = open(ordersOf('no pages'), () => ({ body }));
    const [page] = await pagesOf(connection.orders!);
    assert.equal(page!.records[0]!.channelOrderId, '90071992547409931234');
    assert.deepEqual(
      page!.bad.map(({ at, code }) => [at, code]),
      [['orders[1]', 'channel.record-without-id']],
    );
  });

  it('keep to the window themselves where the request cannot name it, and count nothing then', async () => {
    const outside = { id: 99, changed: '2026-08-30T10:00:00Z' };
    const { connection } = open(
      { request: { path: '/orders' }, paging: { kind: 'none' }, total: 'count' },
      () => ({ body: { orders: [outside, ...rows], count: 11 } }),
    );
    const [page] = await pagesOf(connection.orders!);
    assert.equal(page!.records.length, 10);
    assert.equal(page!.total, null);
  });

  for (const [timeFormat, from, step, changed] of [
    ['iso', '2026-08-31T09:00:00.000Z', 1, '2026-08-31T10:00:00.000Z'],
    ['iso-seconds', '2026-08-31T09:00:00Z', 1_000, '2026-08-31T10:00:00Z'],
    ['unix-seconds', '1788166800', 1_000, 1_788_170_400],
    ['unix-ms', '1788166800000', 1, 1_788_170_400_000],
    ['yyyy-MM-dd HH:mm:ss', '2026-08-31 17:00:00', 1_000, '2026-08-31 18:00:00'],
    ['yyyy-MM-dd HH:mm', '2026-08-31 17:00', 60_000, '2026-08-31 18:00'],
  ] as const)
    it(`write and read times as ${timeFormat}`, async () => {
      let since: string | null = null;
      const { connection } = open({ ...ordersOf('no pages'), timeFormat, zone: 'Asia/Shanghai' }, (url) => {
        since = url.searchParams.get('since');
        return { body: { orders: [{ id: 1, changed }] } };
      });
      const [page] = await pagesOf(connection.orders!);
      assert.equal(since, from);
      assert.equal(page!.records[0]!.modifiedAt, Date.parse('2026-08-31T10:00:00Z'));
      assert.equal(connection.orders!.window.stepMs, step);
    });

  it('are read one by one where the list holds ids only; those gone meanwhile are put aside', async () => {
    const { connection } = open(
      ordersOf('no pages'),
      ({ pathname }) => {
        if (pathname === '/orders') return { body: { orders: rows.slice(0, 2) } };
        return pathname === '/orders/1'
          ? { body: { order: { id: 1, lines: [] } } }
          : { status: 404, body: { error: 'gone' } };
      },
      { order: { request: { path: '/orders/{order}' }, record: 'order', each: true } },
    );
    const [page] = await pagesOf(connection.orders!);
    assert.deepEqual(JSON.parse(page!.records[0]!.body), { id: 1, lines: [] });
    assert.equal(page!.records[0]!.modifiedAt, Date.parse('2026-08-31T10:00:00Z'));
    assert.deepEqual(
      page!.bad.map(({ code, params }) => [code, params.order]),
      [['channel.order-unknown', '2']],
    );
    assert.equal(await connection.orders!.order('2', idle), null);
    assert.equal((await connection.orders!.order('1', idle))!.channelOrderId, '1');
  });

  it('cannot be read singly without a request for that', async () => {
    const { connection } = open(ordersOf('no pages'), () => nothing);
    assert.equal((await faultOf(connection.orders!.order('1', idle))).code, 'custom.no-detail');
  });

  it('are told to the census by id and time', async () => {
    const { connection } = open(ordersOf('no pages'), () => ({ body: { orders: rows } }));
    for await (const { stamps } of connection.orders!.stamps(span, idle))
      assert.deepEqual(stamps[0], {
        channelOrderId: '1',
        modifiedAt: Date.parse('2026-08-31T10:00:00Z'),
      });
  });

  it('say what is wrong with the configuration when one connects', () => {
    assert.throws(() => answeringChannel(connectCustom, () => nothing, { settings: { custom: '{' } }), {
      code: 'custom.not-json',
      kind: 'caller',
    });
  });
});

async function pagesOf(source: OrderSource): Promise<OrderPage[]> {
  const pages: OrderPage[] = [];
  for await (const page of source.changed(span, idle)) pages.push(page);
  return pages;
}
