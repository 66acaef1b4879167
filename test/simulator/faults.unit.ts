import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { ask } from './clients/client.ts';
import { wooUrl } from './clients/woocommerce.ts';
import { VirtualClock } from './clock.ts';
import type { FaultKind } from './faults.ts';
import { type SimulatedShop, type Simulator, startSimulator } from './simulator.ts';

describe('faults of the simulator', () => {
  const clock = new VirtualClock(Date.UTC(2026, 8, 1, 8));
  let simulator: Simulator;
  let shop: SimulatedShop;
  beforeEach(async () => {
    simulator = await startSimulator({ seed: 5, platforms: { woocommerce: { orders: 60 } }, clock });
    shop = simulator.shop('woocommerce');
  });
  afterEach(() => simulator.close());

  const url = (params: Readonly<Record<string, string>> = {}) =>
    wooUrl(shop, 'GET', 'orders', { order: 'asc', ...params }, clock.now());
  const always = (...kinds: FaultKind[]) => simulator.faults({ rate: 1, kinds });
  const ids = async (params: Readonly<Record<string, string>>) =>
    ((await ask(url(params))).data as { id: number }[]).map(({ id }) => id);

  it('throttle with the time to wait', async () => {
    always('throttle');
    const answer = await fetch(url());
    assert.deepEqual([answer.status, answer.headers.get('retry-after')], [429, '1']);
  });

  it('answer 500, a page of HTML with 200, or half of the JSON', async () => {
    always('server-error');
    assert.equal((await fetch(url())).status, 500);
    always('html-page');
    const page = await fetch(url());
    assert.deepEqual([page.status, page.headers.get('content-type')], [200, 'text/html; charset=utf-8']);
    always('truncated-json');
    const text = await (await fetch(url())).text();
    assert.throws(() => JSON.parse(text), SyntaxError);
  });

  it('cut the connection in the middle of the body', async () => {
    always('cut');
    const answer = await fetch(url());
    await assert.rejects(answer.text(), TypeError);
  });

  it('never answer, or stop in the middle, and let nobody hang when the simulator closes', async () => {
    always('half-open');
    const answer = await fetch(url());
    const cutOff = assert.rejects(answer.text(), TypeError);
    always('timeout');
    const silent = assert.rejects(fetch(url()), TypeError);
    while (!shop.faultCounts.has('timeout')) await turn();
    await simulator.close();
    await Promise.all([silent, cutOff]);
    simulator = await startSimulator({ seed: 5, platforms: {} });
  });

  it('do the work of which the answer is lost', async () => {
    always('cut');
    const listing = shop.shop.listings.find(({ variantId }) => variantId === null)!;
    const path = `products/${listing.productId}`;
    const answer = await fetch(wooUrl(shop, 'PUT', path, {}, clock.now()), {
      method: 'PUT',
      body: JSON.stringify({ stock_quantity: 41 }),
    });
    await assert.rejects(answer.text(), TypeError);
    assert.equal(listing.available, 41);
  });

  it('repeat a page for ever, or a row', async () => {
    const first = await ids({ page: '1' });
    always('page-repeats');
    assert.deepEqual(await ids({ page: '2' }), first);
    assert.deepEqual(await ids({ page: '3' }), first);
    always('duplicate-rows');
    assert.deepEqual((await ids({ page: '1' })).slice(0, 2), [first[0], first[0]]);
  });

  it('take away the token, or set the clock off', async () => {
    always('revoked-token');
    assert.equal((await fetch(url())).status, 401);
    always('clock-off');
    const { headers } = await fetch(url());
    assert.equal(clock.now() - Date.parse(headers.get('date')!), 11 * 60_000);
  });

  it('show a change late, and with its own time', async () => {
    always('index-delay');
    const order = shop.shop.place();
    const window = { orderby: 'modified', modified_after: '2026-09-01T07:59:59', dates_are_gmt: 'true' };
    assert.ok(!(await ids(window)).includes(Number(order.id)), 'it is not listed yet');
    simulator.faults(null);
    clock.advance(121_000);
    assert.ok((await ids(window)).includes(Number(order.id)), 'it is listed two minutes later');
    assert.equal(shop.shop.order(order.id)?.times.modified, order.times.modified);
  });

  it('strike the same requests for the same seed', async () => {
    const outcome = async (seed: number): Promise<string[]> => {
      const one = await startSimulator({ seed, platforms: { woocommerce: { orders: 5 } }, clock });
      one.faults({ rate: 0.5, kinds: ['throttle', 'server-error', 'html-page'] });
      try {
        const all: string[] = [];
        for (let count = 0; count < 24; count += 1) {
          const { status, headers } = await fetch(
            wooUrl(one.shop('woocommerce'), 'GET', 'orders', {}, clock.now()),
          );
          all.push(`${status} ${headers.get('content-type')}`);
        }
        return all;
      } finally {
        await one.close();
      }
    };
    const first = await outcome(21);
    assert.deepEqual(await outcome(21), first);
    assert.notDeepEqual(await outcome(22), first);
    assert.ok(new Set(first).size >= 3, 'several kinds struck');
  });

  it('lose, double and mix up pushes', async () => {
    const got: number[] = [];
    const hub = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => {
        body += String(part);
      });
      request.on('end', () => {
        got.push((JSON.parse(body) as { id: number }).id);
        response.end();
      });
    });
    hub.listen(0, '127.0.0.1');
    await once(hub, 'listening');
    try {
      shop.pushTo(`http://127.0.0.1:${(hub.address() as AddressInfo).port}/`);
      always('push-lost');
      shop.shop.place();
      always('push-duplicated');
      const twice = Number(shop.shop.place().id);
      await shop.pushed();
      assert.deepEqual(got, [twice, twice]);
      always('push-disordered');
      const late = Number(shop.shop.place().id);
      simulator.faults(null);
      const early = Number(shop.shop.place().id);
      await shop.pushed();
      assert.deepEqual(got.slice(2).sort(), [late, early].sort());
      assert.deepEqual(shop.journal.pushes, { sent: 4, accepted: 4, refused: 0, lost: 1 });
    } finally {
      hub.closeAllConnections();
      hub.close();
    }
  });
});
