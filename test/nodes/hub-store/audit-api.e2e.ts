import assert from 'node:assert/strict';
import type { Hub } from '../../../core/hub.ts';
import { type SourceRuntime, startSources } from '../channel-webhook/support/source-runtime.ts';
import { order, save } from '../order-event/orders.ts';

const store = { id: 'f0a4000000000002', type: 'hub-store', path: '', version: 1 };

interface Finding {
  id: number;
  code: string;
  sentence: string;
  repair: { act: string; sentence: string };
  repairedBy: string | null;
}

interface Answer {
  code?: string;
  sentence?: string;
  state?: string;
  after?: object;
  replayed?: boolean;
  findings: Finding[];
  round: { opened: number; cleared: number };
  lastRound: { whole: boolean } | null;
}

describe('admin API of the stock audit', function () {
  this.timeout(30_000);
  let runtime: SourceRuntime;
  let hub: Hub;

  before(async () => {
    runtime = await startSources(['hub-store'], [store]);
    hub = await runtime.hub(store.id);
    hub.audit.configure({ graceMs: 0 });
    await hub.stock.receive({ opKey: 'in', actor: 'test', lines: [{ sku: 'TEA-250', quantity: 9 }] });
    const lines = [{ lineId: '1', sku: 'TEA-250', quantity: 2 }];
    await save(hub, order('A-1', { status: 'paid', lines }));
  });
  after(() => runtime.stop());

  async function call(method: string, path: string, body?: object, language = 'en-US') {
    const response = await fetch(`${runtime.adminUrl}/order-hub/v1/${path}`, {
      method,
      headers: { 'accept-language': language, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json');
    return { status: response.status, text, body: (json ? JSON.parse(text) : {}) as Answer };
  }

  it('lists findings, repairs one for a reason, once, and clears it', async () => {
    assert.equal((await call('GET', 'audit')).body.lastRound, null);
    const run = await call('POST', 'audit/run', {}, 'zh-CN');
    assert.deepEqual([run.status, run.body.round.opened, run.body.lastRound?.whole], [200, 1, true]);
    const [finding] = run.body.findings;
    assert.equal(finding?.code, 'audit.uncovered');
    assert.match(finding.sentence, /没有锁够：订购 2/);
    assert.match(finding.repair.sentence, /补锁/);

    const health = await call('GET', 'health');
    assert.match(health.text, /The stock audit has 1 open findings, such as: Order web\/main\/A-1/);
    assert.match(
      (await call('GET', 'metrics')).text,
      /order_hub_audit_findings\{code="audit.uncovered",level="wrong"\} 1/,
    );

    const path = `audit/findings/${finding.id}/repair`;
    assert.equal((await call('POST', path, { opKey: 'r-1' })).body.code, 'query.missing');
    assert.equal((await call('POST', path, { reason: 'seen on the board' })).body.code, 'query.missing');
    const wanted = { reason: 'seen on the board', opKey: 'r-1' };
    const done = await call('POST', path, wanted);
    assert.deepEqual(
      [done.status, done.body.state, done.body.after, done.body.replayed],
      [200, 'repaired', { 1: 2 }, false],
    );
    assert.equal((await call('POST', path, wanted)).body.replayed, true);

    const after = await call('POST', 'audit/run', {});
    assert.deepEqual([after.body.round.cleared, after.body.findings], [1, []]);
    const cleared = await call('GET', 'audit?state=cleared');
    assert.deepEqual(
      cleared.body.findings.map(({ id, repairedBy }) => [id, repairedBy]),
      [[finding.id, 'anonymous']],
    );
    assert.equal((await call('POST', path, { ...wanted, opKey: 'r-2' })).body.code, 'audit.already-cleared');
    assert.match((await call('GET', 'acts?act=stock.repair')).text, /seen on the board/);
  });

  it('says what it does not know', async () => {
    const unknown = await call('POST', 'audit/findings/99/repair', { reason: 'r', opKey: 'k' });
    assert.deepEqual([unknown.status, unknown.body.code], [404, 'audit.unknown-finding']);
    const odd = await call('GET', 'audit?state=lost');
    assert.deepEqual([odd.status, odd.body.code], [400, 'query.bad-choice']);
  });
});
