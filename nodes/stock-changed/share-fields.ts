import { HubError } from '../../core/errors.ts';
import {
  type ChannelShare,
  policyFault,
  type ShareKind,
  type SharePolicy,
  shopName,
} from '../../core/stock/shares/policy.ts';
import { isEmpty, numberIn, type FieldValue as Value } from '../shared/number-field.ts';
import './messages.ts';

/** A row of the dialog's table, as it is kept. */
export interface ShareRow {
  channel: string;
  shop: string;
  kind: ShareKind;
  /** Percent, quota or floor; empty where the kind needs none. */
  amount: Value;
  cap: Value;
  /** Units kept for a campaign; empty for none. */
  fenceUnits: Value;
  /** ISO instants. */
  fenceFrom: string;
  fenceUntil: string;
  listings: 'all' | 'mapped';
  /** Whether this row alone sees the last units. */
  last: boolean;
}

export interface ShareFields {
  /** With commas between them. */
  pools: string;
  buffer: Value;
  closeBelow: Value;
  reopenAt: Value;
  lastUnits: Value;
  debounceSeconds: Value;
  /** Listings of one shop in one message at most; empty or 1: each has its own. */
  listingsPerMessage: Value;
  channels: readonly ShareRow[];
}

export const usualShare = { closeBelow: 1, debounceSeconds: 1 } as const;
const mostSeconds = 300;
/** Listings that go in one message: more than channels take in one call. */
const mostListings = 1_000;

/** A row as a new one starts. */
export function newRow(): ShareRow {
  return {
    channel: '',
    shop: 'main',
    kind: 'shared',
    amount: '',
    cap: '',
    fenceUnits: '',
    fenceFrom: '',
    fenceUntil: '',
    listings: 'all',
    last: false,
  };
}

/** The fields as core takes them; what is wrong with them is told by `fieldsFault`. */
export function policyFrom(fields: Partial<ShareFields>): SharePolicy {
  const rows = Array.isArray(fields.channels) ? (fields.channels as readonly ShareRow[]) : [];
  const closeBelow = numberOf(fields.closeBelow) ?? usualShare.closeBelow;
  const last = rows.find((row) => row.last);
  const lastUnits = numberOf(fields.lastUnits);
  return {
    pools: [...new Set((isEmpty(fields.pools) ? 'main' : fields.pools!).split(/[,，、\s]+/))].filter(
      (name) => name !== '',
    ),
    buffer: numberOf(fields.buffer) ?? 0,
    closeBelow,
    reopenAt: numberOf(fields.reopenAt) ?? closeBelow,
    lastUnits:
      lastUnits === null || lastUnits === 0 || !last
        ? null
        : { units: lastUnits, channel: last.channel.trim(), shop: last.shop.trim() },
    channels: rows.map(shareFrom),
  };
}

function shareFrom(row: ShareRow): ChannelShare {
  const units = numberOf(row.fenceUnits);
  return {
    channel: row.channel.trim(),
    shop: row.shop.trim(),
    kind: row.kind,
    amount: row.kind === 'shared' ? null : numberOf(row.amount),
    cap: numberOf(row.cap),
    fence:
      units === null ? null : { units, from: Date.parse(row.fenceFrom), until: Date.parse(row.fenceUntil) },
    listings: row.listings === 'mapped' ? 'mapped' : 'all',
  };
}

/** The first thing wrong with the fields: asked by the dialog and by the running node. */
export function fieldsFault(fields: Partial<ShareFields>): HubError | undefined {
  const seconds = numberOf(fields.debounceSeconds);
  if (seconds !== null && !(seconds >= 0 && seconds <= mostSeconds))
    return new HubError('stock-changed.bad-seconds', {
      value: String(fields.debounceSeconds),
      most: mostSeconds,
    });
  const together = listingsPerMessage(fields);
  if (!(Number.isInteger(together) && together >= 1 && together <= mostListings))
    return new HubError('stock-changed.bad-together', {
      value: String(fields.listingsPerMessage),
      most: mostListings,
    });
  const fault = policyFault(policyFrom(fields));
  if (fault) return fault;
  const units = numberOf(fields.lastUnits);
  return units !== null && units > 0 && !fields.channels?.some((row) => row.last)
    ? new HubError('stock-changed.no-last', { units })
    : undefined;
}

/** Listings that go in one message at most. */
export function listingsPerMessage(fields: Partial<ShareFields>): number {
  return numberOf(fields.listingsPerMessage) ?? 1;
}

/** Milliseconds that changes are gathered for. */
export function debounceOf(fields: Partial<ShareFields>): number {
  return (numberOf(fields.debounceSeconds) ?? usualShare.debounceSeconds) * 1_000;
}

/** What a row is called in lists. */
export function rowName(row: Pick<ShareRow, 'channel' | 'shop'>): string {
  return shopName({ channel: row.channel.trim(), shop: row.shop.trim() });
}

function numberOf(value: Value): number | null {
  return numberIn(value) ?? null;
}
