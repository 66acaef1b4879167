import fc from 'fast-check';
import { type Lines, skuOf } from './vocabulary.ts';

/** What happens to one line of a stored order, as its channel tells it. */
export type Change = 'deposit' | 'pay' | 'cancel-units' | 'ship-units' | 'ship' | 'refund' | 'cancel';

/** Acts on stock, each of which has an op key. */
export type KeyedAct =
  | {
      do: 'receive';
      pool: string;
      sku: string;
      units: number;
      bucket: 'available' | 'qc' | 'damaged' | 'inbound';
    }
  | { do: 'correct'; pool: string; sku: string; units: number }
  | { do: 'set'; pool: string; sku: string; counted: number }
  | { do: 'move'; pool: string; sku: string; units: number; from: OpenBucket; to: OpenBucket }
  | { do: 'transfer'; pool: string; sku: string; units: number; bucket: 'available' | 'inbound' }
  | {
      do: 'return';
      pool: string;
      order: string;
      line: string;
      units: number;
      bucket: 'qc' | 'available' | 'damaged';
    }
  | {
      do: 'lock';
      pool: string;
      order: string;
      lines: Lines;
      bucket: 'held' | 'committed' | 'presale';
      ttlMs: number | null;
      partial: boolean;
      cap: number | null;
    }
  | { do: 'release' | 'post'; pool: string; order: string; lines: Lines | undefined }
  | { do: 'sell'; pool: string; order: string; lines: Lines }
  /** The same act with the same op key once more: of those so far the one with this number, counted round. */
  | { do: 'repeat'; nth: number };

export type FirstAct = Exclude<KeyedAct, { do: 'repeat' }>;
export type OpenBucket = 'available' | 'qc' | 'damaged' | 'inbound';

export type Act =
  | { do: 'at once'; acts: readonly KeyedAct[] }
  /** The order's channel tells of it, and the policy is applied to the events. */
  | { do: 'order'; order: string; change: Change; line: string; units: number }
  | { do: 'count'; pool: string; sku: string; more: number }
  | { do: 'approve'; nth: number }
  | { do: 'sweep' }
  | { do: 'wait'; ms: number };

/** Orders that the store has, with their scenario and what they ask for, and others of which it knows holds at most. */
export const stored: Readonly<Record<string, { scenario: string; lines: Lines }>> = {
  n1: {
    scenario: 'normal',
    lines: [
      ['1', 4],
      ['3', 4],
    ],
  },
  n2: {
    scenario: 'normal',
    lines: [
      ['1', 2],
      ['2', 4],
    ],
  },
  p1: {
    scenario: 'presale',
    lines: [
      ['1', 5],
      ['2', 2],
    ],
  },
  l1: {
    scenario: 'live',
    lines: [
      ['1', 3],
      ['3', 1],
    ],
  },
  l2: {
    scenario: 'live',
    lines: [
      ['1', 3],
      ['2', 3],
    ],
  },
};
const others = ['x', 'x', 'y'];

// Few names, so that acts meet.
const pool = fc.constantFrom('p', 'p', 'p', 'q');
const sku = fc.constantFrom(...'AAAAAAAABBBBBBBCCS');
const units = fc.integer({ min: 1, max: 5 });
const openBucket = fc.constantFrom<OpenBucket>('available', 'available', 'qc', 'damaged', 'inbound');

/** An order, a pool it may take from, and some of its lines: a stored order's units all come from one pool. */
const some = (least: number) =>
  fc
    .record({
      order: fc.constantFrom(...Object.keys(stored), ...others, ...others, ...others),
      pool,
      mask: fc.constantFrom(1, 1, 2, 3, 4, 4, 4, 5, 6, 7, 15),
      units: fc.array(fc.integer({ min: least, max: 4 }), { minLength: 4, maxLength: 4 }),
    })
    .map(({ order, pool, mask, units }) => {
      const ids = stored[order]?.lines.map(([id]) => id) ?? Object.keys(skuOf);
      const named = ids.filter((_, index) => mask & (1 << index));
      const lines = (named.length > 0 ? named : ids.slice(0, 1)).map(
        (id, index) => [id, units[index]!] as const,
      );
      return { order, pool: order in stored ? 'p' : pool, lines };
    });

const keyed: fc.Arbitrary<KeyedAct> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('receive' as const),
      pool,
      sku,
      units: fc.integer({ min: 1, max: 12 }),
      bucket: openBucket,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('correct' as const),
      pool,
      sku,
      units: fc.integer({ min: -5, max: 4 }).filter((more) => more !== 0),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('set' as const),
      pool,
      sku,
      counted: fc.integer({ min: 0, max: 20 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc
      .record({ do: fc.constant('move' as const), pool, sku, units, from: openBucket, to: openBucket })
      .filter(({ from, to }) => from !== to),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('transfer' as const),
      pool,
      sku,
      units,
      bucket: fc.constantFrom('available' as const, 'inbound' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(some(1), pool, fc.constantFrom('qc' as const, 'available' as const, 'damaged' as const))
      .map(([{ order, lines }, pool, bucket]) => ({
        do: 'return' as const,
        order,
        pool,
        line: lines[0]![0],
        units: lines[0]![1],
        bucket,
      })),
  },
  {
    weight: 9,
    arbitrary: fc
      .tuple(
        some(0),
        fc.constantFrom('committed' as const, 'held' as const, 'presale' as const),
        fc.constantFrom(null, null, 600, 600, 90_000),
        fc.boolean(),
        fc.constantFrom(null, null, null, 4),
      )
      .map(([of, bucket, ttlMs, partial, cap]) => ({
        do: 'lock' as const,
        ...of,
        bucket,
        ttlMs,
        partial,
        cap,
      })),
  },
  {
    weight: 6,
    arbitrary: fc
      .tuple(some(1), fc.constantFrom('release' as const, 'post' as const, 'post' as const), fc.boolean())
      .map(([{ lines, ...of }, act, all]) => ({
        do: act,
        ...of,
        lines: all ? undefined : lines.map(([line, units]) => [line, Math.ceil(units / 2)] as const),
      })),
  },
  { weight: 2, arbitrary: some(1).map((of) => ({ do: 'sell' as const, ...of })) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('repeat' as const), nth: fc.nat(30) }) },
);

const changes: Change[] = [
  'deposit',
  'pay',
  'pay',
  'pay',
  'cancel-units',
  'cancel-units',
  'ship-units',
  'ship-units',
  'ship',
  'refund',
  'cancel',
];

/** What there is at the beginning: nothing, little or enough, the bundle's parts in unequal numbers, and C or none. */
export const opening: fc.Arbitrary<readonly KeyedAct[]> = fc
  .tuple(fc.constantFrom(0, 12, 60, 60), fc.boolean())
  .map(([most, withC]) =>
    [
      { pool: 'p', sku: 'A', units: most },
      { pool: 'p', sku: 'B', units: Math.ceil((most * 2) / 3) },
      { pool: 'q', sku: 'A', units: Math.ceil(most / 4) },
      { pool: 'p', sku: 'C', units: withC ? 6 : 0 },
    ]
      .filter((goods) => goods.units > 0)
      .map((goods) => ({ do: 'receive' as const, bucket: 'available' as const, ...goods })),
  );

export const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 20, arbitrary: keyed.map((one) => ({ do: 'at once' as const, acts: [one] })) },
  {
    weight: 3,
    arbitrary: fc
      .array(keyed, { minLength: 2, maxLength: 6 })
      .map((acts) => ({ do: 'at once' as const, acts })),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('order' as const),
      order: fc.constantFrom(...Object.keys(stored)),
      change: fc.constantFrom(...changes),
      line: fc.constantFrom('1', '2', '3', '4'),
      units: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('count' as const),
      pool,
      sku,
      more: fc.integer({ min: -6, max: 6 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('approve' as const), nth: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.constant({ do: 'sweep' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(700, 700, 60_000, 200_000, 1_300_000),
    }),
  },
);
