import { strict as assert } from 'node:assert';
import { stockLevels } from '../../../core/store/queries/stock.ts';
import { onEachStore } from '../store/each-store.ts';
import { openStock, type StockFixture } from './stock-fixture.ts';

const actor = 'test';
const key = 'shopify/tea/1001';

onEachStore('what stock does to stored orders', (makePlace) => {
  let fixture: StockFixture;
  let op = 0;
  const next = () => {
    op += 1;
    return { opKey: `op-${op}`, actor, orderKey: key };
  };
  const lines = [
    { lineId: '1', sku: 'TEA', quantity: 2 },
    { lineId: '2', sku: 'CUP', quantity: 1 },
  ];

  beforeEach(async () => {
    fixture = await openStock(makePlace);
    await fixture.stock.receive({
      opKey: 'receive',
      actor,
      lines: [
        { sku: 'TEA', quantity: 2 },
        { sku: 'CUP', quantity: 1 },
      ],
    });
    await storeOrder('paid', 'none');
  });
  afterEach(() => fixture.close());

  async function storeOrder(status: string, refund: string): Promise<void> {
    await fixture.inTransaction(async (tx) => {
      const row = {
        key,
        channel: 'shopify',
        shop: 'tea',
        channel_order_id: '1001',
        scenario: 'normal',
        status,
        refund_status: refund,
        hold_reason: null,
        currency: 'CNY',
        total: 100,
        allocation: 'none',
        version: 1,
        modified_at: 0,
        document: '{}',
        inbox_id: null,
        created_at: 0,
        updated_at: 0,
      };
      const known = await tx.find('orders', [{ key }]);
      if (known.length > 0) {
        await tx.update('orders', [{ key: { key }, set: { status, refund_status: refund } }]);
        return;
      }
      await tx.put('orders', [row]);
      await tx.put(
        'order_lines',
        lines.map(({ lineId, sku, quantity }) => ({
          order_key: key,
          line_id: lineId,
          sku,
          ordered: quantity,
          cancelled: 0,
          locked: 0,
          picked: 0,
          checked: 0,
          shipped: 0,
          returned: 0,
        })),
      );
    });
  }

  async function seen() {
    const { read } = fixture.store;
    const order = await read
      .selectFrom('orders')
      .select('allocation')
      .where('key', '=', key)
      .executeTakeFirstOrThrow();
    const rows = await read.selectFrom('order_lines').selectAll().orderBy('line_id').execute();
    const events = await read.selectFrom('events').selectAll().orderBy('id').execute();
    return {
      allocation: order.allocation,
      lines: rows.map((row) => [row.locked, row.shipped]),
      events: events.map((event) => event.type),
      data: events.map((event) => JSON.parse(event.data) as Record<string, unknown>),
      keys: [...new Set(events.map((event) => `${event.order_key} ${event.channel} ${event.topic}`))],
    };
  }

  it('follows an order from lock to deduct, with an event each time and none for a repeat', async () => {
    const first = { ...next(), lines };
    await fixture.stock.lock(first);
    await fixture.stock.lock(first);
    let now = await seen();
    assert.deepEqual(
      [now.allocation, now.lines],
      [
        'allocated',
        [
          [2, 0],
          [1, 0],
        ],
      ],
    );
    await fixture.stock.deduct({ ...next(), lines: [{ lineId: '1', quantity: 1 }] });
    now = await seen();
    assert.deepEqual(
      [now.allocation, now.lines],
      [
        'allocated',
        [
          [1, 1],
          [1, 0],
        ],
      ],
    );
    await fixture.stock.deduct(next());
    now = await seen();
    assert.deepEqual(
      [now.allocation, now.lines],
      [
        'shipped',
        [
          [0, 2],
          [0, 1],
        ],
      ],
    );
    assert.deepEqual(now.events, ['allocated', 'stock-deducted', 'stock-deducted']);
    assert.deepEqual(now.keys, [`${key} shopify order`]);
    assert.deepEqual(now.data[0], {
      opKey: first.opKey,
      lines: [
        { lineId: '1', sku: 'TEA', asked: 2, locked: 2 },
        { lineId: '2', sku: 'CUP', asked: 1, locked: 1 },
      ],
      allocation: 'allocated',
    });
  });

  it('makes a paid order without stock a loud state', async () => {
    const more = [{ ...lines[0]!, quantity: 3 }, lines[1]!];
    await fixture.stock.lock({ ...next(), lines: more });
    const none = await seen();
    assert.deepEqual(
      [none.allocation, none.lines, none.events],
      [
        'short',
        [
          [0, 0],
          [0, 0],
        ],
        ['short'],
      ],
    );
    assert.equal((none.data[0]!.refusals as { code: string }[])[0]!.code, 'stock.short');
    await fixture.stock.lock({ ...next(), lines: [lines[1]!] });
    const part = await seen();
    assert.deepEqual(
      [part.allocation, part.lines],
      [
        'short',
        [
          [0, 0],
          [1, 0],
        ],
      ],
    );
    await fixture.stock.lock({ ...next(), lines });
    const all = await seen();
    assert.deepEqual(
      [all.allocation, all.lines],
      [
        'allocated',
        [
          [2, 0],
          [1, 0],
        ],
      ],
    );
  });

  it('shows what was released, in part and wholly', async () => {
    await fixture.stock.lock({ ...next(), lines });
    await fixture.stock.release({ ...next(), lines: [{ lineId: '1', quantity: 1 }] });
    const part = await seen();
    assert.deepEqual(
      [part.allocation, part.lines],
      [
        'short',
        [
          [1, 0],
          [1, 0],
        ],
      ],
    );
    await fixture.stock.release(next());
    const all = await seen();
    assert.deepEqual(
      [all.allocation, all.lines],
      [
        'released',
        [
          [0, 0],
          [0, 0],
        ],
      ],
    );
    assert.deepEqual(all.events, ['allocated', 'stock-released', 'stock-released']);
    await fixture.stock.release(next());
    assert.equal((await seen()).events.length, 3, 'a refused release tells nobody');
  });

  it('tells the order when its hold lapsed, swept or taken by another', async () => {
    await fixture.stock.lock({ ...next(), lines, bucket: 'held', ttlMs: 1_000 });
    fixture.clock.now += 1_000;
    const other = await fixture.stock.lock({ ...next(), orderKey: 'shopify/tea/2', lines: [lines[0]!] });
    assert.equal(other.state, 'locked');
    const taken = await seen();
    assert.deepEqual(
      [taken.allocation, taken.lines],
      [
        'short',
        [
          [0, 0],
          [1, 0],
        ],
      ],
    );
    await fixture.stock.sweep();
    const swept = await seen();
    assert.deepEqual(
      [swept.allocation, swept.lines],
      [
        'released',
        [
          [0, 0],
          [0, 0],
        ],
      ],
    );
    assert.deepEqual(swept.events, ['allocated', 'stock-released', 'stock-released']);
    assert.equal(swept.data[1]!.reason, 'expire');
    assert.deepEqual(swept.data[1]!.lines, [{ lineId: '1', sku: 'TEA', released: 2 }]);
  });

  it('locks nothing for an order that is cancelled or refunded in full', async () => {
    for (const [status, refund] of [
      ['cancelled', 'none'],
      ['paid', 'full'],
    ] as const) {
      await storeOrder(status, refund);
      const answer = await fixture.stock.lock({ ...next(), lines });
      assert.deepEqual([answer.state, answer.refusals[0]!.code], ['refused', 'stock.order-closed']);
    }
    const now = await seen();
    assert.deepEqual([now.allocation, now.events], ['none', []]);
  });

  it('counts a sale over the counter as shipped', async () => {
    const answer = await fixture.stock.deduct({ ...next(), lines, withoutHold: true });
    assert.equal(answer.state, 'deducted');
    const now = await seen();
    assert.deepEqual(
      [now.allocation, now.lines],
      [
        'shipped',
        [
          [0, 2],
          [0, 1],
        ],
      ],
    );
    assert.deepEqual(now.events, ['stock-deducted']);
  });

  describe('with a bundle among the lines', () => {
    const bundled = [{ lineId: '1', sku: 'SET', quantity: 2 }];
    beforeEach(async () => {
      await fixture.stock.receive({ opKey: 'more', actor, lines: [{ sku: 'TEA', quantity: 4 }] });
      await fixture.stock.receive({ opKey: 'cups', actor, lines: [{ sku: 'CUP', quantity: 5 }] });
      await fixture.stock.defineBundle({
        bundle: 'SET',
        components: [
          { sku: 'TEA', quantity: 3 },
          { sku: 'CUP', quantity: 1 },
        ],
        opKey: 'define',
        actor,
      });
    });

    it('counts the line in ordered units, whatever it takes of its components', async () => {
      await fixture.stock.lock({ ...next(), lines: bundled });
      assert.deepEqual((await seen()).lines[0], [2, 0]);
      await fixture.stock.release({ ...next(), lines: [{ lineId: '1', quantity: 1 }] });
      assert.deepEqual((await seen()).lines[0], [1, 0]);
      await fixture.stock.deduct(next());
      const now = await seen();
      assert.deepEqual(now.lines[0], [0, 1]);
      assert.deepEqual(now.data.at(-1)!.lines, [{ lineId: '1', sku: 'SET', deducted: 1 }]);
    });

    it('tells once that the line lapsed, although another took only one of its components', async () => {
      await fixture.stock.lock({ ...next(), lines: bundled, ttlMs: 1_000 });
      fixture.clock.now += 1_000;
      const other = { opKey: 'other', actor, orderKey: 'shop/other' };
      const taken = await fixture.stock.lock({
        ...other,
        lines: [{ lineId: '1', sku: 'TEA', quantity: 1 }],
      });
      assert.equal(taken.state, 'locked');
      const now = await seen();
      assert.deepEqual(now.lines[0], [0, 0]);
      assert.deepEqual(now.data.at(-1)!.lines, [{ lineId: '1', sku: 'SET', released: 2 }]);
      assert.deepEqual(now.events, ['allocated', 'stock-released']);
      assert.deepEqual(await fixture.stock.sweep(), { expired: 0, more: false });
    });
  });

  it('hears that it is short of a SKU nobody knows, however often that was asked for', async () => {
    const unknown = [{ lineId: '1', sku: 'NONE', quantity: 1 }];
    await fixture.stock.lock({ opKey: 'o', actor, orderKey: 'shop/unstored', lines: unknown });
    await fixture.stock.lock({ ...next(), lines: unknown });
    assert.deepEqual((await seen()).events, ['short']);
  });

  it('holds as unpaid until it is paid', async () => {
    const heldUnpaid = async () =>
      (await stockLevels(fixture.store.read, { sku: 'TEA', limit: 1, now: fixture.clock.now }))[0]!
        .heldUnpaid;
    await fixture.stock.lock({ ...next(), lines: [lines[0]!], bucket: 'held' });
    for (const [status, units] of [
      ['created', 2],
      ['deposit-paid', 2],
      ['paid', 0],
      ['part-shipped', 0],
    ] as const) {
      await storeOrder(status, 'none');
      assert.equal(await heldUnpaid(), units, status);
    }
  });
});
