import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { explain } from '../../../core/stock/explain.ts';
import type { KeyedAnswer, StockAnswer } from '../../../core/stock/stock.ts';
import { unknownSkusOf } from '../../../core/stock/unknown-skus.ts';
import { skuFacts, stockLevels } from '../../../core/store/queries/stock.ts';
import { onEachStore } from '../store/each-store.ts';
import { type Books, booksOf, checkBooks } from './check-books.ts';
import { type Act, bundles, type Expected, ReferenceModel } from './reference-model.ts';
import { openStock, type StockFixture } from './stock-fixture.ts';

type Step = { act: Act } | { advance: number } | { repeat: number };

// Few names, so that commands meet; C is often unknown.
const sku = fc.constantFrom('A', 'A', 'A', 'B', 'B', 'C');
const order = fc.constantFrom('o1', 'o1', 'o2', 'o2', 'o3');
const units = fc.integer({ min: 1, max: 6 });
const lineId = fc.constantFrom('1', '2');
// S is a bundle.
const lineSku = fc.constantFrom('A', 'A', 'A', 'B', 'B', 'C', 'S', 'S');
const lines = fc.uniqueArray(fc.record({ lineId, sku: lineSku, quantity: units }), {
  selector: (line) => line.lineId,
  minLength: 1,
  maxLength: 3,
});
const heldLines = fc.uniqueArray(fc.record({ lineId, quantity: fc.option(units, { nil: undefined }) }), {
  selector: (line) => line.lineId,
  minLength: 1,
  maxLength: 2,
});

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('receive' as const),
      sku,
      quantity: fc.integer({ min: 1, max: 12 }),
      bucket: fc.constantFrom('available' as const, 'available' as const, 'qc' as const),
    }),
  },
  fc.record({
    do: fc.constant('correct' as const),
    sku,
    quantity: fc.integer({ min: -6, max: 6 }).filter((quantity) => quantity !== 0),
  }),
  fc.record({ do: fc.constant('set' as const), sku, counted: fc.integer({ min: 0, max: 15 }) }),
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('lock' as const),
      order,
      lines,
      bucket: fc.constantFrom('committed' as const, 'held' as const, 'presale' as const),
      ttlMs: fc.constantFrom(null, 1_000, 3_000),
      partial: fc.constantFrom('all-or-none' as const, 'what-there-is' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('release' as const, 'deduct' as const),
      order,
      lines: fc.option(heldLines, { nil: undefined }),
    }),
  },
  fc.record({ do: fc.constant('sale' as const), order, lines }),
  fc.record({ do: fc.constant('sweep' as const) }),
);

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.record({ act }) },
    { weight: 2, arbitrary: fc.record({ advance: fc.constantFrom(400, 1_000, 2_500) }) },
    { weight: 1, arbitrary: fc.record({ repeat: fc.nat(40) }) },
  ),
  { minLength: 1, maxLength: 60, size: 'max' },
);

onEachStore('stock against a reference model', function (makePlace) {
  this.timeout(300_000);
  let fixture: StockFixture;
  let run = 0;
  before(async () => {
    fixture = await openStock(makePlace);
    const base = { pool: 'elsewhere', actor: 'test' };
    for (const sku of ['A', 'B'])
      await fixture.stock.receive({ ...base, opKey: `known ${sku}`, lines: [{ sku, quantity: 1 }] });
    for (const [bundle, parts] of Object.entries(bundles)) {
      const components = parts.map(([sku, quantity]) => ({ sku, quantity }));
      await fixture.stock.defineBundle({ bundle, components, opKey: `define ${bundle}`, actor: 'test' });
    }
  });
  after(() => fixture.close());

  it('answers and ends as the model does, however the commands are cut into batches', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const start = fixture.clock.now;
        const expected = runModel(sequence, start);
        const outcomes: Outcome[] = [];
        for (const size of [1, 7, sequence.length]) {
          run += 1;
          fixture.clock.now = start;
          try {
            const outcome = await runStore(fixture, `<pool ${run}>`, sequence, size);
            check(outcome, expected);
            outcomes.push(outcome);
          } finally {
            // Whatever is open lapses now, so that the sweeps of the next run find only their own.
            fixture.clock.now = start + 10_000_000;
            while ((await fixture.stock.sweep(1_000)).more);
          }
        }
        assert.deepEqual(outcomes[1], outcomes[0]);
        assert.deepEqual(outcomes[2], outcomes[0]);
      }),
      // What is decided is the same code on both; a run against a server takes many times as long.
      {
        numRuns: Number(process.env.ORDER_HUB_RUNS ?? (fixture.store.kind === 'postgres' ? 30 : 80)),
        endOnFailure: true,
      },
    );
  });
});

interface Modelled {
  model: ReferenceModel;
  answers: Map<number, Expected>;
}

function runModel(sequence: readonly Step[], now: number): Modelled {
  const model = new ReferenceModel(now);
  const answers = new Map<number, Expected>();
  const made = new Map<number, [from: number, to: number]>();
  sequence.forEach((step, index) => {
    if ('advance' in step) model.advance(step.advance);
    if ('act' in step) {
      const from = model.made;
      answers.set(index, model.apply(step.act));
      made.set(index, [from, model.made]);
    }
    if (!('repeat' in step)) return;
    const target = step.repeat % (index + 1);
    const original = sequence[target]!;
    if (!('act' in original) || original.act.do !== 'lock' || target === index) return;
    const { state } = answers.get(target)!;
    const ended = state === 'locked' && !model.stillLocked(...made.get(target)!);
    answers.set(index, { state: ended ? 'refused' : state, units: undefined });
  });
  return { model, answers };
}

interface Outcome {
  answers: unknown[];
  levels: unknown[];
  movements: unknown[];
  holds: unknown[];
}

/** Runs a sequence in a pool of its own, in batches of a size; batches never reach over a change of the clock. */
async function runStore(
  fixture: StockFixture,
  pool: string,
  sequence: readonly Step[],
  size: number,
): Promise<Outcome> {
  const { store, stock, clock } = fixture;
  const answers: StockAnswer[] = [];
  let waiting: Promise<void>[] = [];
  const flush = async (): Promise<void> => {
    await Promise.all(waiting);
    waiting = [];
  };
  const originals = sequence.map((step, index) => {
    if (!('repeat' in step)) return index;
    const target = step.repeat % (index + 1);
    const original = sequence[target]!;
    return 'act' in original && original.act.do !== 'sweep' ? target : -1;
  });
  for (const [index, step] of sequence.entries()) {
    if ('advance' in step) {
      await flush();
      clock.now += step.advance;
      continue;
    }
    const original = sequence[originals[index]!];
    if (!original || !('act' in original)) continue;
    const op = `${pool}/${originals[index]}`;
    // A page is read before its batch is decided; what the batch itself expires is missing in it.
    if (original.act.do === 'sweep') await flush();
    // What is refused from memory is kept by no op key; the model knows stores only.
    unknownSkusOf(store).clear();
    waiting.push(
      perform(stock, pool, op, original.act).then((answer) => {
        answers[index] = answer;
      }),
    );
    if (waiting.length >= size || original.act.do === 'sweep') await flush();
  }
  await flush();

  for (const [index, first] of originals.entries()) {
    const answer = answers[index];
    if (first === index || first < 0 || !answer || !('replayed' in answer)) continue;
    // The model knows which locks are not true any more.
    if ('lines' in answer && isEnded(answer, sequence[first]!)) continue;
    assert.deepEqual(answer, { ...answers[first], replayed: true }, 'a repeat gets the first answer');
  }
  const books = await booksOf(store, pool);
  checkBooks(books);
  await checkChains(fixture, books);

  // Ids and names differ from run to run by where it began; nothing else may.
  // The how-manieth of the run each hold is: a store may leave numbers out.
  const ranks = new Map(
    books.holds
      .map(({ id }) => id)
      .sort((a, b) => a - b)
      .map((id, rank) => [id, rank]),
  );
  const plain = (value: unknown): unknown =>
    value === undefined ? undefined : JSON.parse(JSON.stringify(value).replaceAll(pool, '<pool>'));
  const levels = await stockLevels(store.read, { pool, limit: 100, now: clock.now });
  return {
    answers: answers.map((answer) =>
      plain(
        answer && 'holds' in answer ? { ...answer, holds: answer.holds.map((id) => ranks.get(id)!) } : answer,
      ),
    ),
    levels: levels.map(plain),
    movements: books.movements.map(({ id, hold_id, ...rest }) =>
      plain({ ...rest, hold_id: hold_id && ranks.get(hold_id)! }),
    ),
    holds: books.holds.map(({ id, balance_id, ...rest }) => plain({ ...rest, id: ranks.get(id)! })),
  };
}

/** Whether it answers the repeat of a lock whose units were given back since. */
function isEnded(answer: KeyedAnswer, step: Step): boolean {
  const codes = ['stock.hold-released', 'stock.hold-expired'];
  return 'act' in step && step.act.do === 'lock' && answer.refusals.some(({ code }) => codes.includes(code));
}

function perform(stock: StockFixture['stock'], pool: string, opKey: string, act: Act): Promise<StockAnswer> {
  const base = { pool, opKey, actor: 'test' };
  switch (act.do) {
    case 'receive':
      return stock.receive({
        ...base,
        bucket: act.bucket,
        lines: [{ sku: act.sku, quantity: act.quantity }],
      });
    case 'correct':
      return stock.correct({ ...base, lines: [{ sku: act.sku, quantity: act.quantity }] });
    case 'set':
      return stock.set({ ...base, lines: [{ sku: act.sku, counted: act.counted }] });
    case 'lock': {
      const { lines, bucket, ttlMs, partial } = act;
      return stock.lock({ ...base, orderKey: `${pool}/${act.order}`, lines, bucket, ttlMs, partial });
    }
    case 'sale':
      return stock.deduct({
        ...base,
        orderKey: `${pool}/${act.order}`,
        lines: act.lines,
        withoutHold: true,
      });
    case 'release':
      return stock.release({ ...base, orderKey: `${pool}/${act.order}`, lines: act.lines });
    case 'deduct':
      return stock.deduct({ ...base, orderKey: `${pool}/${act.order}`, lines: act.lines });
    case 'sweep':
      return stock.sweep(2);
  }
}

/** The answers and the numbers the model has. */
function check(outcome: Outcome, { model, answers }: Modelled): void {
  for (const [index, expected] of answers) {
    const answer = outcome.answers[index] as { state?: string; lines?: Record<string, unknown>[] };
    if (expected.state === 'swept') continue;
    assert.equal(answer.state, expected.state, `state of command ${index}`);
    const got = answer.lines!.map(
      (line) => line.locked ?? line.released ?? line.deducted ?? line.quantity,
    ) as number[];
    if (expected.units)
      assert.deepEqual(sortedUnits(got), sortedUnits(expected.units), `units of command ${index}`);
  }
  const levels = outcome.levels as Record<string, number | string>[];
  assert.equal(levels.length, model.free.size);
  for (const level of levels) {
    const name = String(level.sku);
    assert.deepEqual(
      {
        available: level.available,
        held: level.held,
        committed: level.committed,
        presale: level.presale,
        qc: level.qc,
      },
      {
        available: model.free.get(name),
        held: model.held(name, 'held'),
        committed: model.held(name, 'committed'),
        presale: model.held(name, 'presale'),
        qc: model.inspected.get(name) ?? 0,
      },
    );
  }
}

/** Walked back from its balance, the ledger of each SKU is all of its movements, and what is made of them agrees. */
async function checkChains({ store, clock }: StockFixture, { balances, movements }: Books): Promise<void> {
  for (const { pool, sku } of balances) {
    const facts = await skuFacts(store.read, { pool, sku, now: clock.now, limit: 1_000 });
    assert.deepEqual(
      facts.movements.toReversed(),
      movements.filter((movement) => movement.sku === sku),
    );
    assert.equal(explain(facts).addsUp, true);
  }
}

function sortedUnits(units: readonly number[]): number[] {
  return [...units].sort((a, b) => a - b);
}
