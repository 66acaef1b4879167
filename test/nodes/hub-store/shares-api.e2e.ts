import assert from 'node:assert/strict';
import type { Hub } from '../../../core/hub.ts';
import type { ChannelShare } from '../../../core/stock/shares/policy.ts';
import { type SourceRuntime, startSources } from '../channel-webhook/support/source-runtime.ts';

const store = { id: 'f0a5000000000002', type: 'hub-store', path: '', version: 1 };
const row = { shop: 'main', kind: 'percent', cap: null, fence: null, listings: 'mapped' } as const;

describe('admin API of the shares', function () {
  this.timeout(30_000);
  let runtime: SourceRuntime;
  let hub: Hub;

  before(async () => {
    runtime = await startSources(['hub-store'], [store]);
    hub = await runtime.hub(store.id);
    const lines = [
      { sku: 'TEA', quantity: 10 },
      { sku: 'CUP', quantity: 10 },
    ];
    await hub.stock.receive({ opKey: 'in', actor: 'test', lines });
    const channels: ChannelShare[] = [
      { ...row, channel: 'web', amount: 80 },
      { ...row, channel: 'pos', amount: 50 },
    ];
    const policy = { pools: ['main'], buffer: 0, closeBelow: 1, reopenAt: 1, lastUnits: null, channels };
    await hub.shares.run({ id: 's1', label: 'shops', policy });
  });
  after(() => runtime.stop());

  async function call(method: string, path: string, body?: object, language = 'en-US') {
    const response = await fetch(`${runtime.adminUrl}/order-hub/v1/${path}`, {
      method,
      headers: { 'accept-language': language, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  it('takes listings, and lists those that nothing stands behind', async () => {
    const listings = [
      { channel: 'web', shop: 'main', listing: 'w-1', sku: 'TEA' },
      { channel: 'web', shop: 'main', listing: 'w-2', sku: 'TEA' },
      { channel: 'web', shop: 'main', listing: 'w-3', sku: null },
      { channel: 'web', shop: 'main', listing: 'w-4', sku: 'NOT-KNOWN' },
      { channel: 'web', shop: '', listing: 'w-5' },
    ];
    const told = await call('POST', 'listings', { listings }, 'zh-CN');
    const [refusal] = told.body.refusals as { row: number; sentence: string }[];
    assert.deepEqual([told.status, told.body.saved, refusal!.row], [200, 4, 5]);
    assert.match(refusal!.sentence, /列表第 5 项/);
    const ids = async (query: string) => {
      const { body } = await call('GET', `listings?${query}`);
      return (body.listings as { listing: string }[]).map(({ listing }) => listing);
    };
    assert.deepEqual(await ids('unmapped=yes'), ['w-3', 'w-4']);
    const { body } = await call('GET', 'listings?limit=3');
    assert.deepEqual(await ids(`limit=3&after=${body.next}`), ['w-4']);
    const none = await call('POST', 'listings', { listings: 'w-1' });
    assert.deepEqual([none.status, none.body.code], [400, 'shares.listings-wanted']);
  });

  it('shows each number, why, and how old what the channel shows is', async () => {
    await hub.shares.settle('s1');
    const answered = { share: 's1', channel: 'web', shop: 'main', listing: 'w-1', version: 1, result: 'ok' };
    await hub.shares.pushed({ ...answered, at: hub.store.now() - 90_000 });
    const { body } = await call('GET', 'shares?sku=TEA');
    const states = body.states as {
      listing: string;
      sellable: number;
      why: { sentence: string };
      pushed: { version: number; ageSeconds: number } | null;
    }[];
    assert.deepEqual(
      states.map(({ listing, sellable, pushed }) => [listing, sellable, pushed?.version]),
      [
        ['w-1', 8, 1],
        ['w-2', 8, undefined],
      ],
    );
    assert.ok(states[0]!.pushed!.ageSeconds >= 90);
    assert.match(states[0]!.why.sentence, /80 %/);
    const never = await call('GET', 'shares?pushed=never');
    assert.deepEqual(
      (never.body.states as { listing: string }[]).map(({ listing }) => listing),
      ['w-2'],
    );
  });

  it('warns of percentages above 100, shared listings and SKUs without any', async () => {
    const { body } = await call('GET', 'shares/warnings');
    assert.deepEqual(
      (body.warnings as { code: string }[]).map(({ code }) => code),
      ['shares.over-percent', 'shares.shared-mapping'],
    );
    assert.match((body.warnings as { sentence: string }[])[1]!.sentence, /web\/main\/w-1, web\/main\/w-2/);
    assert.deepEqual(body.unlistedSkus, ['CUP']);
  });

  it('sends all again, and knows which share is meant', async () => {
    const all = await call('POST', 'shares/send-all', { share: 's1' });
    assert.deepEqual([all.status, all.body.sent], [200, 0], 'they still wait');
    const unknown = await call('POST', 'shares/send-all', { share: 'x' });
    assert.deepEqual([unknown.status, unknown.body.code], [404, 'shares.unknown']);
    const { body } = await call('GET', 'acts');
    assert.deepEqual((body.acts as { act: string }[]).map(({ act }) => act).sort(), [
      'listings.tell',
      'shares.send-all',
    ]);
  });

  it('warns of a shop that was taken out and still shows numbers, and closes them', async () => {
    assert.deepEqual(await hub.shares.leftBehind('s1'), [], 'all shops are in the rules');
    const channels: ChannelShare[] = [{ ...row, channel: 'pos', amount: 50 }];
    await hub.shares.run({
      id: 's1',
      label: 'shops',
      policy: { pools: ['main'], buffer: 0, closeBelow: 1, reopenAt: 1, lastUnits: null, channels },
    });
    const warned = async () =>
      (
        (await call('GET', 'shares/warnings', undefined, 'zh-CN')).body.warnings as Record<string, unknown>[]
      ).filter(({ code }) => code === 'shares.left-behind');
    const [warning] = await warned();
    assert.deepEqual([warning?.share, warning?.channel, warning?.shop], ['s1', 'web', 'main']);
    assert.match(String(warning?.sentence), /web\/main 已不在表格中，但仍有 2 个商品/);
    const body = { share: 's1', channel: 'web', shop: 'main' };
    const closed = await call('POST', 'shares/close-left', body);
    assert.deepEqual([closed.status, closed.body.closed], [200, 2]);
    assert.deepEqual(await warned(), []);
    const unknown = await call('POST', 'shares/close-left', { ...body, share: 'x' });
    assert.deepEqual([unknown.status, unknown.body.code], [404, 'shares.unknown']);
    const missing = await call('POST', 'shares/close-left', { share: 's1' });
    assert.equal(missing.body.code, 'query.missing');
    const { body: acts } = await call('GET', 'acts?act=shares.close-left');
    const [act] = acts.acts as { object: string; detail: object }[];
    assert.deepEqual([act?.object, act?.detail], ['s1', { channel: 'web', shop: 'main', closed: 2 }]);
  });
});
