import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Order } from '../../../../core/order/schema.ts';
import { onEachStore } from '../../store/each-store.ts';
import { PolicyFixture, type Units } from './policy-fixture.ts';

/** A version of an order: how far it is, and how many units it wants and has shipped. */
interface Version {
  status: Order['status'];
  refundStatus: Order['refundStatus'];
  quantity: number;
  shipped: number;
}

interface Life {
  scenario: string;
  versions: readonly Version[];
}

const ordered = 6;
const ways: Record<string, readonly Order['status'][]> = {
  normal: ['created', 'paid', 'part-shipped', 'shipped', 'completed'],
  presale: ['created', 'deposit-paid', 'paid', 'part-shipped', 'shipped', 'completed'],
  pos: ['created', 'paid', 'completed'],
};

/** The versions of one order as the order axis allows them: forward, fewer units each time, perhaps cancelled. */
const life = fc
  .record({
    scenario: fc.constantFrom('normal', 'presale', 'pos'),
    steps: fc.array(
      fc.record({
        go: fc.integer({ min: 0, max: 2 }),
        cancelled: fc.integer({ min: 0, max: 2 }),
        shipped: fc.integer({ min: 0, max: 2 }),
        refund: fc.constantFrom('none', 'none', 'none', 'requested', 'full'),
      }),
      { minLength: 1, maxLength: 6 },
    ),
    cancelAtEnd: fc.boolean(),
  })
  .map(({ scenario, steps, cancelAtEnd }) => {
    const way = ways[scenario]!;
    let at = 0;
    let now: Version = { status: 'created', refundStatus: 'none', quantity: ordered, shipped: 0 };
    const versions = [now];
    for (const step of steps) {
      at = Math.min(way.length - 1, at + step.go);
      const status = way[at]!;
      const all = status === 'shipped' || status === 'completed';
      // Goods that were shipped are not cancelled, and what is paid back in full goes no further.
      if (now.refundStatus === 'full' && status !== now.status) break;
      const least = all ? now.quantity : now.shipped;
      const quantity = Math.max(least, now.quantity - (now.refundStatus === 'full' ? 0 : step.cancelled));
      const parcels =
        status === 'part-shipped' ? Math.min(quantity, now.shipped + step.shipped) : now.shipped;
      const refundStatus = now.refundStatus === 'full' ? 'full' : (step.refund as Order['refundStatus']);
      now = { status, refundStatus, quantity, shipped: all ? quantity : parcels };
      versions.push(now);
    }
    const last = versions.at(-1)!;
    if (cancelAtEnd && last.status !== 'completed') versions.push({ ...last, status: 'cancelled' });
    return { scenario, versions };
  });

const fieldsOf = (
  scenario: string,
  { status, refundStatus, quantity, shipped }: Version,
): Partial<Order> => ({
  scenario,
  status,
  refundStatus,
  lines: [{ lineId: '1', sku: 'TEA', quantity, orderedQuantity: ordered, shippedQuantity: shipped }],
});

/** What became of the units of one order. */
interface Ending {
  gone: number;
  held: number;
}

/**
 * @param when after which version each event is handled, as a fraction of those that are still to come; events that
 *   wait for the same one are handled in the order of `mix`
 */
async function live(
  hub: PolicyFixture,
  id: string,
  { scenario, versions }: Life,
  when: (event: number) => { late: number; mix: number; times: number },
): Promise<Ending> {
  await hub.receive({ TEA: 100 });
  const before = await hub.units();
  const queue: { id: number; type: string; at: number; mix: number; times: number }[] = [];
  const known = new Set<number>();
  let count = 0;
  for (const [index, version] of versions.entries()) {
    const earlier = index > 0 ? versions[index - 1] : undefined;
    if (!earlier || JSON.stringify(earlier) !== JSON.stringify(version))
      await hub.save(id, fieldsOf(scenario, version));
    for (const event of await hub.events(id)) {
      if (known.has(event.id)) continue;
      known.add(event.id);
      const { late, mix, times } = when(count);
      count += 1;
      queue.push({ ...event, at: index + Math.round(late * (versions.length - 1 - index)), mix, times });
    }
    const due = queue.filter(({ at }) => at === index).sort((one, two) => one.mix - two.mix);
    for (const event of due)
      for (let time = 0; time < event.times; time += 1) {
        const answer = await hub.apply(id, event.type, event.id);
        assert.ok(answer.state !== 'short', JSON.stringify(answer));
      }
  }
  const after = await hub.units();
  const held = heldIn(after) - heldIn(before);
  return { gone: before.available - after.available - held, held };
}

function heldIn({ held, committed, presale }: Units): number {
  return held + committed + presale;
}

onEachStore('events of an order in any order', function (makePlace) {
  this.timeout(300_000);
  let hub: PolicyFixture;
  let orders = 0;
  before(async () => {
    hub = await PolicyFixture.open(makePlace);
  });
  after(() => hub?.close());
  /** Lives the life of an order that nobody has had yet. */
  const liveAnew = (order: Life, when: Parameters<typeof live>[3]) => {
    orders += 1;
    return live(hub, String(orders), order, when);
  };

  it('late, twice or mixed up, they end in the same holds and the same units gone', async () => {
    const whens = fc.array(
      fc.record({
        late: fc.constantFrom(0, 0, 0.5, 1),
        mix: fc.double({ min: 0, max: 1, noNaN: true }),
        times: fc.constantFrom(1, 1, 2),
      }),
      { minLength: 24, maxLength: 24 },
    );
    await fc.assert(
      fc.asyncProperty(life, whens, async (order, plan) => {
        const straight = await liveAnew(order, (event) => ({ late: 0, mix: event, times: 1 }));
        const mixed = await liveAnew(order, (event) => plan[event % plan.length]!);
        assert.deepEqual(mixed, straight);
        const { gone, held } = straight;
        const last = order.versions.at(-1)!;
        const over = last.status === 'cancelled' || last.refundStatus === 'full';
        assert.ok(gone + held <= last.quantity, `${gone} gone and ${held} held`);
        const locked =
          order.scenario === 'pos' ||
          !['created', ...(order.scenario === 'normal' ? ['deposit-paid'] : [])].includes(last.status);
        if (!over && locked) assert.equal(gone + held, last.quantity, 'gone and held are all that is wanted');
        if (over) assert.equal(held, 0, 'an order that is over holds nothing');
      }),
      // What is decided is the same code on both; a run against a server takes many times as long.
      { numRuns: Number(process.env.ORDER_HUB_RUNS ?? (hub.stock.store.kind === 'postgres' ? 30 : 60)) },
    );
  });
});
