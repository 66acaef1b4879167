import assert from 'node:assert/strict';
import { at } from './clients/client.ts';
import { graphQl } from './clients/shopify.ts';
import { VirtualClock } from './clock.ts';
import { type SimulatedShop, type Simulator, startSimulator } from './simulator.ts';

describe('the simulated Shopify', () => {
  const clock = new VirtualClock(Date.UTC(2026, 8, 1, 8));
  let simulator: Simulator;
  let shop: SimulatedShop;
  beforeEach(async () => {
    simulator = await startSimulator({ seed: 4, platforms: { shopify: { orders: 80 } }, clock });
    shop = simulator.shop('shopify');
  });
  afterEach(() => simulator.close());

  const setStock = `mutation set($input: InventorySetQuantitiesInput!, $key: String!) {
    inventorySetQuantities(input: $input) @idempotent(key: $key) { userErrors { field message code } } }`;
  const place = 'gid://shopify/Location/70000000001';

  async function itemOf(sku: string): Promise<string> {
    const query = `{ productVariants(first: 1, query: "sku:${sku}") { nodes { inventoryItem { id } } } }`;
    const [node] = at<{ inventoryItem: { id: string } }[]>(
      await graphQl(shop, query),
      'productVariants.nodes',
    );
    return node!.inventoryItem.id;
  }

  async function set(rows: Record<string, unknown>[], key: string, version?: string): Promise<string[]> {
    const input = { name: 'available', reason: 'correction', quantities: rows };
    const data = await graphQl(shop, setStock, { input, key }, version);
    return at<{ code: string }[]>(data, 'inventorySetQuantities.userErrors').map(({ code }) => code);
  }

  it('writes stock once for one key, all rows or none, and refuses a number that is stale', async () => {
    const [one, two] = shop.shop.listings;
    const first = { inventoryItemId: await itemOf(one!.sku), locationId: place, changeFromQuantity: null };
    const second = { inventoryItemId: await itemOf(two!.sku), locationId: place, changeFromQuantity: null };
    assert.deepEqual(
      await set(
        [
          { ...first, quantity: 5 },
          { ...second, quantity: 6 },
        ],
        'a',
      ),
      [],
    );
    assert.deepEqual(
      await set(
        [
          { ...first, quantity: 5 },
          { ...second, quantity: 6 },
        ],
        'a',
      ),
      [],
    );
    assert.equal(shop.journal.stockWriteCount, 2, 'the second time nothing was written');
    await assert.rejects(set([{ ...first, quantity: 9 }], 'a'), /IDEMPOTENCY_KEY_PARAMETER_MISMATCH/);
    const stale = { ...second, quantity: 9, changeFromQuantity: 99 };
    assert.deepEqual(await set([{ ...first, quantity: 9 }, stale], 'b'), ['CHANGE_FROM_QUANTITY_STALE']);
    assert.deepEqual([one!.available, two!.available], [5, 6]);
  });

  it('asks for a key and for what is replaced from 2026-04 on', async () => {
    const inventoryItemId = await itemOf(shop.shop.listings[0]!.sku);
    const input = {
      name: 'available',
      reason: 'correction',
      ignoreCompareQuantity: true,
      quantities: [{ inventoryItemId, locationId: place, quantity: 3 }],
    };
    const plain = setStock.replace('@idempotent(key: $key)', '').replace(', $key: String!', '');
    await assert.rejects(graphQl(shop, plain, { input }, '2026-04'), /@idempotent directive is required/);
    await assert.rejects(graphQl(shop, setStock, { input, key: 'k' }, '2026-04'), /changeFromQuantity/);
    await graphQl(shop, plain, { input }, '2025-10');
    assert.equal(shop.shop.listings[0]!.available, 3);
  });

  it('ships by fulfillment orders, in parts', async () => {
    const order = shop.shop
      .orders()
      .find(({ stage, held, lines }) => stage === 'paid' && !held && lines.length > 1)!;
    const found = await graphQl(
      shop,
      `query toShip($id: ID!) { order(id: $id) { fulfillmentOrders(first: 1) { nodes { id status
        lineItems(first: 9) { nodes { id remainingQuantity } } } } } }`,
      { id: `gid://shopify/Order/${order.id}` },
    );
    type Part = { id: string; lineItems: { nodes: { id: string; remainingQuantity: number }[] } };
    const [part] = at<Part[]>(found, 'order.fulfillmentOrders.nodes');
    const ship = async (quantity: number): Promise<unknown[]> => {
      const items = [{ id: part!.lineItems.nodes[0]!.id, quantity }];
      const fulfillment = {
        lineItemsByFulfillmentOrder: [{ fulfillmentOrderId: part!.id, fulfillmentOrderLineItems: items }],
        trackingInfo: { company: 'SF', number: 'TEST7' },
      };
      const mutation = `mutation ship($fulfillment: FulfillmentInput!) {
        fulfillmentCreate(fulfillment: $fulfillment) { fulfillment { id } userErrors { message } } }`;
      return at(await graphQl(shop, mutation, { fulfillment }), 'fulfillmentCreate.userErrors');
    };
    const { remainingQuantity: all } = part!.lineItems.nodes[0]!;
    assert.equal((await ship(all + 1)).length, 1, 'more than there is is refused');
    assert.deepEqual(await ship(all), []);
    assert.equal(shop.shop.order(order.id)?.stage, 'part-shipped');
    assert.equal(shop.journal.shipments[0]?.tracking, 'TEST7');
  });

  it('throttles by points, says when there are enough again, and refuses what is too costly', async () => {
    const query = '{ orders(first: 250) { nodes { id lineItems(first: 50) { nodes { id } } } } }';
    let rounds = 0;
    await assert.rejects(async () => {
      for (; rounds < 200; rounds += 1) await graphQl(shop, query);
    }, /THROTTLED/);
    assert.ok(rounds > 50, `${rounds} queries went through`);
    clock.advance(10_000);
    await graphQl(shop, query);
    const huge = `{ orders(first: 250) { nodes { lineItems(first: 250) { nodes {
      variant { id } product { id } originalUnitPriceSet { shopMoney { amount } } } } } } }`;
    await assert.rejects(graphQl(shop, huge), /MAX_COST_EXCEEDED/);
  });

  it('names a field that it does not have, and a token that is not valid', async () => {
    await assert.rejects(
      graphQl(shop, '{ orders(first: 1) { nodes { colour } } }'),
      /Field 'colour' doesn't exist/,
    );
    await assert.rejects(graphQl(shop, '{ orders(first: 1) { nodes { id } '), /unexpected end of file/);
    simulator.faults({ rate: 1, kinds: ['revoked-token'] });
    await assert.rejects(graphQl(shop, '{ shop { name } }'), /401/);
  });

  it('gives a cursor that goes back when told to', async () => {
    simulator.faults({ rate: 1, kinds: ['cursor-back'] });
    const query = `query page($after: String) { orders(first: 5, after: $after) {
      nodes { id } pageInfo { endCursor } } }`;
    const first = await graphQl(shop, query);
    const second = await graphQl(shop, query, { after: at(first, 'orders.pageInfo.endCursor') });
    assert.deepEqual(at(second, 'orders.nodes'), at(first, 'orders.nodes'));
  });
});
