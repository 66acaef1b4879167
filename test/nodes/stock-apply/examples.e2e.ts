import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { PolicyAnswer } from '../../../core/stock/policy/answer.ts';
import { stockLevels } from '../../../core/store/queries/stock.ts';
import type { FlowNode } from '../../support/embedded-runtime.ts';
import { eventually } from '../channel-webhook/support/eventually.ts';
import { recorderOf } from '../channel-webhook/support/recorder.ts';
import { type SourceRuntime, startSources } from '../channel-webhook/support/source-runtime.ts';

const types = ['hub-store', 'order-save', 'order-event', 'stock-adjust', 'stock-policy', 'stock-apply'];

interface ExampleNode extends FlowNode {
  name?: string;
  payload?: string;
  wires?: string[][];
}

type Numbers = [available: number, held: number, committed: number, presale: number];

describe('the examples of stock-apply', () => {
  let runtime: SourceRuntime;
  let example: ExampleNode[];
  let sku: string;
  before(async () => {
    runtime = await startSources(types, []);
  });
  after(() => runtime?.stop());

  const deploy = async (name: string) => {
    const file = new URL(`../../../examples/${name}.json`, import.meta.url);
    example = JSON.parse(readFileSync(file, 'utf8')) as ExampleNode[];
    await runtime.setFlows(
      example.map((node) => (node.type === 'debug' ? { ...node, type: 'test-recorder', wires: [[]] } : node)),
    );
    for (const { id, type } of example) if (type === 'debug') recorderOf(id).clear();
    const goods = example.find(({ type, name: label }) => type === 'inject' && label?.includes('到货'))!;
    sku = (JSON.parse(goods.payload!) as { sku: string }[])[0]!.sku;
  };
  const idOf = (beginning: string): string => {
    const node = example.find(({ name: label }) => label?.startsWith(beginning));
    assert.ok(node, `no node is called ${beginning}`);
    return node.id;
  };
  const units = async (): Promise<Numbers | undefined> => {
    const { store } = await runtime.hub(example.find(({ type }) => type === 'hub-store')!.id);
    const [level] = await stockLevels(store.read, { sku, limit: 1, now: store.now() });
    return level && [level.available, level.held, level.committed, level.presale];
  };
  /** Presses an inject node and waits until the stock is so. */
  const press = async (beginning: string, wanted: Numbers) => {
    runtime.receive(idOf(beginning), {});
    await settled(beginning, wanted);
  };
  const settled = async (what: string, wanted: Numbers) => {
    let last: Numbers | undefined;
    await eventually(async () => {
      last = await units();
      return JSON.stringify(last) === JSON.stringify(wanted) ? true : undefined;
    }).catch(() => assert.deepEqual(last, wanted, what));
  };
  const answers = async (port: string, count: number): Promise<PolicyAnswer[]> =>
    (await recorderOf(idOf(port)).count(count)).map(({ stock }) => stock as PolicyAnswer);

  it('run an ordinary order with a part cancelled and two parcels', async () => {
    await deploy('stock-apply-normal');
    await press('10 件到货', [10, 0, 0, 0]);
    runtime.receive(idOf('1 下单'), {});
    assert.equal((await answers('无需处理', 1))[0]?.state, 'nothing');
    await press('2 付款', [7, 0, 3, 0]);
    await press('3 取消 1 件', [8, 0, 2, 0]);
    await press('4 先发 1 件', [8, 0, 1, 0]);
    await press('5 全部发货', [8, 0, 0, 0]);
    await press('B 付款', [4, 0, 4, 0]);
    await press('B 取消', [8, 0, 0, 0]);
    runtime.receive(idOf('C 要太多'), {});
    const short = await answers('库存不足', 1);
    assert.equal(short[0]?.code, 'policy.paid-no-stock');
    assert.equal(recorderOf(idOf('被拒绝')).messages.length, 0);
  });

  it('run a presale in two steps, and a balance that comes too late', async () => {
    await deploy('stock-apply-presale');
    await press('5 件到货', [5, 0, 0, 0]);
    await press('A1', [2, 0, 0, 3]);
    await press('A2', [2, 0, 3, 0]);
    await press('A3', [2, 0, 0, 0]);
    const deposit = example.find(({ name }) => name?.startsWith('B1'))!;
    const at = new Date(Date.now() + 1_500).toISOString();
    const due = { ...(JSON.parse(deposit.payload!) as object), times: { balance: { at, text: at } } };
    runtime.receive(deposit.wires![0]![0]!, { payload: due });
    await settled('deposit of B', [0, 0, 0, 2]);
    await settled('the window of B is over', [2, 0, 0, 0]);
    await press('C 买走', [0, 0, 2, 0]);
    runtime.receive(idOf('B2'), {});
    const [late] = await answers('库存不足', 1);
    assert.equal(late?.code, 'policy.paid-no-stock');
    assert.equal(late?.refusals[0]?.shortage?.available, 0);
  });

  it('run a point of sale with events of its own', async () => {
    await deploy('stock-apply-pos');
    await press('10 件到货', [10, 0, 0, 0]);
    await press('A 开小票', [8, 2, 0, 0]);
    await press('B 开小票', [5, 5, 0, 0]);
    await press('A 顾客提货', [5, 3, 0, 0]);
    await press('B 小票作废', [8, 0, 0, 0]);
    await press('C 当场成交', [7, 0, 0, 0]);
  });

  it('run a live sale by messages alone', async () => {
    await deploy('stock-apply');
    await press('6 件到货', [6, 0, 0, 0]);
    await press('小安下单', [4, 2, 0, 0]);
    runtime.receive(idOf('小安再下单'), {});
    assert.equal((await answers('被拒绝', 1))[0]?.state, 'refused');
    await press('小宝下单', [2, 4, 0, 0]);
    await press('小宝付款', [2, 2, 2, 0]);
    await press('小安取消', [4, 0, 2, 0]);
  });
});
