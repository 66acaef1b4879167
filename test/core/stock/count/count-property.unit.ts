import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { Counts } from '../../../../core/stock/count/counts.ts';
import { explain } from '../../../../core/stock/explain.ts';
import { skuFacts } from '../../../../core/store/queries/stock.ts';
import { onEachStore } from '../../store/each-store.ts';
import { openStock } from '../stock-fixture.ts';

/** What happens in a shop: units move by the book, vanish or turn up unseen, and people count. */
const event = fc.oneof(
  fc.record({ kind: fc.constant('receive' as const), units: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ kind: fc.constant('sell' as const), units: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ kind: fc.constant('lock' as const), units: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ kind: fc.constant('ship' as const), units: fc.constant(0) }),
  fc.record({ kind: fc.constant('release' as const), units: fc.constant(0) }),
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('unseen' as const), units: fc.integer({ min: -5, max: 5 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('count' as const), units: fc.constant(0) }),
  },
  fc.record({ kind: fc.constant('file arrives' as const), units: fc.nat(3) }),
  fc.record({ kind: fc.constant('approve' as const), units: fc.nat(3) }),
  fc.record({ kind: fc.constant('time passes' as const), units: fc.integer({ min: 1, max: 3 }) }),
);

onEachStore('stock-taking, whatever moves meanwhile', (makePlace) => {
  it('leaves on hand what the newest count saw and what moved since', async function () {
    this.timeout(60_000);
    const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 10, maxLength: 40 }), async (events) => {
        const fixture = await openStock(makePlace);
        try {
          await play(fixture, events);
        } finally {
          await fixture.close();
        }
      }),
      { seed, numRuns: 60 },
    );
  });
});

type Event = typeof event extends fc.Arbitrary<infer E> ? E : never;

async function play(
  { stock, store, clock }: Awaited<ReturnType<typeof openStock>>,
  events: readonly Event[],
): Promise<void> {
  const counts = new Counts(store);
  const base = { actor: 'test' };
  const sku = 'TEA';
  let keys = 0;
  const opKey = () => {
    keys += 1;
    return `k${keys}`;
  };
  const line = (quantity: number) => [{ lineId: '1', sku, quantity }];
  // Enough that no correction ever meets units that orders hold.
  await stock.receive({ ...base, opKey: opKey(), lines: [{ sku, quantity: 400 }] });
  let truth = 400;
  const open: string[] = [];
  const files: { counted: number; at: number }[] = [];
  const sheets: number[] = [];
  /** Of the newest count whose file has arrived: what was there, and what moved by the book since. */
  let newest: { at: number; counted: number; since: number } | undefined;
  const sinceByFile = new Map<object, number>();
  const moved = (units: number): void => {
    truth += units;
    for (const [file, since] of sinceByFile) sinceByFile.set(file, since + units);
    if (newest) newest.since += units;
  };
  const arrive = async (index: number): Promise<void> => {
    const [file] = files.splice(index % files.length, 1);
    const answer = await counts.take({
      ...base,
      kind: 'cycle',
      received: [{ sku, counted: file!.counted, at: file!.at }],
      cause: opKey(),
      zone: 'utc',
      duplicates: 'refuse',
      missing: 'report',
      thresholds: { units: 2, percent: null, value: null },
    });
    assert.equal(answer.refused, 0);
    sheets.push(answer.count!.id);
    if (!newest || file!.at >= newest.at) newest = { ...file!, since: sinceByFile.get(file!)! };
    sinceByFile.delete(file!);
  };
  const approve = async (id: number): Promise<void> => {
    try {
      await counts.decide({ verdict: 'approve', countId: id, actor: 'second', opKey: opKey() });
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'count.nothing-waits');
    }
  };
  for (const { kind, units } of events) {
    // A count with a time is told from movements by the clock, so no two things share a millisecond.
    clock.now += 1;
    if (kind === 'receive') {
      await stock.receive({ ...base, opKey: opKey(), lines: [{ sku, quantity: units }] });
      moved(units);
    } else if (kind === 'sell') {
      await stock.deduct({
        ...base,
        opKey: opKey(),
        orderKey: opKey(),
        withoutHold: true,
        lines: line(units),
      });
      moved(-units);
    } else if (kind === 'lock') {
      const orderKey = opKey();
      await stock.lock({ ...base, opKey: opKey(), orderKey, lines: line(units) });
      open.push(orderKey);
    } else if (kind === 'ship' || kind === 'release') {
      const orderKey = open.pop();
      if (orderKey === undefined) continue;
      if (kind === 'release') await stock.release({ ...base, opKey: opKey(), orderKey });
      else {
        const { lines } = await stock.deduct({ ...base, opKey: opKey(), orderKey });
        moved(-lines.reduce((sum, { deducted }) => sum + deducted, 0));
      }
    } else if (kind === 'unseen') {
      truth += units;
    } else if (kind === 'count') {
      const file = { counted: truth, at: clock.now };
      files.push(file);
      sinceByFile.set(file, 0);
    } else if (kind === 'file arrives') {
      if (files.length > 0) await arrive(units);
    } else if (kind === 'approve') {
      if (sheets.length > 0) await approve(sheets[units % sheets.length]!);
    } else clock.now += units * 1_000;
  }
  clock.now += 1;
  while (files.length > 0) await arrive(0);
  for (const id of sheets) await approve(id);
  const facts = await skuFacts(store.read, { pool: 'main', sku, now: clock.now, limit: 1 });
  assert.ok(explain(facts).addsUp);
  if (newest) assert.equal(facts.level?.onHand, newest.counted + newest.since);
}
