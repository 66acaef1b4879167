import assert from 'node:assert/strict';
import { at } from './clients/client.ts';
import { askShop } from './clients/custom.ts';
import { VirtualClock } from './clock.ts';
import { customSignature } from './platforms/custom/authentication.ts';
import { type SimulatedShop, type Simulator, startSimulator } from './simulator.ts';

describe('the simulated shop of one’s own', () => {
  const clock = new VirtualClock(Date.UTC(2026, 8, 1, 8));
  let simulator: Simulator;
  let shop: SimulatedShop;
  const start = async (auth: string): Promise<void> => {
    await simulator?.close();
    simulator = await startSimulator({ seed: 2, platforms: { custom: { orders: 45, auth } }, clock });
    shop = simulator.shop('custom');
  };
  beforeEach(() => start('bearer'));
  afterEach(async () => {
    await simulator.close();
  });

  const statusWith = async (headers: Record<string, string>, path = '/items'): Promise<number> => {
    const answer = await fetch(`${shop.address}${path}`, { headers });
    await answer.body?.cancel();
    return answer.status;
  };

  it('gives the same orders by page, offset, cursor, link and GraphQL', async () => {
    type Page = { orders: { id: string }[]; next_cursor: string | null };
    const ids = ({ orders }: Page) => orders.map(({ id }) => id);
    const get = async (path: string) => (await askShop(shop, path)).data as Page;
    const all = ids(await get('/orders?limit=200'));
    assert.equal(all.length, 45);
    const pages = [1, 2, 3].map(async (page) => ids(await get(`/orders?limit=20&page=${page}`)));
    assert.deepEqual((await Promise.all(pages)).flat(), all);
    const offsets = [0, 20, 40].map(async (offset) => ids(await get(`/orders?limit=20&offset=${offset}`)));
    assert.deepEqual((await Promise.all(offsets)).flat(), all);
    const byLink: string[] = [];
    for (let next: string | undefined = '/orders?limit=20'; next; ) {
      const { data, headers } = await askShop(shop, next);
      byLink.push(...ids(data as Page));
      next = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
    }
    assert.deepEqual(byLink, all);
    const byGraphQl: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const query = `query page($after: String) { orders(first: 20, after: $after) {
        nodes { id lines { sku quantity } } pageInfo { hasNextPage endCursor } } }`;
      const body = JSON.stringify({ query, variables: { after } });
      const { data } = await askShop(shop, '/graphql', { method: 'POST', body });
      byGraphQl.push(...at<{ id: string }[]>(data, 'data.orders.nodes').map(({ id }) => id));
      more = at<boolean>(data, 'data.orders.pageInfo.hasNextPage');
      after = at<string | null>(data, 'data.orders.pageInfo.endCursor');
    }
    assert.deepEqual(byGraphQl, all);
  });

  it('lets in by user, key and signature, and nobody else', async () => {
    const { appKey, appSecret, accessToken } = shop.access;
    assert.deepEqual(
      [await statusWith({}), await statusWith({ authorization: `Bearer ${accessToken}` })],
      [401, 200],
    );
    await start('none');
    assert.equal(await statusWith({}), 200);
    await start('basic');
    const basic = Buffer.from(`${appKey}:${appSecret}`).toString('base64');
    assert.deepEqual(
      [await statusWith({}), await statusWith({ authorization: `Basic ${basic}` })],
      [401, 200],
    );
    await start('api-key');
    assert.deepEqual(
      [await statusWith({ 'x-api-key': 'x' }), await statusWith({ 'x-api-key': accessToken })],
      [401, 200],
    );
    await start('hmac');
    const signed = (seconds: number): Record<string, string> => {
      const parts = {
        method: 'GET',
        path: '/items',
        query: '',
        body: '',
        timestamp: String(seconds),
        nonce: 'n',
      };
      const signature = customSignature(appSecret, parts);
      return { 'x-key': appKey, 'x-timestamp': parts.timestamp, 'x-nonce': 'n', 'x-signature': signature };
    };
    const now = clock.now() / 1_000;
    assert.deepEqual([await statusWith(signed(now - 400)), await statusWith(signed(now))], [401, 200]);
  });

  it('gives tokens for client credentials, which end after an hour', async () => {
    await start('oauth2');
    const { appKey, appSecret } = shop.access;
    const form = { grant_type: 'client_credentials', client_id: appKey, client_secret: appSecret };
    const answer = await fetch(`${shop.address}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams(form),
    });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    assert.equal(await statusWith({ authorization: `Bearer ${token}` }), 200);
    clock.advance(3_601_000);
    assert.equal(await statusWith({ authorization: `Bearer ${token}` }), 401);
  });

  it('takes stock row by row, and a parcel once', async () => {
    const [one] = shop.shop.listings;
    const items = [
      { sku: one!.sku, quantity: 3 },
      { sku: 'none', quantity: 1 },
    ];
    const { data } = await askShop(shop, '/stock', { method: 'POST', body: JSON.stringify({ items }) });
    assert.deepEqual(
      at<{ ok: boolean }[]>(data, 'items').map(({ ok }) => ok),
      [true, false],
    );
    assert.equal(one!.available, 3);
    const order = shop.shop.orders().find(({ stage, held }) => stage === 'paid' && !held)!;
    const body = JSON.stringify({ carrier: 'SF', tracking: 'TEST9' });
    const ship = () => askShop(shop, `/orders/${order.id}/shipments`, { method: 'POST', body });
    const first = await ship();
    assert.deepEqual((await ship()).data, first.data);
    assert.equal(shop.journal.shipments.length, 1);
  });
});
