import assert from 'node:assert/strict';
import { Hub } from '../../../../core/hub.ts';
import { askExplain } from '../../../../core/insight/query/stock.ts';
import { Auditor } from '../../../../core/stock/audit/auditor.ts';
import { openFindings } from '../../../../core/store/queries/audit.ts';
import { VirtualTime } from '../../delivery/virtual-time.ts';
import { anOrder } from '../../order/an-order.ts';
import { makePostgresPlace, type PostgresPlace } from '../../store/postgres-place.ts';
import { aPolicy, aRule } from './a-policy.ts';

const actor = 'test';
const minute = 60_000;

describe('stock policies that processes on one PostgreSQL apply', () => {
  let place: PostgresPlace;
  let time: VirtualTime;
  let applies: Hub;
  let asks: Hub;
  const warehouses = {
    pools: [
      { pool: 'north', regions: [] },
      { pool: 'south', regions: [] },
    ],
    choose: 'fixed-order' as const,
    split: true,
  };
  const policy = aPolicy({ pool: 'web', warehouses, rules: [aRule('normal')] });

  beforeEach(async () => {
    time = new VirtualTime();
    place = await makePostgresPlace();
    applies = await Hub.open(await place.open({ now: time.now }), { timers: time });
    asks = await Hub.open(await place.open({ now: time.now }), { timers: time });
  });
  afterEach(async () => {
    await applies.close();
    await asks.close();
    await place.dispose();
  });

  const apply = async () => {
    const forget = applies.policies.add(policy);
    await applies.policies.say();
    return forget;
  };

  it('are known to a process that applies none, until they are no longer applied', async () => {
    const forget = await apply();
    assert.deepEqual(await asks.policies.inForce(), [policy]);
    assert.deepEqual(asks.policies.own, []);
    forget();
    await applies.policies.say();
    assert.deepEqual(await asks.policies.inForce(), []);
  });

  it('count once where several processes apply the same', async () => {
    await apply();
    asks.policies.add(aPolicy({ pool: 'web', warehouses, rules: [aRule('normal')] }));
    await asks.policies.say();
    assert.equal((await asks.policies.inForce()).length, 1);
    assert.equal((await applies.policies.inForce()).length, 1);
  });

  it('are in force no more when their process has been silent for long', async () => {
    await apply();
    await applies.policies.stop();
    time.jump(4 * minute);
    assert.equal((await asks.policies.inForce()).length, 1, 'a restart takes no longer');
    time.jump(2 * minute);
    assert.deepEqual(await asks.policies.inForce(), []);
    asks.policies.add(policy);
    await asks.policies.say();
    const rows = await asks.store.read.selectFrom('applied_policies').select('owner').execute();
    assert.deepEqual(rows, [{ owner: asks.store.owner }], 'what a dead process said stays for ever');
  });

  it('tell the explanation of any process which warehouses stand behind a pool', async () => {
    await apply();
    for (const { pool } of warehouses.pools)
      await asks.stock.receive({ opKey: pool, actor, pool, lines: [{ sku: 'TEA', quantity: 4 }] });
    const answer = await askExplain(
      { sku: 'TEA', pool: 'web' },
      { hub: asks, language: 'en-US', personal: false },
    );
    assert.deepEqual('warehouses' in answer && answer.warehouses?.map(({ pool }) => pool), [
      'north',
      'south',
    ]);
  });

  it('tell the audit of any process what an order is to hold', async () => {
    const saved = await asks.orders.save({
      order: anOrder({
        channelOrderId: '1',
        scenario: 'pos',
        status: 'paid',
        lines: [{ lineId: '1', sku: 'TEA', quantity: 2 }],
      }),
      inboxId: null,
      arrivedAt: time.now(),
    });
    await asks.stock.receive({ opKey: 'goods', actor, pool: 'web', lines: [{ sku: 'TEA', quantity: 4 }] });
    const audit = new Auditor(asks.store, asks.stock, { settings: { graceMs: -1 }, policies: asks.policies });
    const found = async () => {
      await audit.run();
      return (await openFindings(asks.store.read)).map(({ code, object }) => `${code} ${object}`);
    };
    assert.deepEqual(await found(), [`audit.uncovered line:${saved.key}#1`]);
    // Nothing is locked in this scenario before the goods are ready.
    applies.policies.add(aPolicy({ rules: [aRule('pos', { lockOn: ['ready'], committedOn: [] })] }));
    await applies.policies.say();
    assert.deepEqual(await found(), [], 'the audit does not know the policy of the other process');
  });
});
