import assert from 'node:assert/strict';
import type { LockAnswer } from '../../../core/stock/stock.ts';
import stockLock from '../../../nodes/stock-lock/stock-lock.ts';
import { helper } from '../shared/helper.ts';
import { type HubCase, startHubCase } from '../shared/hub-case.ts';

describe('stock-lock and cancelled lines', () => {
  let hub: HubCase;
  before(() => helper.startServer());
  after(() => helper.stopServer());
  beforeEach(async () => {
    hub = await startHubCase(stockLock, {
      type: 'stock-lock',
      ports: 2,
      lines: 'payload.lines',
      linesType: 'msg',
    });
    const { stock } = await hub.hub();
    await stock.receive({ opKey: 'first', actor: 'test', lines: [{ sku: 'TEA', quantity: 10 }] });
  });
  afterEach(() => hub.stop());

  const send = async (...quantities: unknown[]) => {
    const lines = quantities.map((quantity, index) => ({ lineId: String(index + 1), sku: 'TEA', quantity }));
    const { port, message } = await hub.send({ order: { key: 'web/main/1' }, payload: { lines } });
    return { port, stock: message.stock as LockAnswer };
  };

  it('leaves them out, as numbers and as text', async () => {
    const { port, stock } = await send(0, 3, '0');
    assert.equal(port, 0);
    assert.deepEqual(stock.lines, [{ lineId: '2', sku: 'TEA', asked: 3, locked: 3 }]);
    assert.equal(stock.holds.length, 1);
  });

  it('has locked an order all of whose lines were cancelled', async () => {
    const { port, stock } = await send(0, 0);
    assert.equal(port, 0);
    assert.deepEqual(stock, { state: 'locked', lines: [], holds: [], refusals: [], replayed: false });
    const { stock: books } = await hub.hub();
    const rest = await books.lock({
      opKey: 'rest',
      actor: 'test',
      orderKey: 'web/main/2',
      lines: [{ lineId: '1', sku: 'TEA', quantity: 10 }],
    });
    assert.equal(rest.state, 'locked', 'all ten units are still free');
  });

  it('gives back what an order held once all of its lines are cancelled', async () => {
    await send(4, 6);
    assert.equal((await send(0, 0)).port, 0);
    const { stock: books } = await hub.hub();
    const rest = await books.lock({
      opKey: 'rest',
      actor: 'test',
      orderKey: 'web/main/2',
      lines: [{ lineId: '1', sku: 'TEA', quantity: 10 }],
    });
    assert.equal(rest.state, 'locked', 'the ten units are free again');
  });

  it('goes on refusing an order without lines', async () => {
    const { port, stock } = await send();
    assert.equal(port, 1);
    assert.equal(stock.refusals[0]?.code, 'stock.bad-lines');
  });
});
