import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import hubStore from '../../../nodes/hub-store/hub-store.ts';
import orderSave from '../../../nodes/order-save/order-save.ts';
import weightCheck from '../../../nodes/weight-check/weight-check.ts';
import { helper, loggedErrors, nextMessage, statusOf } from '../shared/helper.ts';

const ids = {
  tab: '5d0a7be31c2f4e01',
  store: '5d0a7be31c2f4e02',
  save: '5d0a7be31c2f4e03',
  check: '5d0a7be31c2f4e04',
  lift: '5d0a7be31c2f4e05',
  set: '5d0a7be31c2f4e06',
  passed: '5d0a7be31c2f4e07',
  blocked: '5d0a7be31c2f4e08',
  unknown: '5d0a7be31c2f4e09',
  saved: '5d0a7be31c2f4e0a',
  caught: '5d0a7be31c2f4e0b',
  catcher: '5d0a7be31c2f4e0c',
};

const order = {
  channel: 'web',
  shop: 'main',
  channelOrderId: 'W-1',
  scenario: 'normal',
  status: 'paid',
  refundStatus: 'none',
  times: {},
  currency: 'CNY',
  lines: [{ lineId: '1', sku: 'TEA-250', quantity: 2, weightGrams: 262 }],
};
const key = 'web/main/W-1';

describe('weight-check', () => {
  let folder: string;

  before(() => helper.startServer());
  after(() => helper.stopServer());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'order-hub-weight-'));
  });
  afterEach(async () => {
    await helper.unload();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(settings: object = {}): Promise<void> {
    const at = (x: number, y: number) => ({ z: ids.tab, x, y });
    const outputs = [[ids.passed], [ids.blocked], [ids.unknown]];
    const node = { type: 'weight-check', store: ids.store, version: 1, wires: outputs };
    const probe = (id: string, y: number) => ({ id, type: 'helper', ...at(500, y), wires: [] });
    await helper.load(
      [hubStore, orderSave, weightCheck],
      [
        { id: ids.tab, type: 'tab' },
        { id: ids.store, type: 'hub-store', path: join(folder, 'hub.sqlite'), version: 1 },
        {
          id: ids.save,
          type: 'order-save',
          ...at(100, 20),
          store: ids.store,
          version: 1,
          wires: [[ids.saved], [], []],
        },
        {
          id: ids.check,
          ...node,
          ...at(100, 60),
          action: 'check',
          packaging: '100',
          packagingType: 'num',
          percent: '10',
          ...settings,
        },
        { id: ids.lift, ...node, ...at(100, 100), action: 'lift', lifters: 'wang, 李娜' },
        { id: ids.set, ...node, ...at(100, 140), action: 'set' },
        probe(ids.saved, 20),
        probe(ids.passed, 60),
        probe(ids.blocked, 100),
        probe(ids.unknown, 140),
        { id: ids.caught, type: 'catch', ...at(100, 200), scope: null, wires: [[ids.catcher]] },
        probe(ids.catcher, 200),
      ],
    );
  }

  /** Sends to a node and answers where the message came out, and the weight in it. */
  async function send(id: string, message: object): Promise<{ port: string; weight: Weight }> {
    const out = Promise.race(
      (['passed', 'blocked', 'unknown', 'catcher'] as const).map(async (port) => {
        const { weight, error } = await nextMessage(ids[port]);
        if (port === 'catcher') assert.fail(JSON.stringify(error));
        return { port, weight: weight as Weight };
      }),
    );
    helper.getNode(id).receive(structuredClone({ order: { key }, ...message }) as Record<string, unknown>);
    return out;
  }

  interface Weight {
    verdict: string;
    recorded?: boolean;
    recordId: number;
    blockedAt: number | null;
    refused?: boolean;
    expectedGrams: number;
    bandGrams: number;
    changed?: object[];
    unknownSkus?: string[];
    explanation: { code: string; sentence: string };
    warnings: { code: string }[];
    lifted: { by: string };
  }

  async function save(): Promise<void> {
    const saved = nextMessage(ids.saved);
    helper.getNode(ids.save).receive({ payload: structuredClone(order) });
    await saved;
  }

  it('passes a parcel as the scale sends it, by the lines of the message', async () => {
    await start();
    const { port, weight } = await send(ids.check, { payload: order, reading: 'ST,GS,+  0.630kg' });
    assert.deepEqual([port, weight.verdict, weight.expectedGrams], ['passed', 'passed', 624]);
    assert.deepEqual(statusOf(ids.check), { fill: 'green', shape: 'dot', text: '1' });
  });

  it('uses the lines of the saved order when the message has none', async () => {
    await start();
    await save();
    for (const payload of [undefined, null, '0.63 kg', { reading: 630 }]) {
      const { port } = await send(ids.check, { payload, reading: 630 });
      assert.equal(port, 'passed', `with ${JSON.stringify(payload)}`);
    }
  });

  it('blocks a parcel that is too heavy, and says what is likely', async () => {
    await start();
    const { port, weight } = await send(ids.check, { payload: order, reading: 890 });
    assert.equal(port, 'blocked');
    assert.equal(weight.explanation.code, 'weight.one-over');
    assert.match(weight.explanation.sentence, /266 g over .* one more TEA-250/);
    assert.deepEqual(statusOf(ids.check), { fill: 'red', shape: 'dot', text: 'weight-check.status.blocked' });
  });

  it('applies the least and the most of the band', async () => {
    await start({ percent: '0', floorGrams: '20' });
    assert.equal((await send(ids.check, { payload: order, reading: 644 })).weight.bandGrams, 20);
    await helper.unload();
    await start({ percent: '50', ceilingGrams: '30' });
    assert.equal((await send(ids.check, { payload: order, reading: 644 })).weight.bandGrams, 30);
  });

  it('reads a number in the unit of the dialog, and packaging from the message', async () => {
    await start({ unit: 'kg', packaging: 'box', packagingType: 'msg' });
    const { port, weight } = await send(ids.check, { payload: order, reading: 0.63, box: 110 });
    assert.deepEqual([port, weight.expectedGrams], ['passed', 634]);
  });

  for (const [what, message, code] of [
    ['no reading', {}, 'weight.empty'],
    ['a scale that moves', { reading: 'US,GS,+  0.630kg' }, 'weight.unstable'],
    ['words', { reading: 'ERR' }, 'weight.unreadable'],
  ] as const)
    it(`lets ${what} leave by the third port and records nothing`, async () => {
      await start();
      const { port, weight } = await send(ids.check, { payload: order, ...message });
      assert.deepEqual([port, weight.recorded, weight.explanation.code], ['unknown', false, code]);
      assert.notEqual(weight.explanation.sentence, code);
      // Nothing blocks, so nothing was recorded.
      const { weight: lifted } = await send(ids.lift, { actor: 'wang', reason: 'try' });
      assert.equal(lifted.verdict, null);
    });

  for (const [what, message, code] of [
    ['lines that are none', { payload: { lines: 'two teas' } }, 'weight.lines-invalid'],
    ['an order that is not saved', { payload: null }, 'weight.order-unknown'],
  ] as const)
    it(`records a reading with ${what}, and lets it leave by the third port`, async () => {
      await start();
      const { port, weight } = await send(ids.check, { reading: 630, ...message });
      assert.deepEqual(
        [port, weight.verdict, weight.recorded, weight.explanation.code],
        ['unknown', 'unknown', true, code],
      );
      assert.ok(weight.recordId > 0);
    });

  it('keeps a block when a later reading has lines that are none', async () => {
    await start();
    const first = await send(ids.check, { payload: order, reading: 890 });
    const second = await send(ids.check, { payload: { lines: 'two teas' }, reading: 890 });
    assert.deepEqual([second.port, second.weight.blockedAt], ['blocked', first.weight.blockedAt]);
  });

  it('asks for missing unit weights by the third port, and passes once they are entered', async () => {
    await start();
    const lines = [{ sku: 'TEA-250', quantity: 2 }];
    const first = await send(ids.check, { payload: { lines }, reading: 624 });
    assert.deepEqual([first.port, first.weight.unknownSkus], ['unknown', ['TEA-250']]);
    const entered = await send(ids.set, { payload: [{ sku: 'TEA-250', grams: 262 }] });
    assert.deepEqual([entered.port, entered.weight.changed?.length], ['passed', 1]);
    assert.equal((await send(ids.check, { payload: { lines }, reading: 624 })).port, 'passed');
  });

  it('refuses unit weights that are none', async () => {
    await start();
    const { port, weight } = await send(ids.set, { payload: { 'TEA-250': 'light' } });
    assert.deepEqual([port, weight.explanation.code], ['blocked', 'weight.table-grams']);
  });

  it('lets only people on the list lift a block, and only with a reason', async () => {
    await start();
    await send(ids.check, { payload: order, reading: 890 });
    for (const [message, code] of [
      [{ actor: 'stranger', reason: 'gift' }, 'weight.lift-not-allowed'],
      [{ reason: 'gift' }, 'weight.lift-no-actor'],
      [{ actor: 'wang' }, 'weight.lift-no-reason'],
    ] as const) {
      const { port, weight } = await send(ids.lift, message);
      assert.deepEqual([port, weight.verdict, weight.explanation.code], ['blocked', 'blocked', code]);
    }
    const { port, weight } = await send(ids.lift, { actor: '李娜', reason: 'gift added' });
    assert.deepEqual([port, weight.verdict, weight.lifted.by], ['passed', 'lifted', '李娜']);
    assert.equal((await send(ids.check, { payload: order, reading: 890 })).weight.verdict, 'lifted');
    assert.equal((await send(ids.check, { payload: order, reading: 990 })).weight.verdict, 'blocked');
  });

  it('says why it cannot work when the band makes no sense', async () => {
    await start({ percent: '101' });
    assert.match(loggedErrors().join('\n'), /"101" is not a percentage/);
    const caught = nextMessage(ids.catcher);
    helper.getNode(ids.check).receive({ order: { key }, payload: order, reading: 630 });
    assert.equal(((await caught).error as { code: string }).code, 'weight-check.bad-percent');
  });

  it('fails a message without an order, so that it is tried again', async () => {
    await start();
    const caught = nextMessage(ids.catcher);
    helper.getNode(ids.check).receive({ payload: order, reading: 630 });
    const { error } = (await caught) as { error: { code: string } };
    assert.equal(error.code, 'node.no-order');
  });
});
