import type { Kysely } from 'kysely';
import { allShares, newestMovements, nextMovementAt, shareStates } from '../../store/queries/shares.ts';
import type { Database, Row } from '../../store/schema.ts';
import { levelsOf } from '../shares/levels.ts';
import { nextFenceChange, type SharePolicy, shopName } from '../shares/policy.ts';
import { shareOut } from '../shares/share-out.ts';
import type { AuditFinding } from './finding.ts';

type Db = Kysely<Database>;
type State = Row<'share_states'>;

export interface SharesPage {
  after: number;
  limit: number;
  /** The store's clock, epoch milliseconds. */
  now: number;
  /** How long a number may stand above what is sellable before it counts, milliseconds. */
  lateMs: number;
}

/**
 * Finds numbers that channels were told and that stand above what may be sold now. They are worked out a moment after
 * the stock moves; so one counts only when every movement behind it has been looked at, or when one waits for longer
 * than it may. The same holds for rules that changed, and for a campaign that began or ended.
 */
export async function checkShares(
  db: Db,
  page: SharesPage,
): Promise<{ found: AuditFinding[]; rows: readonly State[] }> {
  const rows = await shareStates(db, page);
  const shown = new Map<string, State[]>();
  for (const row of rows) if (row.sellable > 0) shown.set(row.share, [...(shown.get(row.share) ?? []), row]);
  const found: AuditFinding[] = [];
  if (shown.size > 0)
    for (const share of await allShares(db)) {
      const states = shown.get(share.id);
      if (states) found.push(...(await aboveSellable(db, page, share, states)));
    }
  return { found, rows };
}

async function aboveSellable(
  db: Db,
  { now, lateMs }: SharesPage,
  share: Row<'shares'>,
  states: readonly State[],
): Promise<AuditFinding[]> {
  const policy = JSON.parse(share.policy) as SharePolicy;
  const fenceAt = nextFenceChange(policy, now - lateMs);
  if (share.updated_at > now - lateMs || (fenceAt !== null && fenceAt <= now)) return [];
  const skus = [...new Set(states.map((row) => row.sku))];
  const levels = await levelsOf(db, skus, policy, now);
  const above = states.flatMap((state) => {
    const level = levels.get(state.sku);
    const sellable = level ? sellableOf(state, level.available, level.policy, now) : 0;
    return state.sellable > sellable ? [{ state, sellable, parts: level?.parts ?? [state.sku] }] : [];
  });
  if (above.length === 0) return [];
  const { movement_id: lookedAt } = share;
  const waitsSince = await nextMovementAt(db, lookedAt);
  const isLate = waitsSince !== undefined && waitsSince <= now - lateMs;
  const newest = await newestMovements(db, {
    skus: [...new Set(above.flatMap(({ parts }) => parts))],
    pools: policy.pools,
  });
  return above
    .filter(({ parts }) => isLate || parts.every((sku) => (newest.get(sku) ?? 0) <= lookedAt))
    .map(({ state, sellable }) => finding(state, sellable));
}

/** What the listing of a state may show of its SKU now. */
function sellableOf(state: State, available: number, policy: SharePolicy, now: number): number {
  const name = shopName(state);
  const numbers = shareOut(available, policy, now, (row) =>
    shopName(row) === name ? state.open === 1 : undefined,
  );
  return numbers.find((one) => shopName(one) === name)?.sellable ?? 0;
}

function finding(state: State, sellable: number): AuditFinding {
  const { share, channel, shop, listing, sku, sellable: told, version } = state;
  return {
    code: 'audit.published-above',
    object: `share:${share}/${channel}/${shop}/${listing}`,
    params: { sku, shop: shopName(state), listing, told, sellable, version },
    level: 'wrong',
    repair: {
      act: 'recompute-share',
      target: { share, sku, stateId: state.id },
      before: { sellable: told },
      after: { sellable },
      units: told - sellable,
    },
  };
}
