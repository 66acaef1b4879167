import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ask } from './clients/client.ts';
import { wooUrl } from './clients/woocommerce.ts';
import { bodySignature } from './signing.ts';
import { type SimulatedShop, type Simulator, startSimulator } from './simulator.ts';

describe('the simulated WooCommerce', () => {
  let simulator: Simulator;
  let shop: SimulatedShop;
  beforeEach(async () => {
    const settings = { orders: 120, fulfillments: true };
    simulator = await startSimulator({ seed: 3, platforms: { woocommerce: settings } });
    shop = simulator.shop('woocommerce');
  });
  afterEach(() => simulator.close());

  const refusal = async (url: string, init: RequestInit = {}) => {
    const answer = await fetch(url, init);
    return { status: answer.status, body: (await answer.json()) as { code: string; message: string } };
  };
  const send = (method: string, path: string, body: unknown) =>
    ask(wooUrl(shop, method, path), { method, body: JSON.stringify(body) });

  it('refuses a wrong secret, a clock that is off, a nonce used twice, and keys in the open', async () => {
    const wrong = { address: shop.address, access: { ...shop.access, appSecret: 'cs_other' } };
    assert.match((await refusal(wooUrl(wrong, 'GET', 'orders'))).body.message, /signature does not match/);
    const old = wooUrl(shop, 'GET', 'orders', {}, Date.now() - 16 * 60_000);
    assert.equal((await refusal(old)).body.message, 'Invalid timestamp.');
    const once = wooUrl(shop, 'GET', 'orders');
    await ask(once);
    assert.match((await refusal(once)).body.message, /nonce has already been used/);
    const basic = Buffer.from(`${shop.access.appKey}:${shop.access.appSecret}`).toString('base64');
    const plain = await refusal(`${shop.address}/wp-json/wc/v3/orders`, {
      headers: { authorization: `Basic ${basic}` },
    });
    assert.deepEqual([plain.status, plain.body.code], [401, 'woocommerce_rest_cannot_view']);
    await ask(`${shop.address}/wp-json/wc/v3/orders`, {
      headers: { authorization: `Basic ${basic}`, 'x-forwarded-proto': 'https' },
    });
  });

  it('pages with counts and links, and refuses more than 100 rows', async () => {
    const { data, headers } = await ask(wooUrl(shop, 'GET', 'orders', { per_page: '50', page: '3' }));
    assert.equal((data as unknown[]).length, 20);
    assert.deepEqual([headers.get('x-wp-total'), headers.get('x-wp-totalpages')], ['120', '3']);
    assert.match(headers.get('link') ?? '', /page=2[^>]*>; rel="prev"/);
    const { status, body } = await refusal(wooUrl(shop, 'GET', 'orders', { per_page: '101' }));
    assert.deepEqual([status, body.code], [400, 'rest_invalid_parameter']);
  });

  it('takes times without dates_are_gmt for local ones', async () => {
    const [order] = shop.shop.orders().toSorted((one, two) => two.times.modified - one.times.modified);
    const after = new Date(order!.times.modified - 1_000).toISOString().slice(0, 19);
    const found = async (gmt: string) => {
      const params = { modified_after: after, orderby: 'modified', dates_are_gmt: gmt, per_page: '100' };
      return ((await ask(wooUrl(shop, 'GET', 'orders', params))).data as unknown[]).length;
    };
    assert.equal(await found('true'), 1);
    assert.ok((await found('false')) > 1, 'eight hours of orders, as the shop is ahead of UTC');
  });

  it('takes stock in batches, with an error of its own for each bad row', async () => {
    const listing = shop.shop.listings.find(({ variantId }) => variantId !== null)!;
    const update = [
      { id: Number(listing.variantId), manage_stock: true, stock_quantity: 7 },
      { id: 1, stock_quantity: 3 },
    ];
    const path = `products/${listing.productId}/variations/batch`;
    const { data } = await send('POST', path, { update });
    const rows = (data as { update: { stock_quantity?: number; error?: { code: string } }[] }).update;
    assert.equal(rows[0]!.stock_quantity, 7);
    assert.equal(rows[1]!.error?.code, 'woocommerce_rest_product_invalid_id');
    const [write, ...more] = shop.journal.stockWrites(listing.sku);
    assert.deepEqual([write?.quantity, write?.mode, more.length], [7, 'absolute', 0]);
  });

  it('takes a parcel with part of an order, and refuses more than there is', async () => {
    const order = shop.shop.orders().find(({ stage, lines }) => stage === 'paid' && lines.length > 1)!;
    const line = order.lines[0]!;
    const meta = (quantity: number) => ({
      meta_data: [
        { key: '_items', value: [{ item_id: Number(line.id), qty: quantity }] },
        { key: '_tracking_number', value: 'TEST1' },
        { key: '_shipment_provider', value: 'SF' },
      ],
    });
    const path = `orders/${order.id}/fulfillments`;
    await assert.rejects(send('POST', path, meta(line.quantity + 1)), /400/);
    await send('POST', path, meta(line.quantity));
    assert.equal(shop.shop.order(order.id)?.stage, 'part-shipped');
    assert.deepEqual(
      shop.journal.shipments.map(({ carrier, tracking }) => [carrier, tracking]),
      [['SF', 'TEST1']],
    );
  });

  it('pushes what happens, signed over the bytes it sends', async () => {
    const got: { topic: string; body: string }[] = [];
    const hub = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const body = Buffer.concat(parts).toString();
        const { 'x-wc-webhook-signature': signature, 'x-wc-webhook-topic': topic } = request.headers;
        assert.equal(signature, bodySignature(shop.access.webhookSecret, body));
        got.push({ topic: String(topic), body });
        response.end();
      });
    });
    await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
    try {
      shop.pushTo(`http://127.0.0.1:${(hub.address() as AddressInfo).port}/hook`);
      const order = shop.shop.place();
      shop.shop.change(order.id, 'pay');
      await shop.pushed();
      assert.deepEqual(
        got.map(({ topic }) => topic),
        ['order.created', 'order.updated'],
      );
      assert.ok(/^[ -~]*$/.test(got[1]!.body), 'PHP escapes everything but ASCII');
      assert.equal((JSON.parse(got[1]!.body) as { status: string }).status, 'processing');
      hub.closeAllConnections();
      await new Promise((resolve) => hub.close(resolve));
      for (let fails = 0; fails < 6; fails += 1) {
        shop.shop.place();
        await shop.pushed();
      }
      assert.equal(shop.pushesAreOff, true, 'six failures in a row end the webhook');
    } finally {
      hub.close();
    }
  });
});
