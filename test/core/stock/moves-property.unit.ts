import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { allMessages, sentence } from '../../../core/message.ts';
import { Orders } from '../../../core/order/orders.ts';
import { type Bucket, buckets, openBuckets, returnBuckets } from '../../../core/stock/buckets.ts';
import { explain } from '../../../core/stock/explain.ts';
import type { AdjustAnswer, KeyedAnswer } from '../../../core/stock/stock.ts';
import { type LedgerRow, poolLedger, skuFacts } from '../../../core/store/queries/stock.ts';
import { order } from '../../nodes/order-event/orders.ts';
import { onEachStore } from '../store/each-store.ts';
import { openStock, type StockFixture } from './stock-fixture.ts';

/*
 * Random acts in two pools, for two stored orders: what moves, transfers and returns change is foretold from what was
 * there before each of them, and whatever happens, no unit comes from nowhere or goes there.
 */

/** A bundle: two of A and one of B. */
const recipe: Readonly<Record<string, readonly (readonly [sku: string, perUnit: number])[]>> = {
  S: [
    ['A', 2],
    ['B', 1],
  ],
};
const ordered = [
  { lineId: '1', sku: 'A', quantity: 6 },
  { lineId: '2', sku: 'B', quantity: 4 },
  { lineId: '3', sku: 'S', quantity: 2 },
];

const pool = fc.constantFrom('p' as const, 'q' as const);
const sku = fc.constantFrom('A', 'A', 'A', 'B', 'B', 'S', 'X');
const quantity = fc.integer({ min: 1, max: 5 });
const place = fc.constantFrom(...openBuckets);
const orderId = fc.constantFrom('o1', 'o1', 'o2');

const act = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('receive' as const), pool, sku, quantity, place }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('correct' as const), pool, sku, quantity }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('lock' as const), pool, orderId, quantity }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('deduct' as const, 'release' as const), pool, orderId }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('return' as const),
      pool,
      orderId,
      line: fc.nat(2),
      quantity,
      place: fc.constantFrom(...returnBuckets),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('move' as const), pool, sku, quantity, place, to: place }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('transfer' as const),
      pool,
      sku,
      quantity,
      place: fc.constantFrom('available' as const, 'inbound' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('repeat' as const), nth: fc.nat(30) }) },
);
type Step = typeof act extends fc.Arbitrary<infer T> ? T : never;
type Act = Exclude<Step, { do: 'repeat' }>;

// What an act on stock does for orders and goods that are there is worth more than refusals of empty pools.
const opening: Step[] = [
  { do: 'receive', pool: 'p', sku: 'A', quantity: 30, place: 'available' },
  { do: 'receive', pool: 'p', sku: 'B', quantity: 20, place: 'available' },
  { do: 'lock', pool: 'p', orderId: 'o1', quantity: 5 },
  { do: 'deduct', pool: 'p', orderId: 'o1' },
];
const steps = fc
  .tuple(fc.boolean(), fc.array(act, { minLength: 1, maxLength: 30, size: 'max' }))
  .map(([opened, rest]) => (opened ? [...opening, ...rest] : rest));

/** Units by `pool/sku/bucket`, and by `order/line` what was shipped and came back. */
interface Picture {
  units: Map<string, number>;
  lines: Map<string, { shipped: number; returned: number }>;
}

onEachStore('returns, moves and transfers, whatever the sequence', function (makePlace) {
  this.timeout(180_000);
  let fixture: StockFixture;
  let run = 0;
  before(async () => {
    fixture = await openStock(makePlace);
    const components = recipe.S!.map(([sku, quantity]) => ({ sku, quantity }));
    const actor = 'test';
    for (const { sku } of components)
      await fixture.stock.receive({ pool: 'known', opKey: sku, actor, lines: [{ sku, quantity: 1 }] });
    const defined = await fixture.stock.defineBundle({ bundle: 'S', components, opKey: 'define S', actor });
    assert.equal(defined.state, 'done');
  });
  after(() => fixture.close());

  /** Two stored orders of this run, under names of their own. */
  async function begin(): Promise<string> {
    run += 1;
    const name = `run${run}`;
    for (const id of ['o1', 'o2']) {
      const { outcome } = await new Orders(fixture.store).save({
        order: order(`${name}-${id}`, { status: 'paid', lines: ordered }),
        inboxId: null,
        arrivedAt: fixture.clock.now,
      });
      assert.equal(outcome, 'changed');
    }
    return name;
  }

  it('changes exactly what it says, repeats its first answer, and makes or loses no unit', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const name = await begin();
        const done: { act: Act; answer: KeyedAnswer }[] = [];
        let before = await picture(fixture, name);
        for (const step of sequence) {
          const repeated = step.do === 'repeat' ? done[step.nth % Math.max(1, done.length)] : undefined;
          if (step.do === 'repeat') {
            if (!repeated || repeated.act.do === 'lock') continue;
            const again = await perform(fixture, name, done.indexOf(repeated), repeated.act);
            // Malformed acts are refused before any store is asked: no op key keeps that.
            const kept = !repeated.answer.refusals.some(({ code }) => code === 'stock.same-bucket');
            assert.deepEqual(again, { ...repeated.answer, replayed: kept });
            assert.deepEqual(await picture(fixture, name), before, 'a repeat changes nothing');
            continue;
          }
          const answer = await perform(fixture, name, done.length, step);
          done.push({ act: step, answer });
          const after = await picture(fixture, name);
          if (answer.state === 'refused')
            assert.deepEqual(after, before, `a refused ${step.do} changes nothing`);
          const expected = foretell(before, name, step);
          if (expected) {
            assert.equal(answer.state, expected.refused ? 'refused' : 'done', JSON.stringify(step));
            assert.deepEqual(
              answer.refusals.map(({ code }) => code),
              expected.refused ? [expected.refused] : [],
            );
            assert.deepEqual(after, expected.after, JSON.stringify(step));
          }
          for (const refusal of answer.refusals) speaksBothLanguages(refusal);
          before = after;
        }
        await checkConservation(fixture, name, before);
        const returns = done.filter(({ act, answer }) => act.do === 'return' && answer.state === 'done');
        assert.equal(await returnEvents(fixture, name), returns.length, 'one event for each return');
      }),
      { numRuns: 50 },
    );
  });

  it('answers the same one by one and all at once', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const acts = sequence.filter((step): step is Act => step.do !== 'repeat');
        const outcomes: unknown[] = [];
        for (const together of [false, true]) {
          const name = await begin();
          const answers: KeyedAnswer[] = [];
          if (together)
            answers.push(...(await Promise.all(acts.map((act, nth) => perform(fixture, name, nth, act)))));
          else for (const [nth, act] of acts.entries()) answers.push(await perform(fixture, name, nth, act));
          const { units, lines } = await picture(fixture, name);
          const unnumbered = answers.map((answer) => ('holds' in answer ? { ...answer, holds: [] } : answer));
          const text = JSON.stringify({ answers: unnumbered, units: [...units], lines: [...lines] });
          outcomes.push(JSON.parse(text.replaceAll(name, 'run')));
        }
        assert.deepEqual(outcomes[1], outcomes[0]);
      }),
      { numRuns: 25 },
    );
  });
});

function perform({ stock }: StockFixture, name: string, nth: number, act: Act): Promise<KeyedAnswer> {
  const base = { pool: `${name}-${act.pool}`, opKey: `${name}|${nth}`, actor: 'test' };
  switch (act.do) {
    case 'receive':
      return stock.receive({ ...base, bucket: act.place, lines: [act] });
    case 'correct':
      return stock.correct({ ...base, lines: [{ sku: act.sku, quantity: -act.quantity }] });
    case 'lock': {
      const lines = ordered.map((line) => ({ ...line, quantity: Math.min(line.quantity, act.quantity) }));
      return stock.lock({
        ...base,
        orderKey: orderKeyOf(name, act.orderId),
        lines,
        partial: 'what-there-is',
      });
    }
    case 'deduct':
    case 'release':
      return stock[act.do]({ ...base, orderKey: orderKeyOf(name, act.orderId) });
    case 'return': {
      const { lineId, sku } = ordered[act.line]!;
      const lines = [{ lineId, sku, quantity: act.quantity }];
      return stock.takeBack({ ...base, orderKey: orderKeyOf(name, act.orderId), bucket: act.place, lines });
    }
    case 'move':
      return stock.move({ ...base, from: act.place, to: act.to, lines: [act] });
    case 'transfer':
      return stock.transfer({ ...base, to: `${name}-${other(act.pool)}`, bucket: act.place, lines: [act] });
  }
}

const other = (pool: 'p' | 'q') => (pool === 'p' ? 'q' : 'p');
const orderKeyOf = (name: string, id: string) => `web/main/${name}-${id}`;

async function picture({ store }: StockFixture, name: string): Promise<Picture> {
  const rows = await store.read
    .selectFrom('stock_items as i')
    .innerJoin('stock_balances as b', 'b.id', 'i.balance_id')
    .selectAll('b')
    .select(['i.pool', 'i.sku'])
    .where('i.pool', 'in', [`${name}-p`, `${name}-q`])
    .orderBy('i.pool')
    .orderBy('i.sku')
    .execute();
  const units = new Map<string, number>();
  for (const row of rows)
    for (const bucket of buckets) units.set(`${row.pool}/${row.sku}/${bucket}`, Number(row[bucket]));
  const lines = await store.read
    .selectFrom('order_lines')
    .selectAll()
    .where('order_key', 'in', [orderKeyOf(name, 'o1'), orderKeyOf(name, 'o2')])
    .orderBy('order_key')
    .orderBy('line_id')
    .execute();
  return {
    units,
    lines: new Map(
      lines.map((line) => [
        `${line.order_key}/${line.line_id}`,
        { shipped: Number(line.shipped), returned: Number(line.returned) },
      ]),
    ),
  };
}

/** What a move, a transfer or a return does to what there is; undefined for acts that are not on trial here. */
function foretell(before: Picture, name: string, act: Act): { after: Picture; refused?: string } | undefined {
  const units = new Map(before.units);
  const lines = new Map(before.lines);
  const refused = (code: string) => ({ after: before, refused: code });
  const add = (pool: string, sku: string, bucket: Bucket, more: number) => {
    for (const each of buckets) {
      const key = `${name}-${pool}/${sku}/${each}`;
      if (!units.has(key)) units.set(key, 0);
    }
    const key = `${name}-${pool}/${sku}/${bucket}`;
    units.set(key, units.get(key)! + more);
  };
  const there = (pool: string, sku: string, bucket: Bucket) => units.get(`${name}-${pool}/${sku}/${bucket}`);
  /** A bundle is one where no units of its own lie. */
  const isBundle = (pool: string, sku: string) =>
    sku in recipe && !buckets.some((bucket) => there(pool, sku, bucket));
  const unstocked = (pool: string, sku: string) => {
    if (isBundle(pool, sku)) return 'stock.bundle-not-stocked';
    return there(pool, sku, 'available') === undefined ? 'stock.unknown-sku' : undefined;
  };
  switch (act.do) {
    case 'move': {
      const { pool, sku, quantity, place, to } = act;
      if (place === to) return refused('stock.same-bucket');
      const no = unstocked(pool, sku);
      if (no) return refused(no);
      if (there(pool, sku, place)! < quantity)
        return refused(place === 'available' ? 'stock.below-zero' : 'stock.bucket-short');
      add(pool, sku, place, -quantity);
      add(pool, sku, to, quantity);
      break;
    }
    case 'transfer': {
      const { pool, sku, quantity, place } = act;
      const no = unstocked(pool, sku);
      if (no) return refused(no);
      if (there(pool, sku, 'available')! < quantity) return refused('stock.below-zero');
      add(pool, sku, 'available', -quantity);
      add(other(pool), sku, place, quantity);
      break;
    }
    case 'return': {
      const { lineId, sku } = ordered[act.line]!;
      const key = `${orderKeyOf(name, act.orderId)}/${lineId}`;
      const { shipped, returned } = lines.get(key)!;
      if (act.quantity > shipped - returned) return refused('stock.more-than-shipped');
      for (const [part, perUnit] of recipe[sku] ?? [[sku, 1] as const])
        add(act.pool, part, act.place, act.quantity * perUnit);
      lines.set(key, { shipped, returned: returned + act.quantity });
      break;
    }
    default:
      return undefined;
  }
  return { after: { units: new Map([...units].sort(byKey)), lines } };
}

const byKey = ([a]: readonly [string, number], [b]: readonly [string, number]) =>
  a < b ? -1 : a > b ? 1 : 0;

/** Units of each SKU in both pools are what came in less what went out; a transfer takes what it gives. */
async function checkConservation(
  fixture: StockFixture,
  name: string,
  { units, lines }: Picture,
): Promise<void> {
  const { store, clock } = fixture;
  const ledger: LedgerRow[] = [];
  for (const pool of [`${name}-p`, `${name}-q`]) {
    ledger.push(...(await poolLedger(store.read, pool)));
    for (const sku of ['A', 'B', 'S', 'X']) {
      const facts = await skuFacts(store.read, { pool, sku, now: clock.now, limit: 10 });
      if (facts.level) assert.deepEqual(explain(facts).disagreements, []);
    }
  }
  for (const sku of ['A', 'B', 'S', 'X']) {
    const ofSku = ledger.filter((movement) => movement.sku === sku);
    const net = (bucket: string) =>
      ofSku.reduce(
        (sum, { from_bucket, to_bucket, quantity }) =>
          sum + (from_bucket === bucket ? quantity : 0) - (to_bucket === bucket ? quantity : 0),
        0,
      );
    let inside = 0;
    for (const [key, count] of units) {
      assert.ok(count >= 0, key);
      if (key.split('/')[1] === sku) inside += count;
    }
    assert.equal(net('transfer'), 0, `what left one pool for another arrived (${sku})`);
    assert.equal(inside, net('supplier') + net('adjust') + net('customer'), `units of ${sku}`);
    assert.ok(net('customer') <= 0, `no more of ${sku} came back than left`);
  }
  for (const [line, { shipped, returned }] of lines) assert.ok(returned <= shipped, line);
}

async function returnEvents({ store }: StockFixture, name: string): Promise<number> {
  const { count } = await store.read
    .selectFrom('events')
    .select((e) => e.fn.countAll().as('count'))
    .where('type', '=', 'return-received')
    .where('order_key', 'in', [orderKeyOf(name, 'o1'), orderKeyOf(name, 'o2')])
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** There is a sentence in both languages, and a value for everything that it speaks of. */
function speaksBothLanguages({ code, params }: AdjustAnswer['refusals'][number]): void {
  const message = allMessages()[code];
  assert.ok(message, code);
  for (const text of [message['en-US'], message['zh-CN']])
    for (const [, name] of text.matchAll(/\{(\w+)\}/g)) assert.ok(name! in params, `${code} has no ${name}`);
  assert.match(sentence(code, params, 'zh-CN'), /\p{Script=Han}/u);
  assert.doesNotMatch(sentence(code, params, 'en-US'), /\p{Script=Han}/u);
}
