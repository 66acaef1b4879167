import assert from 'node:assert/strict';
import { Hub } from '../../../core/hub.ts';
import { askExplain } from '../../../core/insight/query/stock.ts';
import type { Language } from '../../../core/message.ts';
import type { PolicyWarehouses } from '../../../core/stock/policy/rule.ts';
import { type AnyPlace, onEachStore } from '../store/each-store.ts';
import { aPolicy } from './policy/a-policy.ts';

interface Answer {
  available: number;
  addsUp: boolean;
  sentences: string[];
  warehouses: {
    pool: string;
    available: number;
    onHand?: number;
    components?: { sku: string; bundles: number }[];
  }[];
}

onEachStore('why a number is what it is, with warehouses behind the pool', (makePlace) => {
  let place: AnyPlace;
  let hub: Hub;
  const warehouses: PolicyWarehouses = {
    pools: [
      { pool: 'north', regions: [] },
      { pool: 'south', regions: [] },
    ],
    choose: 'fixed-order',
    split: true,
  };
  const actor = 'test';
  const receive = (pool: string, sku: string, quantity: number) =>
    hub.stock.receive({ opKey: `${pool} ${sku}`, actor, pool, lines: [{ sku, quantity }] });
  const explained = async (sku: string, language: Language = 'en-US') =>
    (await askExplain({ sku, pool: 'web' }, { hub, language, personal: false })) as unknown as Answer;

  beforeEach(async () => {
    place = await makePlace();
    hub = await Hub.open(await place.open());
    hub.policies.add(aPolicy({ pool: 'web', warehouses }));
  });
  afterEach(async () => {
    await hub.close();
    await place.dispose();
  });

  it('gives the number of each warehouse, their sum, and what stands behind each', async () => {
    await receive('north', 'TEA', 5);
    await receive('south', 'TEA', 4);
    const lines = [{ lineId: '1', sku: 'TEA', quantity: 3 }];
    const asked = { opKey: 'lock', actor, pool: 'web', orderKey: 'web/main/1', lines };
    await hub.stock.lock({
      ...asked,
      warehouses: { ...warehouses, pools: [{ pool: 'north' }, { pool: 'south' }] },
    });
    const answer = await explained('TEA');
    assert.deepEqual(
      answer.warehouses.map(({ pool, available, onHand }) => [pool, available, onHand]),
      [
        ['north', 2, 5],
        ['south', 4, 4],
      ],
    );
    assert.deepEqual([answer.available, answer.addsUp], [6, true]);
    assert.equal(
      answer.sentences[0],
      '6 of TEA can be sold from web now, out of 2 warehouses: north 2, south 4.',
    );
    assert.match(answer.sentences.join(' '), /Order web\/main\/1/, 'who holds the rest');
    const [told] = (await explained('TEA', 'zh-CN')).sentences;
    assert.equal(told, 'web 的 TEA 现在可售 6 件，来自 2 个仓库：north 2，south 4。');
  });

  it('says what one order can get at most where none is split', async () => {
    hub = await reopened({ ...warehouses, split: false });
    await receive('north', 'TEA', 5);
    await receive('south', 'TEA', 4);
    assert.match((await explained('TEA')).sentences[0]!, /One order gets 5 at most/);
  });

  it('gives what each warehouse can make of a bundle, and what keeps it from more', async () => {
    const components = [
      { sku: 'TEA', quantity: 1 },
      { sku: 'CUP', quantity: 2 },
    ];
    await receive('north', 'TEA', 5);
    await receive('north', 'CUP', 4);
    await receive('south', 'TEA', 1);
    await receive('south', 'CUP', 9);
    await hub.stock.defineBundle({ bundle: 'SET', components, opKey: 'set', actor });
    const answer = await explained('SET');
    assert.equal(answer.available, 3);
    assert.deepEqual(
      answer.warehouses.map(({ pool, components: parts }) => [
        pool,
        parts?.map(({ sku, bundles }) => `${sku} ${bundles}`),
      ]),
      [
        ['north', ['CUP 2', 'TEA 5']],
        ['south', ['CUP 4', 'TEA 1']],
      ],
    );
    assert.match(answer.sentences[0]!, /3 of SET .* north 2, south 1\./);
    for (const sentence of answer.sentences) assert.doesNotMatch(sentence, /undefined|\{/);
    const part = await askExplain({ sku: 'CUP', pool: 'north' }, { hub, language: 'en-US', personal: false });
    assert.match(part.sentences[1]!, /CUP is also sold as a part of: SET/);
  });

  it('refuses what no warehouse knows', async () => {
    await assert.rejects(explained('NONE'), { code: 'query.no-sku' });
  });

  async function reopened(behind: PolicyWarehouses): Promise<Hub> {
    await hub.close();
    const opened = await Hub.open(await place.open());
    opened.policies.add(aPolicy({ pool: 'web', warehouses: behind }));
    return opened;
  }
});
