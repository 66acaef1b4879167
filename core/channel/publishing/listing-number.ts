import { HubError } from '../../errors.ts';
import './messages.ts';

/** The state of a listing that a channel is to be told. */
export interface ListingNumber {
  /** Who worked it out; versions of different shares are not compared. */
  share: string;
  listing: string;
  /** Units; 0 while it is closed. */
  sellable: number;
  open: boolean;
  version: number;
}

/** Whose listing it is, where the message says so. */
export interface GivenNumber extends ListingNumber {
  channel: string | undefined;
  shop: string | undefined;
}

/** The share of numbers that a flow made itself. */
export const ownShare = 'flow';

/**
 * Reads what a message wants told: one state or a list of them, as `stock-changed` makes them. Entries that are none
 * are refused one by one and keep the others from nothing.
 *
 * @throws HubError pushes.nothing
 */
export function readNumbers(given: unknown): { numbers: GivenNumber[]; refusals: HubError[] } {
  const entries = Array.isArray(given) ? (given as unknown[]) : [given];
  if (entries.length === 0 || given === undefined || given === null) throw new HubError('pushes.nothing');
  const numbers: GivenNumber[] = [];
  const refusals: HubError[] = [];
  entries.forEach((entry, index) => {
    const fields = (typeof entry === 'object' && entry !== null ? entry : {}) as Record<string, unknown>;
    const wrong = wrongField(fields);
    if (wrong) refusals.push(new HubError('pushes.bad-state', { row: index + 1, field: wrong }));
    else numbers.push(numberOf(fields));
  });
  return { numbers, refusals };
}

function wrongField({
  listing,
  sellable,
  open,
  version,
  share,
}: Record<string, unknown>): string | undefined {
  if (typeof listing !== 'string' || listing.trim() === '' || !listing.isWellFormed()) return 'listing';
  if (!isWhole(sellable, 0)) return 'sellable';
  if (!isWhole(version, 1)) return 'version';
  if (open !== undefined && typeof open !== 'boolean') return 'open';
  if (share !== undefined && typeof share !== 'string') return 'share';
  return undefined;
}

function numberOf(fields: Record<string, unknown>): GivenNumber {
  const sellable = fields.sellable as number;
  const open = (fields.open as boolean | undefined) ?? sellable > 0;
  return {
    share: (fields.share as string | undefined) || ownShare,
    listing: fields.listing as string,
    // Below the line nothing is for sale, whatever number came along.
    sellable: open ? sellable : 0,
    open,
    version: fields.version as number,
    channel: textOf(fields.channel),
    shop: textOf(fields.shop),
  };
}

function isWhole(value: unknown, least: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= least;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
