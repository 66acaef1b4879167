import assert from 'node:assert/strict';
import type { NodeAPI } from 'node-red';
import stockAdjust from '../../../nodes/stock-adjust/stock-adjust.ts';
import stockDeduct from '../../../nodes/stock-deduct/stock-deduct.ts';
import stockLock from '../../../nodes/stock-lock/stock-lock.ts';
import stockRelease from '../../../nodes/stock-release/stock-release.ts';
import { helper } from '../shared/helper.ts';
import { type HubCase, startHubCase } from '../shared/hub-case.ts';

interface StockAnswer {
  state: string;
  replayed: boolean;
  lines: { available?: number; locked?: number; released?: number; deducted?: number }[];
  refusals: { code: string; sentence: string; shortage?: { asked: number; available: number } }[];
}

const typed = { lines: 'payload.lines', linesType: 'msg' };
const nodes = {
  'stock-adjust': {
    make: stockAdjust,
    config: {
      pool: 'main',
      bucket: 'available',
      lines: 'payload',
      linesType: 'msg',
      once: '',
      onceType: 'msg',
    },
  },
  'stock-lock': {
    make: stockLock,
    config: { pool: 'main', bucket: 'committed', partial: 'all-or-none', minutes: '', ...typed },
  },
  'stock-release': { make: stockRelease, config: { pool: 'main', what: 'all', ...typed } },
  'stock-deduct': { make: stockDeduct, config: { pool: 'main', what: 'all', ...typed } },
} satisfies Record<string, { make: (RED: NodeAPI) => void; config: object }>;

/** One order of a shop, asking for some tea. */
const asking = (quantity: unknown, more: object = {}) => ({
  order: { key: 'web/main/1' },
  payload: { lines: [{ lineId: '1', sku: 'TEA', quantity }] },
  ...more,
});

describe('the stock nodes', () => {
  let hub: HubCase | undefined;
  before(() => helper.startServer());
  after(() => helper.stopServer());
  afterEach(async () => {
    await hub?.stop();
    hub = undefined;
  });

  /** Runs one node on a pool with ten units of tea. */
  const start = async (type: keyof typeof nodes, changes: object = {}) => {
    hub = await startHubCase(nodes[type].make, { type, ports: 2, ...nodes[type].config, ...changes });
    const { stock, store } = await hub.hub();
    await stock.receive({ opKey: 'first', actor: 'test', lines: [{ sku: 'TEA', quantity: 10 }] });
    return { stock, store };
  };
  const send = async (message: Record<string, unknown>) => {
    const left = await hub!.send(message);
    return { port: left.port, stock: left.message.stock as StockAnswer };
  };
  const lockTen = (quantity: number) => ({
    opKey: 'web/main/1|*|lock|0',
    actor: 'test',
    orderKey: 'web/main/1',
    lines: [{ lineId: '1', sku: 'TEA', quantity }],
  });

  it('lock what there is once, though the message comes twice', async () => {
    await start('stock-lock');
    const first = await send(asking(6, { event: { id: 5 } }));
    assert.deepEqual([first.port, first.stock.state, first.stock.replayed], [0, 'locked', false]);
    const again = await send(asking(6, { event: { id: 5 } }));
    assert.deepEqual([again.port, again.stock.state, again.stock.replayed], [0, 'locked', true]);
    const other = await send({ ...asking(6), order: { key: 'web/main/2' } });
    assert.equal(other.port, 1);
    assert.deepEqual(other.stock.refusals[0]?.shortage?.available, 4);
    assert.match(other.stock.refusals[0]?.sentence ?? '', /6.*4/);
  });

  it('leave out lines that were cancelled', async () => {
    await start('stock-lock');
    const { port, stock } = await send({
      order: { key: 'web/main/1' },
      payload: {
        lines: [
          { lineId: '1', sku: 'TEA', quantity: 0 },
          { lineId: '2', sku: 'TEA', quantity: 3 },
        ],
      },
    });
    assert.equal(port, 0);
    assert.deepEqual(
      stock.lines.map(({ locked }) => locked),
      [3],
    );
  });

  for (const quantity of [-1, 1.5, 'two', Number.NaN, 2e9, null]) {
    it(`refuse a quantity of ${quantity}, and change nothing`, async () => {
      const { stock } = await start('stock-lock');
      const { port, stock: answer } = await send(asking(quantity));
      assert.equal(port, 1);
      assert.equal(answer.state, 'refused');
      assert.equal(answer.refusals[0]?.code, 'stock.bad-quantity');
      const after = await stock.lock({ ...lockTen(10), orderKey: 'web/main/9', opKey: 'all' });
      assert.equal(after.state, 'locked', 'all ten units are still free');
    });
  }

  it('refuse a SKU that nobody received', async () => {
    await start('stock-lock');
    const { port, stock } = await send({
      ...asking(1),
      payload: { lines: [{ lineId: '1', sku: 'NOPE', quantity: 1 }] },
    });
    assert.deepEqual([port, stock.refusals[0]?.code], [1, 'stock.unknown-sku']);
  });

  it('release what an order holds, and say why there is nothing the second time', async () => {
    const { stock } = await start('stock-release');
    await stock.lock(lockTen(4));
    const first = await send({ order: { key: 'web/main/1' } });
    assert.deepEqual([first.port, first.stock.lines[0]?.released], [0, 4]);
    const again = await send({ order: { key: 'web/main/1' }, attempt: 2 });
    assert.equal(again.port, 1);
    assert.match(again.stock.refusals[0]?.sentence ?? '', /released/);
  });

  it('deduct what an order holds, part by part', async () => {
    const { stock } = await start('stock-deduct', { what: 'lines' });
    await stock.lock(lockTen(4));
    const part = await send({
      order: { key: 'web/main/1' },
      payload: { lines: [{ lineId: '1', quantity: 3 }] },
    });
    assert.deepEqual([part.port, part.stock.lines[0]?.deducted], [0, 3]);
    const tooMuch = await send({
      order: { key: 'web/main/1' },
      attempt: 2,
      payload: { lines: [{ lineId: '1', quantity: 2 }] },
    });
    assert.equal(tooMuch.port, 1);
  });

  it('deduct over the counter without a lock, but never more than there is', async () => {
    await start('stock-deduct', { what: 'counter' });
    assert.equal((await send(asking(8))).port, 0);
    assert.equal((await send(asking(3, { attempt: 2 }))).port, 1);
  });

  it('count: what is there is what was counted, and a repeat changes nothing', async () => {
    await start('stock-adjust', { action: 'set' });
    const count = { payload: [{ sku: 'TEA', counted: 7 }], _msgid: 'count-1', reason: 'stock-taking' };
    const first = await send(count);
    assert.deepEqual([first.port, first.stock.lines[0]?.available], [0, 7]);
    assert.equal((await send(count)).stock.replayed, true);
  });

  it('correct by a difference, never below zero', async () => {
    await start('stock-adjust', { action: 'correct' });
    assert.equal((await send({ payload: { sku: 'TEA', quantity: -2 }, _msgid: 'a' })).port, 0);
    const { port, stock } = await send({ payload: [{ sku: 'TEA', quantity: -9 }], _msgid: 'b' });
    assert.equal(port, 1);
    assert.match(stock.refusals[0]?.sentence ?? '', /9.*8/);
  });

  it('book a delivery once, whichever of its attempts brings it', async () => {
    await start('stock-adjust', { action: 'receive' });
    const arrived = (more: object) => ({ payload: [{ sku: 'TEA', quantity: 5 }], ...more });
    const first = await send(arrived({ _msgid: 'a', delivery: { id: 'inbox:7', attempt: 1 } }));
    assert.equal(first.stock.lines[0]?.available, 15);
    const second = await send(arrived({ _msgid: 'b', delivery: { id: 'inbox:7', attempt: 2 } }));
    assert.deepEqual([second.port, second.stock.replayed, second.stock.lines[0]?.available], [0, true, 15]);
    const other = await send(arrived({ _msgid: 'c', delivery: { id: 'inbox:8', attempt: 1 } }));
    assert.equal(other.stock.lines[0]?.available, 20);
  });

  it('book each part of a delivery that a flow split, each once', async () => {
    await start('stock-adjust', { action: 'receive' });
    const part = (index: number, attempt: number) => ({
      payload: { sku: 'TEA', quantity: 5 },
      parts: { id: `p${attempt}`, index, count: 2 },
      delivery: { id: 'inbox:7', attempt },
    });
    await send(part(0, 1));
    assert.equal((await send(part(1, 1))).stock.lines[0]?.available, 20);
    assert.equal((await send(part(1, 2))).stock.replayed, true);
  });

  it('book a message that is no delivery as often as it is sent', async () => {
    await start('stock-adjust', { action: 'receive' });
    await send({ payload: [{ sku: 'TEA', quantity: 5 }], _msgid: 'click-1' });
    const { stock } = await send({ payload: [{ sku: 'TEA', quantity: 5 }], _msgid: 'click-2' });
    assert.equal(stock.lines[0]?.available, 20);
  });

  it('take goods back into the inspection for the order of the message', async () => {
    // Settings as version 1 saved them know nothing of it yet.
    const { stock, store } = await start('stock-adjust', { action: 'return', version: 1 });
    const back = await send({
      order: { key: 'web/main/1' },
      payload: [{ lineId: '1', sku: 'TEA', quantity: 2 }],
      _msgid: 'return-1',
    });
    assert.deepEqual([back.port, back.stock.state, back.stock.lines[0]?.available], [0, 'done', 10]);
    const balance = await store.read.selectFrom('stock_balances').select('qc').executeTakeFirstOrThrow();
    assert.equal(balance.qc, 2);
    const move = { opKey: 'look', actor: 'test', from: 'qc', to: 'available' } as const;
    const moved = await stock.move({ ...move, lines: [{ sku: 'TEA', quantity: 2 }] });
    assert.equal(moved.lines[0]?.available, 12);
  });

  it('move inspected goods, and refuse what is not there by the second output', async () => {
    await start('stock-adjust', { action: 'move', moveFrom: 'qc', moveTo: 'available' });
    const { port, stock } = await send({ payload: [{ sku: 'TEA', quantity: 1 }] });
    assert.deepEqual([port, stock.refusals[0]?.code], [1, 'stock.bucket-short']);
  });

  it('refuse a transfer that names no other pool', async () => {
    await start('stock-adjust', { action: 'transfer' });
    const { port, stock } = await send({ payload: { sku: 'TEA', quantity: 4 } });
    assert.deepEqual([port, stock.refusals[0]?.code], [1, 'stock.bad-field']);
  });

  it('transfer to another pool', async () => {
    const { store } = await start('stock-adjust', {
      action: 'transfer',
      toPool: 'north',
      arriveIn: 'available',
      version: 2,
    });
    const { port, stock } = await send({ payload: { sku: 'TEA', quantity: 4 } });
    assert.deepEqual(stock.refusals, []);
    assert.deepEqual([port, stock.lines[0]?.available], [0, 6]);
    const rows = await store.read
      .selectFrom('stock_items as i')
      .innerJoin('stock_balances as b', 'b.id', 'i.balance_id')
      .select(['i.pool', 'b.available'])
      .orderBy('i.pool')
      .execute();
    assert.deepEqual(
      rows.map(({ pool, available }) => [pool, available]),
      [
        ['main', 6],
        ['north', 4],
      ],
    );
  });

  it('book once per what the dialog names, in whatever delivery it comes', async () => {
    await start('stock-adjust', { action: 'receive', once: 'note' });
    const note = (id: string) => ({
      payload: [{ sku: 'TEA', quantity: 5 }],
      note: 'DN-1',
      delivery: { id, attempt: 1 },
    });
    await send(note('inbox:7'));
    assert.equal((await send(note('inbox:8'))).stock.replayed, true);
  });

  for (const type of ['stock-lock', 'stock-release', 'stock-deduct'] as const) {
    it(`tell one event from itself at another node and in another pool (${type})`, async () => {
      const { store } = await start(type);
      await send(asking(1, { event: { id: 5 } }));
      const keys = await store.read
        .selectFrom('stock_operations')
        .select('op_key')
        .where('op_key', 'like', 'web/main/1|%')
        .execute();
      const act = type.slice('stock-'.length);
      assert.deepEqual(
        keys.map((row) => row.op_key),
        [`web/main/1|*|${act}|main|0c5e0000000000bb|5`],
      );
    });

    it(`name in the ledger who the flow says it was (${type})`, async () => {
      const { store } = await start(type);
      await send(asking(1, { actor: ' lin ' }));
      await send(asking(1, { order: { key: 'web/main/2' } }));
      const operations = await store.read
        .selectFrom('stock_operations')
        .select(['actor', 'order_key'])
        .where('order_key', 'is not', null)
        .orderBy('id')
        .execute();
      assert.deepEqual(
        operations.map(({ actor }) => actor),
        ['lin', 'flow:0c5e0000000000bb'],
      );
    });
  }
});
