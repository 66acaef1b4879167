import { strict as assert } from 'node:assert';
import { Hub } from '../../../../core/hub.ts';
import type { ChannelShare, SharePolicy } from '../../../../core/stock/shares/policy.ts';
import { openFindings } from '../../../../core/store/queries/audit.ts';
import { shareStates } from '../../../../core/store/queries/shares.ts';
import { VirtualTime } from '../../delivery/virtual-time.ts';
import { type AnyPlace, onEachStore } from '../../store/each-store.ts';

const row = (channel: string, more: Partial<ChannelShare> = {}): ChannelShare => ({
  channel,
  shop: 'main',
  kind: 'shared',
  amount: null,
  cap: null,
  fence: null,
  listings: 'all',
  ...more,
});
const policy: SharePolicy = {
  pools: ['main'],
  buffer: 1,
  closeBelow: 1,
  reopenAt: 3,
  lastUnits: null,
  channels: [row('web'), row('pos', { listings: 'mapped' })],
};
const share = { id: 's1', label: 'shops', policy };
const line = (sku: string, quantity: number) => ({ sku, quantity });

onEachStore('channels of a shared stock', function (makePlace) {
  this.timeout(60_000);
  let place: AnyPlace;
  let hub: Hub;
  let time: VirtualTime;
  let acts = 0;

  const open = async () => {
    const store = await place.open({ now: time.now });
    time.waitFor(store);
    hub = await Hub.open(store, { timers: time });
    await hub.shares.run(share);
    await leads();
  };
  /** On a shared store the share waits until this process has won its lease. */
  const leads = async () => {
    const candidacy = hub.leadership.candidate('stock.shares.s1');
    for (let turn = 0; turn < 1_000 && !candidacy.leads(); turn += 1) await time.advance(10);
    assert.ok(candidacy.leads(), 'the process does not lead');
    await candidacy.resign();
  };
  const settle = () => hub.shares.settle('s1');
  const receive = (...lines: { sku: string; quantity: number }[]) => {
    acts += 1;
    return hub.stock.receive({ opKey: `in ${acts}`, actor: 'test', lines });
  };
  const states = async () =>
    (await shareStates(hub.store.read, { limit: 100 })).map(
      (one) =>
        `${one.channel} ${one.listing} ${one.sellable} ${one.open === 1 ? 'open' : 'closed'} v${one.version}`,
    );
  const waiting = async () => (await hub.deliveries.counts('stock:s1')).backlog;
  /** Takes what waits off the queue and answers the states it hands over. */
  const handedOver = async () => {
    const { deliveries } = await hub.deliveries.claim({ subscriber: 'stock:s1', limit: 100, leaseMs: 1_000 });
    const told: string[] = [];
    for (const delivery of deliveries) {
      const state = await hub.shares.stateOf(delivery.ref);
      told.push(`${state!.channel} ${state!.listing} ${state!.sellable} v${state!.version}`);
      await hub.deliveries.finish(delivery, 'done');
    }
    return told;
  };

  it('never stands above what is sellable, as the audit sees it between its work', async () => {
    await receive(line('TEA', 500), line('MUG', 500));
    await settle();
    time.jump(3_600_000);
    await leads();
    let working = true;
    let rounds = 0;
    let changed = 0;
    const work = (async () => {
      for (let batch = 0; batch < 25; batch += 1) {
        const acts = Array.from({ length: 8 }, (_, index) => {
          const lines = [{ lineId: '1', sku: index % 2 ? 'TEA' : 'MUG', quantity: 1 + (index % 3) }];
          const orderKey = `web/main/${batch}-${index}`;
          return hub.stock.lock({ opKey: orderKey, actor: 'test', orderKey, lines });
        });
        await Promise.all(acts);
        if (batch % 3 === 0) await settle();
        await time.advance(500);
      }
      working = false;
    })();
    do {
      await hub.audit.run();
      rounds += 1;
      const open = await openFindings(hub.store.read);
      assert.deepEqual(
        open.map(({ code, params }) => `${code} ${params}`),
        [],
      );
    } while (working);
    await work;
    await settle();
    changed = Math.max(...(await shareStates(hub.store.read, { limit: 10 })).map(({ version }) => version));
    assert.ok(rounds > 1 && changed > 5, `${rounds} rounds, ${changed} versions`);
    time.jump(3_600_000);
    await hub.audit.run();
    assert.deepEqual(await openFindings(hub.store.read), [], 'what was settled is true');
  });

  it('closes at a shop that is taken out of the rules what it still shows, and nothing else', async () => {
    await receive(line('TEA', 9), line('MUG', 1));
    await hub.shares.tellListings([{ channel: 'pos', shop: 'main', listing: 'p-1', sku: 'TEA' }]);
    await settle();
    await handedOver();
    assert.deepEqual(await hub.shares.leftBehind('s1'), []);
    await hub.shares.run({ ...share, policy: { ...policy, channels: [row('web')] } });
    assert.deepEqual(await hub.shares.leftBehind('s1'), [
      { share: 's1', channel: 'pos', shop: 'main', listings: 1 },
    ]);
    assert.equal(await hub.shares.closeLeft('s1', { channel: 'web', shop: 'main' }), 0, 'it is in the rules');
    assert.equal(await hub.shares.closeLeft('s1'), 1);
    assert.equal(await hub.shares.closeLeft('s1'), 0, 'it was closed before');
    assert.deepEqual(await handedOver(), ['pos p-1 0 v2']);
    assert.deepEqual(await hub.shares.leftBehind('s1'), []);
    await assert.rejects(hub.shares.closeLeft('nobody'), { code: 'shares.unknown' });
    await hub.shares.run(share);
    await leads();
    await settle();
    assert.deepEqual(await handedOver(), ['pos p-1 8 v3']);
  });

  beforeEach(async () => {
    place = await makePlace();
    time = new VirtualTime();
    acts = 0;
    await open();
  });
  afterEach(async () => {
    await hub.close();
    await place.dispose();
  });

  it('tells the state of a listing when its number changes, once for many changes', async () => {
    await receive(line('TEA', 5));
    await receive(line('TEA', 4));
    await settle();
    assert.deepEqual(await states(), ['web TEA 8 open v1']);
    await receive(line('TEA', 1));
    await settle();
    assert.equal(await waiting(), 1, 'what waits hands over the newest state');
    assert.deepEqual(await handedOver(), ['web TEA 9 v2']);
    await settle();
    assert.equal(await waiting(), 0);
  });

  it('closes below the line, reopens at the other, and counts a hold that ran out', async () => {
    await receive(line('TEA', 6));
    await settle();
    const lines = [{ lineId: '1', sku: 'TEA', quantity: 5 }];
    await hub.stock.lock({ opKey: 'l', actor: 'test', orderKey: 'web/main/1', lines, ttlMs: 60_000 });
    await settle();
    assert.deepEqual(await states(), ['web TEA 0 closed v2']);
    await receive(line('TEA', 1));
    await settle();
    assert.deepEqual(await states(), ['web TEA 0 closed v2'], 'one unit is not enough to reopen');
    time.jump(61_000);
    await leads();
    await settle();
    assert.deepEqual(await states(), ['web TEA 6 open v3']);
  });

  it('follows what listings stand for, from orders and from lists', async () => {
    await receive(line('TEA', 11), line('CUP', 3));
    await settle();
    const told = await hub.shares.tellListings([
      { channel: 'pos', shop: 'main', listing: 'p-1', sku: 'TEA' },
      { channel: 'web', shop: 'main', listing: 'w-1', sku: 'TEA' },
      { channel: 'web', shop: 'main', listing: 7, sku: 'TEA' },
    ]);
    assert.deepEqual(
      [told.saved, told.refusals.map(({ row, code }) => [row, code])],
      [2, [[3, 'shares.bad-listing']]],
    );
    await settle();
    assert.deepEqual((await states()).sort(), [
      'pos p-1 10 open v1',
      'web CUP 2 open v1',
      'web TEA 0 closed v2',
      'web w-1 10 open v1',
    ]);
    await hub.orders.save({
      order: {
        channel: 'web',
        shop: 'main',
        channelOrderId: '9',
        scenario: 'normal',
        status: 'paid',
        refundStatus: 'none',
        times: { created: { at: '2026-01-05T08:00:00.000Z', text: '' } },
        currency: 'CNY',
        lines: [{ lineId: '1', sku: 'CUP', channelSkuId: 'w-2', quantity: 1 }],
      },
      inboxId: null,
      arrivedAt: time.now(),
    });
    await settle();
    await settle();
    assert.ok((await states()).includes('web w-2 2 open v1'));
  });

  it('shows of a bundle what its scarcest component allows', async () => {
    await receive(line('TEA', 11), line('CUP', 5));
    const components = [
      { sku: 'TEA', quantity: 2 },
      { sku: 'CUP', quantity: 1 },
    ];
    await hub.stock.defineBundle({ bundle: 'SET', opKey: 'b', actor: 'test', components });
    await receive(line('CUP', 4));
    await settle();
    assert.ok((await states()).includes('web SET 5 open v1'));
  });

  it('follows what a bundle is made of, and closes one that is none any more', async () => {
    await receive(line('TEA', 11));
    const set = (opKey: string, quantity: number) =>
      hub.stock.defineBundle({
        bundle: 'SET',
        opKey,
        actor: 'test',
        components: [{ sku: 'TEA', quantity }],
      });
    await settle();
    await set('b1', 2);
    await settle();
    assert.ok((await states()).includes('web SET 5 open v1'));
    await set('b2', 3);
    await settle();
    assert.ok((await states()).includes('web SET 3 open v2'), 'at the same moment, without a movement');
    await hub.stock.removeBundle({ bundle: 'SET', opKey: 'b3', actor: 'test' });
    await settle();
    assert.ok((await states()).includes('web SET 0 closed v3'));
    assert.ok((await states()).includes('web TEA 10 open v1'));
  });

  it('closes what the pools of other rules do not have', async () => {
    await receive(line('TEA', 11));
    await settle();
    await hub.shares.run({ ...share, policy: { ...policy, pools: ['outlet'] } });
    await leads();
    await settle();
    assert.deepEqual(await states(), ['web TEA 0 closed v2']);
  });

  it('keeps versions over a restart and tells nothing twice', async () => {
    await receive(line('TEA', 5));
    await settle();
    assert.deepEqual(await handedOver(), ['web TEA 4 v1']);
    await hub.close();
    time.jump(60_000);
    await open();
    await settle();
    assert.equal(await waiting(), 0);
    await receive(line('TEA', 1));
    await settle();
    assert.deepEqual(await handedOver(), ['web TEA 5 v2']);
  });

  it('works everything out anew by other rules, and tells all once more when asked', async () => {
    await receive(line('TEA', 5), line('CUP', 9));
    await settle();
    await handedOver();
    const channels = [row('web', { cap: 4 })];
    await hub.shares.run({ ...share, policy: { ...policy, channels } });
    await leads();
    await settle();
    assert.deepEqual(await handedOver(), ['web CUP 4 v2']);
    assert.equal(await hub.shares.sendAll('s1'), 2);
    assert.equal(await hub.shares.sendAll('s1'), 0, 'those wait already');
    assert.deepEqual((await handedOver()).sort(), ['web CUP 4 v2', 'web TEA 4 v1']);
    await assert.rejects(hub.shares.sendAll('s9'), { code: 'shares.unknown' });
  });

  it('marks what a channel answered, and never goes back', async () => {
    await receive(line('TEA', 5));
    await settle();
    await receive(line('TEA', 5));
    await settle();
    const answer = { share: 's1', channel: 'web', shop: 'main', listing: 'TEA', at: 5, result: 'ok' };
    const behind = () => shareStates(hub.store.read, { pushed: 'behind', limit: 9 });
    assert.equal((await behind()).length, 1);
    assert.equal(await hub.shares.pushed({ ...answer, version: 2 }), true);
    assert.equal(await hub.shares.pushed({ ...answer, version: 1 }), false);
    assert.equal((await behind()).length, 0);
    await assert.rejects(hub.shares.pushed({ ...answer, version: 3 }), { code: 'shares.bad-version' });
    await assert.rejects(hub.shares.pushed({ ...answer, listing: 'X', version: 1 }), {
      code: 'shares.unknown-listing',
    });
  });
});
