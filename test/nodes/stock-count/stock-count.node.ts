import assert from 'node:assert/strict';
import type { CountAnswer } from '../../../core/stock/count/counts.ts';
import stockCount from '../../../nodes/stock-count/stock-count.ts';
import { helper } from '../shared/helper.ts';
import { type HubCase, startHubCase } from '../shared/hub-case.ts';

const config = {
  type: 'stock-count',
  ports: 3,
  pool: 'main',
  kind: 'cycle',
  missing: 'report',
  data: 'payload',
  dataType: 'msg',
  sheet: 'filename',
  sheetType: 'msg',
  units: '5',
  percent: '',
  value: '',
  duplicates: 'refuse',
  zone: 'Asia/Shanghai',
  skuColumn: '',
  countedColumn: '',
  timeColumn: '',
  costColumn: '',
  worksheet: '',
};

describe('stock-count', () => {
  let hub: HubCase | undefined;
  before(() => helper.startServer());
  after(() => helper.stopServer());
  afterEach(async () => {
    await hub?.stop();
    hub = undefined;
  });

  const start = async (changes: object = {}) => {
    hub = await startHubCase(stockCount, { ...config, ...changes });
    const { stock } = await hub.hub();
    const lines = ['TEA', 'MUG'].map((sku) => ({ sku, quantity: 20 }));
    await stock.receive({ opKey: 'first', actor: 'test', lines });
  };
  /** Sends a message and answers what left by which port first. */
  const send = async (payload: unknown, more: object = {}) => {
    const left = await hub!.send({ payload, actor: 'Wang', ...more });
    return { port: left.port, stock: left.message.stock as CountAnswer };
  };
  const units = async (sku: string) => {
    const { store } = await hub!.hub();
    const row = await store.read
      .selectFrom('stock_items as i')
      .innerJoin('stock_balances as b', 'b.id', 'i.balance_id')
      .select('b.available')
      .where('i.sku', '=', sku)
      .executeTakeFirst();
    return row?.available;
  };

  it('sends a sheet that was booked by the first port', async () => {
    await start();
    const { port, stock } = await send('货号;数量\nTEA;18\nMUG;20\n');
    assert.deepEqual([port, stock.state, stock.agreed, stock.corrected], [0, 'applied', 1, 1]);
    assert.deepEqual([stock.count?.actor, await units('TEA')], ['Wang', 18]);
  });

  it('sends what waits and what is refused by ports of their own, each with its lines', async () => {
    await start();
    const ports = new Map<number, CountAnswer>();
    const rest = new Promise<void>((resolve) => {
      for (const port of [0, 1, 2])
        helper.getNode(`0c5e00000000000${port}`).on('input', (message) => {
          ports.set(port, (message as unknown as { stock: CountAnswer }).stock);
          if (ports.size === 3) resolve();
        });
    });
    await send([
      { sku: 'TEA', counted: 18 },
      { sku: 'MUG', counted: 2 },
      { sku: 'POT', counted: -1 },
    ]);
    await rest;
    assert.deepEqual(
      [0, 1, 2].map((port) => ports.get(port)?.lines.map(({ sku }) => sku)),
      [['TEA'], ['MUG'], ['POT']],
    );
    assert.deepEqual(
      [0, 1, 2].map((port) => ports.get(port)?.waiting),
      [1, 1, 1],
    );
  });

  it('lets a second person approve by message, and only a second person', async () => {
    await start();
    const counted = await send([{ sku: 'TEA', counted: 2 }]);
    assert.equal(counted.port, 1);
    const count = counted.stock.count!.id;
    const own = await send({ action: 'approve', count });
    assert.deepEqual([own.port, own.stock.refusals[0]?.code], [2, 'count.second-person']);
    const nobody = await send({ action: 'approve', count }, { actor: undefined });
    assert.equal(nobody.stock.refusals[0]?.code, 'count.second-person');
    assert.equal(await units('TEA'), 20);
    const { port, stock } = await send({ action: 'approve', count, reason: 'seen' }, { actor: 'Li' });
    assert.deepEqual([port, stock.state, await units('TEA')], [0, 'applied', 2]);
    assert.deepEqual([stock.lines[0]?.decidedBy, stock.lines[0]?.decisionReason], ['Li', 'seen']);
  });

  it('rejects by message and changes nothing', async () => {
    await start();
    const counted = await send([{ sku: 'TEA', counted: 2 }]);
    const act = { action: 'reject', count: counted.stock.count!.id };
    const { port, stock } = await send(act, { actor: 'Li' });
    assert.deepEqual([port, stock.rejected, await units('TEA')], [0, 1, 20]);
  });

  for (const [payload, code] of [
    ['name,price\nTea,3\n', 'count.columns-missing'],
    [{ action: 'delete', count: 1 }, 'count.bad-action'],
    [{ action: 'approve', count: 'one' }, 'count.bad-id'],
    [{ action: 'approve', count: 1, reason: 7 }, 'count.bad-command-text'],
    [{ action: 'approve', count: 999 }, 'count.unknown'],
    [undefined, 'count.nothing-received'],
  ] as const) {
    it(`refuses ${JSON.stringify(payload)} by the third port with ${code}`, async () => {
      await start();
      const { port, stock } = await send(payload, { actor: 'Li' });
      assert.deepEqual([port, stock.state, stock.refusals[0]?.code], [2, 'refused', code]);
      assert.ok((stock.refusals[0]?.sentence.length ?? 0) > 10);
    });
  }

  it('books one delivery once, and a file of one name once', async () => {
    await start();
    const delivery = { delivery: { id: 'inbox:7', attempt: 1 } };
    const list = [{ sku: 'TEA', counted: 18 }];
    await send(list, delivery);
    assert.equal((await send(list, delivery)).stock.replayed, true);
    assert.equal((await send(list)).stock.replayed, false);
    const file = Buffer.from('sku,counted\nMUG,19\n');
    await send(file, { filename: 'shelf.csv' });
    assert.equal((await send(file, { filename: 'shelf.csv' })).stock.replayed, true);
    assert.equal((await send(file, { filename: 'shelf again.csv' })).stock.replayed, false);
    assert.deepEqual([await units('TEA'), await units('MUG')], [18, 19]);
  });

  it('is red with settings that are none', async () => {
    await start({ units: '-3' });
    const status = (helper.getNode(hub!.node) as unknown as { status: { args: unknown[][] } }).status;
    assert.ok(status !== undefined);
    const failed = new Promise((resolve) => helper.getNode(hub!.node).once('call:error', resolve));
    helper.getNode(hub!.node).receive({ payload: [{ sku: 'TEA', counted: 1 }] });
    const call = (await failed) as { firstArg: Error & { code?: string } };
    assert.equal(call.firstArg.code, 'count.bad-threshold');
  });
});
