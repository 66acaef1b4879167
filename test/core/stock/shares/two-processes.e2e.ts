import { strict as assert } from 'node:assert';
import { Hub } from '../../../../core/hub.ts';
import { computeHandler } from '../../../../core/stock/shares/compute.ts';
import type { Share } from '../../../../core/stock/shares/shares.ts';
import { shareStates } from '../../../../core/store/queries/shares.ts';
import { eventually } from '../../../support/hub-client.ts';
import { VirtualTime } from '../../delivery/virtual-time.ts';
import { makePostgresPlace, type PostgresPlace } from '../../store/postgres-place.ts';

const share: Share = {
  id: 's1',
  label: 'shops',
  policy: {
    pools: ['main'],
    buffer: 0,
    closeBelow: 1,
    reopenAt: 1,
    lastUnits: null,
    channels: [
      {
        channel: 'web',
        shop: 'main',
        kind: 'shared',
        amount: null,
        cap: null,
        fence: null,
        listings: 'all',
      },
    ],
  },
};

describe('one share in two processes on one PostgreSQL', function () {
  this.timeout(60_000);
  let place: PostgresPlace;
  let time: VirtualTime;
  let hubs: Hub[];
  let acts = 0;

  const openOne = async () => {
    const hub = await Hub.open(await place.open({ now: time.now }), { timers: time });
    hubs.push(hub);
    return hub;
  };
  const receive = (hub: Hub, quantity: number) => {
    acts += 1;
    return hub.stock.receive({ opKey: `in ${acts}`, actor: 'test', lines: [{ sku: 'TEA', quantity }] });
  };
  const stateIn = async (hub: Hub) => {
    const [state, ...others] = await shareStates(hub.store.read, { limit: 10 });
    assert.deepEqual(others, []);
    return state;
  };
  /** Puts the clock on until a number is told. */
  const told = (hub: Hub, sellable: number) =>
    eventually(`${sellable} is told`, async () => {
      await time.advance(1_000);
      return (await stateIn(hub))?.sellable === sellable || undefined;
    });
  /** Takes what waits off the queue; answers the versions it hands over. */
  const handedOver = async (hub: Hub) => {
    const { deliveries } = await hub.deliveries.claim({ subscriber: 'stock:s1', limit: 100, leaseMs: 1_000 });
    const versions: number[] = [];
    for (const delivery of deliveries) {
      versions.push((await hub.shares.stateOf(delivery.ref))!.version);
      await hub.deliveries.finish(delivery, 'done');
    }
    return versions;
  };

  beforeEach(async () => {
    place = await makePostgresPlace();
    time = new VirtualTime();
    hubs = [];
    acts = 0;
  });
  afterEach(async () => {
    for (const hub of hubs) await hub.close();
    await place.dispose();
  });

  it('tells what either of them changed, and goes on in one when the other ends', async () => {
    const [first, second] = [await openOne(), await openOne()];
    await first.shares.run(share);
    await receive(first, 5);
    await told(second, 5);
    await second.shares.run(share);
    await receive(second, 4);
    await told(first, 9);
    assert.deepEqual(await handedOver(second), [2], 'one delivery with the newest state');
    await first.close();
    hubs.splice(hubs.indexOf(first), 1);
    await receive(second, 1);
    await told(second, 10);
    assert.deepEqual(await handedOver(second), [3], 'the new leader told nothing else');
    assert.equal((await stateIn(second))?.version, 3);
  });

  it('shows the newest stock when both work it out at once', async () => {
    const [first, second] = [await openOne(), await openOne()];
    await receive(first, 1);
    await first.shares.run(share);
    await told(first, 1);
    await first.shares.stop(share.id);
    const compute = (hub: Hub) => hub.store.execute(computeHandler, { share: share.id, skus: ['TEA'] });
    let changed = 0;
    for (let round = 0; round < 30; round += 1) {
      const answers = await Promise.all([
        receive(first, 1).then(() => compute(first)),
        receive(second, 1).then(() => compute(second)),
      ]);
      for (const answer of answers) changed += answer.changed;
      const state = await stateIn(first);
      assert.equal(state?.sellable, 1 + 2 * (round + 1), `after round ${round}`);
      assert.equal(state.version, 1 + changed, 'each change is one version');
      assert.equal((await first.deliveries.counts('stock:s1')).backlog, 1, 'one delivery waits');
    }
  });
});
