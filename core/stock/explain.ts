import { type Language, sentence } from '../message.ts';
import type { SkuFacts } from '../store/queries/stock.ts';
import type { Bucket } from './buckets.ts';
import { buckets, holdBuckets } from './buckets.ts';
import './messages.ts';

/** A number that does not agree with what it is a cache of. */
export interface Disagreement {
  code: 'stock.explain-ledger-differs' | 'stock.explain-holds-differ';
  bucket: Bucket;
  balance: number;
  /** What the ledger, or the open holds, add up to. */
  expected: number;
}

export interface Explanation {
  pool: string;
  sku: string;
  /** Units free for sale now; undefined when the pool does not know the SKU. */
  available: number | undefined;
  /** Σ movements into each bucket less those out of it. */
  ledger: Record<Bucket, number>;
  addsUp: boolean;
  disagreements: Disagreement[];
  /** Why the number is what it is, one thought a sentence. */
  sentences: string[];
}

/** Answers "why is this number 7?" from the movements and holds behind it. */
export function explain(facts: SkuFacts, language?: Language): Explanation {
  const ledger = ledgerOf(facts);
  const disagreements = findDisagreements(facts, ledger);
  return {
    pool: facts.pool,
    sku: facts.sku,
    available: facts.level?.available,
    ledger,
    addsUp: disagreements.length === 0,
    disagreements,
    sentences: sentencesOf(facts, ledger, disagreements, language),
  };
}

function ledgerOf({ flows }: SkuFacts): Record<Bucket, number> {
  const ledger = Object.fromEntries(buckets.map((bucket) => [bucket, 0])) as Record<Bucket, number>;
  for (const { from, to, units } of flows) {
    if (from in ledger) ledger[from as Bucket] -= units;
    if (to in ledger) ledger[to as Bucket] += units;
  }
  return ledger;
}

function findDisagreements(
  { balance, openUnits }: SkuFacts,
  ledger: Readonly<Record<Bucket, number>>,
): Disagreement[] {
  const found: Disagreement[] = [];
  for (const bucket of buckets) {
    const stored = balance?.[bucket] ?? 0;
    if (stored !== ledger[bucket]) {
      found.push({
        code: 'stock.explain-ledger-differs',
        bucket,
        balance: stored,
        expected: ledger[bucket],
      });
    }
  }
  for (const bucket of holdBuckets) {
    const stored = balance?.[bucket] ?? 0;
    const expected = openUnits[bucket] ?? 0;
    if (stored !== expected)
      found.push({ code: 'stock.explain-holds-differ', bucket, balance: stored, expected });
  }
  return found;
}

function sentencesOf(
  facts: SkuFacts,
  ledger: Readonly<Record<Bucket, number>>,
  disagreements: readonly Disagreement[],
  language: Language | undefined,
): string[] {
  const { pool, sku, level, balance } = facts;
  const bucketName = (bucket: string): string => sentence(`stock.bucket-${bucket}`, {}, language);
  const told: string[] = [];
  if (!level || !balance) told.push(sentence('stock.explain-unknown', { sku, pool }, language));
  if (level && balance) {
    const moved = (from: string, to: string): number =>
      facts.flows
        .filter((flow) => (from === '' || flow.from === from) && (to === '' || flow.to === to))
        .reduce((sum, flow) => sum + flow.units, 0);
    // The answer first, the reasons after it.
    told.push(
      sentence('stock.explain-answer', { sku, pool, available: level.available }, language),
      sentence(
        'stock.explain-came',
        {
          received: moved('supplier', ''),
          deducted: moved('', 'customer'),
          corrected: signed(moved('adjust', '') - moved('', 'adjust')),
          total: buckets.reduce((sum, bucket) => sum + ledger[bucket], 0),
        },
        language,
      ),
      sentence(
        'stock.explain-where',
        Object.fromEntries(buckets.map((bucket) => [bucket, balance[bucket]])),
        language,
      ),
    );
    const returned = moved('customer', '');
    if (returned > 0) told.splice(2, 0, sentence('stock.explain-returned', { returned }, language));
    const [came, went] = [moved('transfer', ''), moved('', 'transfer')];
    if (came + went > 0) told.splice(2, 0, sentence('stock.explain-transferred', { came, went }, language));
    if (level.lapsed > 0) {
      const { lapsed: units, available } = level;
      told.push(sentence('stock.explain-lapsed', { units, available }, language));
    }
    told.push(...holdSentences(facts, bucketName, language));
  }
  for (const { code, bucket, balance: stored, expected } of disagreements) {
    const params = { bucket: bucketName(bucket), balance: stored, ledger: expected, holds: expected };
    told.push(sentence(code, params, language));
  }
  if (level && disagreements.length === 0)
    told.push(sentence('stock.explain-adds-up', { movements: facts.movementCount }, language));
  return told;
}

function holdSentences(
  { holds, holdCount, holdUnits }: SkuFacts,
  bucketName: (bucket: string) => string,
  language: Language | undefined,
): string[] {
  const told = holds.map((hold) => {
    const params = {
      orderKey: hold.order_key,
      line: hold.line_id,
      quantity: hold.remaining,
      bucket: bucketName(hold.bucket),
      scenario: hold.scenario,
    };
    if (hold.deadline === null) return sentence('stock.explain-hold-open', params, language);
    const until = new Date(hold.deadline).toISOString();
    return sentence('stock.explain-hold', { ...params, until }, language);
  });
  const more = holdCount - holds.length;
  if (more > 0) {
    const quantity = holdUnits - holds.reduce((sum, hold) => sum + hold.remaining, 0);
    told.push(sentence('stock.explain-more-holds', { count: more, quantity }, language));
  }
  return told;
}

function signed(units: number): string {
  return units > 0 ? `+${units}` : String(units);
}
