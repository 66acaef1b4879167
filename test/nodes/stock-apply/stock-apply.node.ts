import assert from 'node:assert/strict';
import type { PolicyAnswer } from '../../../core/stock/policy/answer.ts';
import stockApply from '../../../nodes/stock-apply/stock-apply.ts';
import type { PolicySettings, SavedRule } from '../../../nodes/stock-policy/policy-settings.ts';
import stockPolicy from '../../../nodes/stock-policy/stock-policy.ts';
import { order, save } from '../order-event/orders.ts';
import { helper } from '../shared/helper.ts';
import { type HubCase, startHubCase } from '../shared/hub-case.ts';
import { policySettings } from '../stock-policy/settings.ts';

const policyId = '0c5e0000000000dd';
const ports = { done: 0, nothing: 1, short: 2, refused: 3 };

describe('stock-apply', () => {
  let hub: HubCase;
  before(() => helper.startServer());
  after(() => helper.stopServer());
  afterEach(() => hub.stop());

  const start = async (settings: Partial<PolicySettings> = {}) => {
    hub = await startHubCase(stockApply, { type: 'stock-apply', ports: 4, policy: policyId }, [
      {
        node: stockPolicy,
        config: { id: policyId, type: 'stock-policy', version: 1, ...policySettings(settings) },
      },
    ]);
    const { stock } = await hub.hub();
    await stock.receive({ opKey: 'first', actor: 'test', lines: [{ sku: 'TEA-250', quantity: 5 }] });
  };
  const send = async (message: Record<string, unknown>) => {
    const { port, message: out } = await hub.send({ order: { key: 'web/main/1' }, ...message });
    return { port, stock: out.stock as PolicyAnswer, out };
  };
  /** The code of the next error that the node reports. */
  const failure = () =>
    new Promise<string | undefined>((resolve) => {
      const told = (call: { args: { code?: string }[] }) => resolve(call.args[0]?.code);
      helper.getNode(hub.node).once('call:error', told as never);
    });
  const event = (id: number, type: string) => ({ event: { id, type } });

  it('lets the audit ask its policy, as long as it is deployed', async () => {
    await start();
    const { audit } = await hub.hub();
    const scenarios = () =>
      audit.settings.policies.flatMap(({ rules }) => rules.map((rule) => rule.scenario));
    assert.deepEqual(scenarios(), ['normal', 'presale', 'pos']);
    await helper.getNode(hub.node).close(true);
    assert.deepEqual(scenarios(), [], 'the policy of a node that is gone is asked');
  });

  it('locks, passes on what needs nothing, deducts and keeps the message as it is', async () => {
    await start();
    const all = await hub.hub();
    await save(all, order('1', { status: 'paid' }));
    const locked = await send({ ...event(1, 'paid'), payload: { mine: true } });
    assert.equal(locked.port, ports.done);
    assert.equal(locked.stock.state, 'locked');
    assert.deepEqual(locked.out.payload, { mine: true });
    const nothing = await send(event(2, 'changed'));
    assert.equal(nothing.port, ports.nothing);
    assert.equal(nothing.stock.state, 'nothing');
    await save(all, order('1', { status: 'shipped' }));
    const shipped = await send(event(3, 'shipped'));
    assert.equal(shipped.port, ports.done);
    assert.equal(shipped.stock.state, 'deducted');
    const again = await send(event(3, 'shipped'));
    assert.equal(again.port, ports.done);
    assert.equal(again.stock.replayed, true);
  });

  it('sends what is paid and has no stock out by its own port, with the sentence', async () => {
    await start();
    await save(
      await hub.hub(),
      order('1', { status: 'paid', lines: [{ lineId: '1', sku: 'TEA-250', quantity: 6 }] }),
    );
    const { port, stock } = await send(event(1, 'paid'));
    assert.equal(port, ports.short);
    assert.equal(stock.code, 'policy.paid-no-stock');
    assert.match(stock.sentence ?? '', /web\/main\/1.*6/);
  });

  it('takes the topic for the event when a flow of one’s own sends it', async () => {
    await start();
    const receipt = { scenario: 'pos', lines: [{ lineId: '1', sku: 'TEA-250', quantity: 2 }] };
    assert.equal((await send({ topic: 'created', payload: receipt })).stock.state, 'locked');
    assert.equal((await send({ topic: 'collected', payload: receipt })).stock.state, 'deducted');
  });

  it('refuses a scenario without a row', async () => {
    await start();
    await save(await hub.hub(), order('1', { status: 'paid', scenario: 'auction' }));
    const { port, stock } = await send(event(1, 'paid'));
    assert.equal(port, ports.refused);
    assert.equal(stock.refusals[0]?.code, 'policy.unknown-scenario');
  });

  for (const [what, message, code] of [
    ['says nothing of what happened', { payload: {} }, 'stock-apply.no-event'],
    ['names no order', { topic: 'paid', order: undefined }, 'node.no-order'],
  ] as const)
    it(`fails for a message that ${what}`, async () => {
      await start();
      const failed = failure();
      helper.getNode(hub.node).receive({ order: { key: 'web/main/1' }, ...message });
      assert.equal(await failed, code);
    });

  it('fails, and does not guess, when its policy has a fault', async () => {
    const rules = [{ ...policySettings().rules[0], freeOn: [] }] as unknown as SavedRule[];
    await start({ rules });
    const failed = failure();
    helper.getNode(hub.node).receive({ order: { key: 'web/main/1' }, topic: 'paid' });
    assert.equal(await failed, 'node.config-missing');
  });
});
