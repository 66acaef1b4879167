import { laterCounts } from '../../store/queries/stock-counts.ts';
import type { CountLineState } from '../../store/schema.ts';
import type { Tx } from '../../store/store.ts';
import type { AdjustAnswer, StockRefusal } from '../answers.ts';
import { checkCorrect } from '../check.ts';
import type { ReadyAdjust } from '../commands.ts';
import { refusalFrom } from '../refusals.ts';
import { stockHandler } from '../stock.ts';
import { type Counted, type Expectation, expectations, expectedUnits } from './expected.ts';
import '../bundles/messages.ts';
import './messages.ts';
import { countedLater } from './moment.ts';
import { correctionKey } from './op-key.ts';
import { aboveThreshold, type Thresholds } from './threshold.ts';

/** A count of one SKU that is to be compared with the ledger. */
export interface Claim extends Counted {
  counted: number;
  unitCost: number | null;
  /** Corrections tried before. */
  attempts: number;
  /** The difference a second person approved; null when nobody has. */
  approved: number | null;
}

/** What becomes of a line. */
export interface Verdict {
  state: CountLineState;
  /** Null when the pool does not know the SKU. */
  expected: number | null;
  difference: number | null;
  reason: StockRefusal | null;
  attempts: number;
}

export interface Judging {
  countId: number;
  pool: string;
  /** Who corrects: who counted, or the second person. */
  actor: string;
  /** As it stands in the ledger. */
  reason: string;
  thresholds: Thresholds;
}

/**
 * Compares counts of different SKUs with the ledger and books the differences that may be: those below the
 * thresholds, and those somebody approved.
 *
 * @param known what was found out about the SKUs before the transaction, so that it walks little
 */
export async function judge(
  tx: Tx,
  judging: Judging,
  claims: readonly Claim[],
  known: ReadonlyMap<string, Expectation>,
): Promise<Map<number, Verdict>> {
  const verdicts = new Map<number, Verdict>();
  if (claims.length === 0) return verdicts;
  const { pool } = judging;
  // Locked before they are looked at, in the order the stock's own acts lock them.
  const ids = [...known.values()].map(({ balanceId }) => balanceId).sort((a, b) => a - b);
  await tx.find(
    'stock_balances',
    ids.map((id) => ({ id })),
  );
  const found = await expectations(tx.db, pool, claims, known);
  const later = await newestCounts(tx, pool, claims);
  const bundles = await bundlesAmong(
    tx,
    claims.map(({ sku }) => sku).filter((sku) => !found.has(sku)),
  );
  const corrections: { claim: Claim; expected: number; difference: number; command: ReadyAdjust }[] = [];
  for (const claim of claims) {
    const expectation = found.get(claim.sku);
    const verdict = expectation
      ? compare(judging, claim, expectation, later.get(claim.sku))
      : notStocked(claim, pool, bundles.get(claim.sku));
    if (verdict.state !== 'corrected') {
      verdicts.set(claim.lineId, verdict);
      continue;
    }
    const { expected, difference } = verdict;
    const checked = checkCorrect({
      pool,
      opKey: correctionKey(judging.countId, claim.lineId, claim.attempts),
      actor: judging.actor,
      reason: judging.reason,
      lines: [{ sku: claim.sku, quantity: difference! }],
    });
    if (checked.command)
      corrections.push({ claim, expected: expected!, difference: difference!, command: checked.command });
    else verdicts.set(claim.lineId, { ...verdict, state: 'waiting', reason: checked.refusals[0] ?? null });
  }
  if (corrections.length === 0) return verdicts;
  const answers = await stockHandler.run(
    tx,
    corrections.map(({ command }) => command),
  );
  corrections.forEach(({ claim, expected, difference }, index) => {
    const answer = answers[index] as AdjustAnswer | Error;
    if (answer instanceof Error) throw answer;
    const booked = answer.state === 'done';
    verdicts.set(claim.lineId, {
      state: booked ? 'corrected' : 'waiting',
      expected,
      difference,
      reason: booked ? null : (answer.refusals[0] ?? null),
      attempts: claim.attempts + 1,
    });
  });
  return verdicts;
}

interface LaterCount {
  lineId: number;
  countId: number;
  name: string;
  at: number;
}

function compare(
  { thresholds }: Judging,
  claim: Claim,
  expectation: Expectation,
  later: LaterCount | undefined,
): Verdict {
  const { sku, attempts } = claim;
  const expected = expectedUnits(expectation);
  const difference = claim.counted - expected;
  const verdict = (state: CountLineState, reason: StockRefusal | null = null): Verdict => ({
    state,
    expected,
    difference,
    reason,
    attempts,
  });
  if (later) {
    const count = later.name === '' ? String(later.countId) : `${later.countId} ${later.name}`;
    const params = { sku, count, at: new Date(later.at).toISOString() };
    return verdict('superseded', refusalFrom({ code: 'count.superseded', params }));
  }
  if (difference === 0) return verdict('agrees');
  if (expectation.setSince)
    return verdict('superseded', refusalFrom({ code: 'count.set-since', params: { sku } }));
  if (claim.approved === null) {
    const above = aboveThreshold({ sku, expected, difference, unitCost: claim.unitCost }, thresholds);
    return above ? verdict('waiting', above) : verdict('corrected');
  }
  return claim.approved === difference
    ? verdict('corrected')
    : verdict(
        'waiting',
        refusalFrom({ code: 'count.changed', params: { sku, difference, before: claim.approved } }),
      );
}

/** A SKU the pool has no units of: a bundle, whose components are what can be counted, or an unknown one. */
function notStocked({ sku, attempts }: Claim, pool: string, components: string | undefined): Verdict {
  const reason =
    components === undefined
      ? refusalFrom({ code: 'stock.unknown-sku', params: { sku, pool } })
      : refusalFrom({ code: 'stock.bundle-not-stocked', params: { sku, components } });
  return { state: 'refused', expected: null, difference: null, reason, attempts };
}

/** Which of the SKUs are bundles, with what they are made of. */
async function bundlesAmong(tx: Tx, skus: readonly string[]): Promise<Map<string, string>> {
  if (skus.length === 0) return new Map();
  const parts = await tx.find(
    'bundle_components',
    skus.map((bundle) => ({ bundle })),
  );
  const bundles = new Map<string, string>();
  for (const { bundle, sku, quantity } of parts) {
    const before = bundles.get(bundle);
    bundles.set(bundle, `${before === undefined ? '' : `${before}, `}${sku} × ${quantity}`);
  }
  return bundles;
}

/** Of each SKU the newest count made later than the claim's. */
async function newestCounts(
  tx: Tx,
  pool: string,
  claims: readonly Claim[],
): Promise<Map<string, LaterCount>> {
  const since = Math.min(...claims.map(({ moment }) => moment.at));
  const rows = await laterCounts(tx.db, { pool, skus: claims.map(({ sku }) => sku), since });
  const bySku = new Map(claims.map((claim) => [claim.sku, claim]));
  const newest = new Map<string, LaterCount>();
  for (const row of rows) {
    const claim = bySku.get(row.sku)!;
    const one = { lineId: row.id, countId: row.count_id, name: row.name, at: row.counted_at };
    const best = newest.get(row.sku) ?? { at: claim.moment.at, lineId: claim.lineId };
    if (countedLater(one, best)) newest.set(row.sku, one);
  }
  return newest;
}
