import type { MessageParams } from '../../message.ts';
import './messages.ts';
import { type ChannelShare, type SharePolicy, shopName } from './policy.ts';

/** What one shop may show of a SKU. */
export interface ShopNumber {
  channel: string;
  shop: string;
  /** Units; 0 while it is closed. */
  sellable: number;
  open: boolean;
  why: { code: string; params: MessageParams };
}

/** Whether a listing of the shop is open now; undefined for one that never had a state. */
export type WasOpen = (row: ChannelShare) => boolean | undefined;

/**
 * Shares units out among channels. The kinds are those of lessons 3.8 (shared, percent, fixed quota, priority with
 * floor, campaign lock); what they mean when they stand in one table is defined here:
 *
 *     S  = max(0, available − buffer)
 *     F  = in row order, min(units of a fence that stands now, what of S is left);   R = S − ΣF
 *     at or below the last units (0 < R ≤ N) the chosen shop gets R and the others nothing of it; else
 *     Q  = fixed: in row order, min(quota, what of R is left);                     R1 = R − ΣQ
 *     P  = priority: in row order, min(floor, what of R1 is left), all that is left without a floor;
 *          when there is no percent or shared row, the first priority row also gets what is left;  R2 = R1 − ΣP
 *     percent: floor(R2 · p / 100);   shared: floor(R2 · max(0, 100 − Σp) / 100), every shared row the same units
 *     number = min(cap, F + the row's own part)
 *
 * So fences, quotas, priorities and percentages of at most 100 together never exceed S, and apart from the last units
 * no number falls when stock rises. A number below `closeBelow` closes the shop, which shows 0 then, and one of
 * `reopenAt` opens it again. A fence is held back as long as it stands, whatever was sold out of it meanwhile.
 */
export function shareOut(
  available: number,
  policy: SharePolicy,
  now: number,
  wasOpen: WasOpen = () => undefined,
): ShopNumber[] {
  const { channels, lastUnits, buffer } = policy;
  const all = Math.max(0, available - buffer);
  let rest = all;
  const take = (units: number): number => {
    const taken = Math.min(units, rest);
    rest -= taken;
    return taken;
  };
  const fenced = channels.map(({ fence }) =>
    fence && fence.from <= now && now < fence.until ? take(fence.units) : 0,
  );
  const last = lastUnits !== null && rest > 0 && rest <= lastUnits.units ? lastUnits : undefined;
  const parts = last
    ? channels.map((row) => (shopName(row) === shopName(last) ? take(rest) : 0))
    : ownParts(channels, rest, take);
  return channels.map((row, index) => {
    const params: MessageParams = { available, buffer, fenced: fenced[index]!, shop: shopName(row) };
    const wanted = fenced[index]! + parts[index]!;
    const units = row.cap === null ? wanted : Math.min(wanted, row.cap);
    const open = isOpen(units, policy, wasOpen(row));
    const { channel, shop } = row;
    if (!open) {
      const { closeBelow, reopenAt } = policy;
      const moved = last !== undefined && shopName(row) !== shopName(last);
      const code = moved
        ? 'shares.why-last-elsewhere'
        : units < closeBelow
          ? 'shares.why-below-line'
          : 'shares.why-not-reopened';
      const at = moved ? shopName(last) : null;
      return {
        channel,
        shop,
        sellable: 0,
        open,
        why: { code, params: { ...params, units, closeBelow, reopenAt, at } },
      };
    }
    const amount = row.amount;
    const code =
      units < wanted ? 'shares.why-capped' : last ? lastCode(row, last) : (`shares.why-${row.kind}` as const);
    return {
      channel,
      shop,
      sellable: units,
      open,
      why: { code, params: { ...params, units, amount, cap: row.cap, at: last ? shopName(last) : null } },
    };
  });
}

function lastCode(row: ChannelShare, last: { channel: string; shop: string }): string {
  return shopName(row) === shopName(last) ? 'shares.why-last' : 'shares.why-last-elsewhere';
}

/** What each row gets of the units that are not fenced. */
function ownParts(
  channels: readonly ChannelShare[],
  units: number,
  take: (units: number) => number,
): number[] {
  const parts = channels.map(({ kind, amount }) => (kind === 'fixed' ? take(amount ?? 0) : 0));
  let left = units - parts.reduce((sum, part) => sum + part, 0);
  for (const [index, { kind, amount }] of channels.entries())
    if (kind === 'priority') {
      parts[index] = take(amount ?? left);
      left -= parts[index];
    }
  const rows = channels.map(({ kind }) => kind);
  const first = rows.indexOf('priority');
  if (first >= 0 && !rows.includes('percent') && !rows.includes('shared')) {
    parts[first]! += left;
    left = 0;
  }
  const percents = channels.reduce((sum, row) => sum + (row.kind === 'percent' ? (row.amount ?? 0) : 0), 0);
  for (const [index, { kind, amount }] of channels.entries()) {
    if (kind === 'percent') parts[index] = percentOf(left, amount ?? 0);
    if (kind === 'shared') parts[index] = percentOf(left, Math.max(0, 100 - percents));
  }
  return parts;
}

/** Whole units of a percentage with up to four decimals, free of the rounding of binary fractions. */
function percentOf(units: number, percent: number): number {
  const share = BigInt(Math.round(percent * 10_000));
  return Number((BigInt(units) * share) / 1_000_000n);
}

function isOpen(
  units: number,
  { closeBelow, reopenAt }: Pick<SharePolicy, 'closeBelow' | 'reopenAt'>,
  was: boolean | undefined,
): boolean {
  return was === false ? units >= reopenAt : units >= closeBelow;
}
