import { HubError } from '../../errors.ts';
import './messages.ts';

/** How a channel's part of the stock is found. See `shareOut` for the arithmetic. */
export const shareKinds = ['shared', 'percent', 'fixed', 'priority'] as const;
export type ShareKind = (typeof shareKinds)[number];

/** Units kept for one channel for a time, a campaign for example; they come back by themselves at its end. */
export interface RingFence {
  units: number;
  /** Epoch milliseconds; the fence stands from this moment on. */
  from: number;
  /** Epoch milliseconds; from this moment on it is gone. */
  until: number;
}

/** What one shop of a channel may show. */
export interface ChannelShare {
  channel: string;
  shop: string;
  kind: ShareKind;
  /** Percent of `percent`, units of `fixed`, floor of `priority` in units; null where the kind needs none. */
  amount: number | null;
  /** Never more units than this are shown; null for no limit. */
  cap: number | null;
  fence: RingFence | null;
  /** `all`: a SKU nobody has told a listing of is listed under its own name; `mapped`: only what is known. */
  listings: 'all' | 'mapped';
}

export interface SharePolicy {
  /** Pools whose units are summed. */
  pools: readonly string[];
  /** Units that no channel sees. */
  buffer: number;
  /** A channel that may show fewer units than this is closed for sale; 0 never closes one. */
  closeBelow: number;
  /** A closed channel opens again once it may show so many. */
  reopenAt: number;
  /** At or below so many units only one channel sees them. */
  lastUnits: { units: number; channel: string; shop: string } | null;
  /** In the order in which fences, quotas and priorities are served. */
  channels: readonly ChannelShare[];
}

const mostUnits = 1_000_000_000;

/** The first thing wrong with a policy, as a refusal with the row it is in. */
export function policyFault(policy: SharePolicy): HubError | undefined {
  const { pools, channels, lastUnits } = policy;
  if (pools.length === 0) return new HubError('shares.no-pool');
  if (channels.length === 0) return new HubError('shares.no-channel');
  for (const [field, value] of [
    ['buffer', policy.buffer],
    ['closeBelow', policy.closeBelow],
    ['reopenAt', policy.reopenAt],
  ] as const)
    if (!isUnits(value)) return new HubError('shares.bad-units', { field, value: String(value) });
  if (policy.reopenAt < policy.closeBelow)
    return new HubError('shares.bad-reopen', { closeBelow: policy.closeBelow, reopenAt: policy.reopenAt });
  const seen = new Set<string>();
  for (const [index, row] of channels.entries()) {
    const fault = rowFault(row, index + 1);
    if (fault) return fault;
    const name = shopName(row);
    if (seen.has(name)) return new HubError('shares.twice', { row: index + 1, name });
    seen.add(name);
  }
  if (lastUnits === null) return undefined;
  if (!isUnits(lastUnits.units))
    return new HubError('shares.bad-units', { field: 'lastUnits', value: String(lastUnits.units) });
  return seen.has(shopName(lastUnits))
    ? undefined
    : new HubError('shares.last-unknown', { name: shopName(lastUnits) });
}

function rowFault(row: ChannelShare, number: number): HubError | undefined {
  if (row.channel.trim() === '' || row.shop.trim() === '')
    return new HubError('shares.no-name', { row: number });
  const { kind, amount, cap, fence } = row;
  if (!shareKinds.includes(kind))
    return new HubError('shares.bad-kind', {
      row: number,
      value: String(kind),
      kinds: shareKinds.join(', '),
    });
  if (kind === 'percent' && !(amount !== null && amount >= 0 && amount <= 100))
    return new HubError('shares.bad-percent', { row: number, value: String(amount ?? '') });
  if (kind === 'fixed' && !(amount !== null && isUnits(amount)))
    return new HubError('shares.bad-quota', { row: number, value: String(amount ?? '') });
  if (kind === 'priority' && amount !== null && !isUnits(amount))
    return new HubError('shares.bad-quota', { row: number, value: String(amount) });
  if (cap !== null && !isUnits(cap))
    return new HubError('shares.bad-quota', { row: number, value: String(cap) });
  if (fence === null) return undefined;
  if (!isUnits(fence.units))
    return new HubError('shares.bad-quota', { row: number, value: String(fence.units) });
  return Number.isFinite(fence.from) && Number.isFinite(fence.until) && fence.from < fence.until
    ? undefined
    : new HubError('shares.bad-fence', { row: number });
}

function isUnits(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= mostUnits;
}

/** `channel/shop`, as people read it. */
export function shopName({ channel, shop }: { channel: string; shop: string }): string {
  return `${channel}/${shop}`;
}

/** The sum of all percentages; above 100 the channels together are shown more than there is. */
export function percentSum(policy: Pick<SharePolicy, 'channels'>): number {
  return policy.channels.reduce((sum, { kind, amount }) => sum + (kind === 'percent' ? (amount ?? 0) : 0), 0);
}

/** When a fence next begins or ends after a moment; null when none does. */
export function nextFenceChange({ channels }: Pick<SharePolicy, 'channels'>, after: number): number | null {
  const times = channels.flatMap(({ fence }) => (fence ? [fence.from, fence.until] : []));
  const coming = times.filter((time) => time > after);
  return coming.length === 0 ? null : Math.min(...coming);
}
