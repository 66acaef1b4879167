import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CountAnswer } from '../../../core/stock/count/counts.ts';
import { xlsxFile } from '../../core/stock/count/xlsx-file.ts';
import { type AdminUser, bearerToken, type FlowNode } from '../../support/embedded-runtime.ts';
import { recorderOf } from '../channel-webhook/support/recorder.ts';
import { type SourceRuntime, startSources } from '../channel-webhook/support/source-runtime.ts';

const tab = { id: 'c0a7000000000001', type: 'tab', label: 'count' };
const store = { id: 'c0a7000000000002', type: 'hub-store', path: '', version: 1 };
const place = { z: tab.id, x: 100, y: 100 };
const file: FlowNode = {
  ...place,
  id: 'c0a7000000000011',
  type: 'file in',
  filename: 'filename',
  filenameType: 'msg',
  format: '',
  wires: [['c0a7000000000012']],
};
const ports = ['c0a7000000000021', 'c0a7000000000022', 'c0a7000000000023'];
const count: FlowNode = {
  ...place,
  id: 'c0a7000000000012',
  type: 'stock-count',
  store: store.id,
  pool: 'main',
  kind: 'full',
  missing: 'report',
  data: 'payload',
  dataType: 'msg',
  sheet: 'filename',
  sheetType: 'msg',
  units: '5',
  zone: 'Asia/Shanghai',
  wires: ports.map((id) => [id]),
  version: 1,
};
const outs = ports.map((id) => ({ ...place, id, type: 'test-recorder', wires: [[]] }));
const users: AdminUser[] = [
  { username: 'wang', password: 'p', permissions: '*' },
  { username: 'li', password: 'p', permissions: ['order-hub.read', 'order-hub.stock.adjust'] },
  { username: 'reader', password: 'p', permissions: ['order-hub.read'] },
];

/** What the tests look at in the API's answers. */
interface ReplyBody {
  code?: string;
  state?: string;
  corrected?: number;
  replayed?: boolean;
  next?: string | null;
  counts?: { id: number }[];
  lines?: { sku: string; reason: { sentence: string } | null }[];
  stock?: { onHand: number }[];
  acts?: { actor: string; object: string }[];
}

describe('stock-taking in Node-RED', () => {
  let runtime: SourceRuntime;
  before(async () => {
    runtime = await startSources(['hub-store', 'stock-count'], [tab, store, file, count, ...outs], {
      adminAuth: users,
    });
    const { stock } = await runtime.hub(store.id);
    const lines = ['TEA', 'MUG', 'POT', 'PAN'].map((sku) => ({ sku, quantity: 20 }));
    await stock.receive({ opKey: 'in', actor: 'test', lines });
  });
  after(() => runtime?.stop());

  const call = async (path: string, user: string, body?: object, language = 'en-US') => {
    const response = await fetch(`${runtime.adminUrl}/order-hub/v1/${path}`, {
      method: body ? 'POST' : 'GET',
      headers: {
        authorization: `Bearer ${bearerToken(user)}`,
        'accept-language': language,
        'content-type': 'application/json',
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const isJson = response.headers.get('content-type')?.includes('json');
    return {
      status: response.status,
      text: bytes.toString(),
      body: (isJson ? JSON.parse(bytes.toString()) : {}) as ReplyBody,
    };
  };
  const answerAt = async (port: number): Promise<CountAnswer> => {
    const [message] = await recorderOf(ports[port]!).count(1);
    return message!.stock as CountAnswer;
  };
  let id: number;

  it('takes in an Excel file', async () => {
    const filename = join(runtime.userDir, 'count.xlsx');
    await writeFile(
      filename,
      xlsxFile([
        ['商品编码', '实盘数量'],
        ['TEA', 18],
        ['MUG', 2],
        ['POT', -1],
      ]),
    );
    runtime.receive(file.id, { filename, actor: 'wang' });
    const [sheet, waits, refused] = await Promise.all([0, 1, 2].map(answerAt));
    id = sheet!.count!.id;
    assert.deepEqual(
      [sheet, waits, refused].map((answer) => answer!.lines.map((line) => [line.sku, line.state])),
      [
        [
          ['TEA', 'corrected'],
          ['PAN', 'uncounted'],
        ],
        [['MUG', 'waiting']],
        [['POT', 'refused']],
      ],
    );
    assert.equal(refused!.lines[0]?.row, 4);
  });

  it('lists the sheet and pages through its lines', async () => {
    const all = await call('counts?state=waiting', 'reader');
    assert.deepEqual([all.status, all.body.counts?.[0]?.id], [200, id]);
    const first = await call(`counts/${id}?limit=2`, 'reader');
    const lines = (reply: typeof first) => reply.body.lines ?? [];
    const rest = await call(`counts/${id}?limit=2&after=${first.body.next}`, 'reader', undefined, 'zh-CN');
    assert.deepEqual(
      [...lines(first), ...lines(rest)].map(({ sku }) => sku),
      ['TEA', 'MUG', 'POT', 'PAN'],
    );
    assert.match(lines(rest)[0]?.reason?.sentence ?? '', /第 4 行/);
    assert.equal((await call('counts/999', 'reader')).status, 404);
    assert.equal((await call('counts?state=nonsense', 'reader')).status, 400);
  });

  it('lets only a second person with the right decide', async () => {
    const act = { opKey: 'click 1', reason: 'seen' };
    assert.equal((await call(`counts/${id}/approve`, 'reader', act)).status, 401);
    const own = await call(`counts/${id}/approve`, 'wang', act);
    assert.deepEqual([own.status, own.body.code], [403, 'count.second-person']);
    assert.deepEqual((await call(`counts/${id}/approve`, 'li', {})).body.code, 'api.no-op-key');
    const done = await call(`counts/${id}/approve`, 'li', act);
    assert.deepEqual([done.status, done.body.state, done.body.corrected], [200, 'applied', 2]);
    const again = await call(`counts/${id}/approve`, 'li', act);
    assert.deepEqual([again.status, again.body.replayed], [200, true]);
    const late = await call(`counts/${id}/reject`, 'li', { opKey: 'click 2' });
    assert.deepEqual([late.status, late.body.code], [409, 'count.nothing-waits']);
    const { stock } = (await call('stock?sku=MUG', 'reader')).body;
    assert.equal(stock?.[0]?.onHand, 2);
    const { acts } = (await call('acts?act=count.approve', 'reader')).body;
    assert.deepEqual(
      acts?.map(({ actor, object }) => [actor, object]),
      [['li', `count:${id}`]],
    );
  });

  it('makes a file to fill in, that Excel reads, of what was not counted for longest', async () => {
    const english = await call('counts/template?limit=1', 'reader');
    assert.equal(english.text, '\ufeffsku,counted,counted at\r\nPAN,,\r\n');
    const chinese = await call('counts/template?limit=2', 'reader', undefined, 'zh-CN');
    assert.equal(chinese.text, '\ufeff商品编码,实盘数量,盘点时间\r\nPAN,,\r\nPOT,,\r\n');
    for (const port of ports) recorderOf(port).clear();
    runtime.receive(count.id, { payload: chinese.text.replace('POT,,', 'POT,20,'), actor: 'wang' });
    assert.equal((await answerAt(0)).agreed, 1);
  });

  it('runs the example', async () => {
    const example = JSON.parse(
      readFileSync(new URL('../../../examples/stock-count.json', import.meta.url), 'utf8'),
    ) as (FlowNode & {
      type: string;
      payload?: string;
      props?: { p: string; v?: string }[];
      wires?: string[][];
    })[];
    const node = example.find(({ type }) => type === 'stock-count')!;
    const debugs = example.filter(({ type }) => type === 'debug');
    const { stock } = await runtime.hub(store.id);
    await stock.receive({
      opKey: 'example',
      actor: 'test',
      lines: ['CNT-CUP', 'CNT-PLATE', 'CNT-BOWL'].map((sku) => ({ sku, quantity: 50 })),
    });
    await runtime.setFlows([
      tab,
      store,
      { ...node, z: tab.id, store: store.id },
      ...debugs.map(({ id: debug }) => ({ ...place, id: debug, type: 'test-recorder', wires: [[]] })),
    ] as FlowNode[]);
    const inject = example.find(({ name }) => name === 'CSV of shelf 3')!;
    const fields = Object.fromEntries(
      (inject.props ?? []).filter(({ v }) => v !== undefined).map(({ p, v }) => [p, v]),
    );
    runtime.receive(node.id, { ...fields, payload: inject.payload });
    const answers = await Promise.all(
      debugs.map(async ({ id: debug }) => (await recorderOf(debug).count(1))[0]!.stock as CountAnswer),
    );
    assert.deepEqual(
      answers.map(({ lines }) => lines.map(({ sku, difference }) => [sku, difference])),
      [[['CNT-CUP', -1]], [['CNT-PLATE', -47]], [['CNT-BOWL', null]]],
    );
  });
});
