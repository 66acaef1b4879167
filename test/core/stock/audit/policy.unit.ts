import { strict as assert } from 'node:assert';
import { applyPolicy } from '../../../../core/stock/policy/apply.ts';
import { onEachStore } from '../../store/each-store.ts';
import { aPolicy, aRule } from '../policy/a-policy.ts';
import { type AuditFixture, hour, openAudit } from './audit-fixture.ts';

const actor = 'test';

onEachStore('the stock audit where a stock policy is applied', (makePlace) => {
  let hub: AuditFixture;
  const policy = aPolicy({
    pool: 'web',
    rules: [aRule('pos'), aRule('live'), aRule('presale'), aRule('normal')],
  });

  beforeEach(async () => {
    hub = await openAudit(makePlace);
    hub.auditor.policies.add(policy);
    for (const pool of ['main', 'web'])
      await hub.stock.receive({ opKey: pool, actor, pool, lines: [{ sku: 'TEA', quantity: 20 }] });
  });
  afterEach(() => hub.close());

  const apply = (orderKey: string, type: string) =>
    applyPolicy(hub.store, hub.stock, policy, {
      orderKey,
      type,
      order: undefined,
      opKey: `${orderKey} ${type}`,
      actor,
    });
  const holds = () =>
    hub.store.read.selectFrom('stock_holds').selectAll().where('state', '=', 'open').execute();

  it('takes a paid receipt that was not collected by closing for what it is', async () => {
    const key = await hub.order('1', [['TEA', 2]], { scenario: 'pos' });
    assert.equal((await apply(key, 'paid')).state, 'locked');
    hub.clock.now += 25 * hour;
    await hub.stock.sweep();
    assert.deepEqual(await hub.found(), [], 'its units are free by the policy');
  });

  it('takes a receipt for what it is that an event freed', async () => {
    const key = await hub.order('1', [['TEA', 2]], { scenario: 'pos' });
    await apply(key, 'paid');
    assert.equal((await apply(key, 'not-collected')).state, 'released');
    hub.clock.now += hour;
    assert.deepEqual(await hub.found(), []);
  });

  it('covers what a payment makes due though its lock lapsed, in the bucket and pool of its rule', async () => {
    const key = await hub.order('1', [['TEA', 2]], { scenario: 'live' });
    hub.clock.now += hour;
    const { open } = await hub.audit();
    assert.deepEqual(
      open.map(({ code, object }) => `${code} ${object}`),
      [`audit.uncovered line:${key}#1`],
    );
    const { repair, id } = open[0]!;
    assert.deepEqual(
      [repair.act, repair.target.pool, repair.after],
      ['lock', 'web', { 1: 2, bucket: 'committed' }],
    );
    const wanted = { findingId: id, actor: 'boss', reason: 'found by audit', opKey: 'r', knowsUsers: false };
    assert.equal((await hub.auditor.repair(wanted)).state, 'repaired');
    assert.equal((await hub.auditor.repair(wanted)).replayed, true);
    assert.deepEqual(
      (await holds()).map(({ bucket, scenario, deadline, remaining }) => [
        bucket,
        scenario,
        deadline,
        remaining,
      ]),
      [['committed', 'live', null, 2]],
    );
    assert.deepEqual(await hub.found(), []);
  });

  it('says again why there is too little stock for it', async () => {
    await hub.order('1', [['TEA', 30]]);
    hub.clock.now += hour;
    const { open } = await hub.audit();
    const wanted = { findingId: open[0]!.id, actor, reason: 'r', opKey: 'r', knowsUsers: false };
    const answer = await hub.auditor.repair(wanted);
    assert.deepEqual([answer.state, answer.refusals.map(({ code }) => code)], ['refused', ['stock.short']]);
  });

  it('leaves to the policy when an order is locked, as long as one is applied', async () => {
    const forget = hub.auditor.policies.add({ ...policy, rules: [aRule('transfer')] });
    const key = await hub.order('1', [['TEA', 1]], { scenario: 'transfer' });
    hub.clock.now += hour;
    assert.deepEqual(await hub.found(), [], 'a transfer is locked when it is requested, not when it is paid');
    forget();
    assert.deepEqual(
      await hub.found(),
      [`audit.uncovered line:${key}#1`],
      'no policy speaks for it any more',
    );
  });
});
