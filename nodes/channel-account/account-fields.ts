import { readCustomChannel } from '../../core/channel/custom/read-config.ts';
import { HubError } from '../../core/errors.ts';
import { boundsFault, type FieldValue as Value } from '../shared/number-field.ts';
import './messages.ts';

/*
 * What may stand in the fields of an account. The dialog and the running node ask the same functions, so that
 * what the one accepts the other does, too.
 */

const longestName = 255;

/** The account's part of the address its webhooks are sent to. */
export function pathFault(path: string | undefined): HubError | undefined {
  if (/^[a-z0-9][a-z0-9-]{0,63}$/.test(path ?? '')) return undefined;
  return new HubError('account.bad-path', { path: path ?? '' });
}

/** Shop and channel become parts of every order key. */
export function shopFault(shop: string | undefined): HubError | undefined {
  if (!shop?.trim()) return new HubError('account.no-shop');
  return nameFault(shop);
}

/** The channel may be left empty for the platform's own name. */
export function channelFault(channel: string | undefined): HubError | undefined {
  return channel?.trim() ? nameFault(channel) : undefined;
}

/** Three capital letters, as in ISO 4217. */
export function currencyFault(currency: string | undefined): HubError | undefined {
  if (/^[A-Z]{3}$/.test(currency ?? '')) return undefined;
  return new HubError('account.bad-currency', { currency: currency ?? '' });
}

/** A name of the IANA time zone database that this Node.js or browser knows. */
export function zoneFault(zone: string | undefined): HubError | undefined {
  return zone && isZone(zone) ? undefined : new HubError('account.bad-zone', { zone: zone ?? '' });
}

/**
 * Where to call: a web address without user name and question mark. Plain HTTP is taken, since relays in one's own network
 * speak it; the running node warns of it.
 */
export function addressFault(address: string | undefined): HubError | undefined {
  if (!address?.trim()) return undefined;
  const url = URL.canParse(address.trim()) ? new URL(address.trim()) : undefined;
  const fine = url && ['http:', 'https:'].includes(url.protocol) && !url.search && !url.username;
  return fine
    ? undefined
    : new HubError('account.bad-address', { address: address.trim().split(/[?@]/)[0]! });
}

/** What a custom channel is; an empty text is one that only receives. */
export function customFault(json: string | undefined): HubError | undefined {
  if (!json?.trim()) return undefined;
  try {
    readCustomChannel(json);
    return undefined;
  } catch (error) {
    if (HubError.is(error)) return error;
    throw error;
  }
}

/**
 * How far numbers may go. A request that is waited for longer than ten minutes has died; a signature that holds longer than
 * a day protects from nothing.
 */
const numberBounds = {
  replayMinutes: { least: 0.1, most: 1_440 },
  maxMegabytes: { least: 0.01, most: 100 },
  callsPerSecond: { least: 0.01, most: 1_000 },
  timeoutSeconds: { least: 1, most: 600 },
} as const;

const badNumber = 'account.bad-number';

/** A number within its bounds, or nothing for the default. */
export const numberFaults = {
  replayMinutes: (value: Value) => boundsFault(numberBounds.replayMinutes, badNumber, value),
  maxMegabytes: (value: Value) => boundsFault(numberBounds.maxMegabytes, badNumber, value),
  callsPerSecond: (value: Value) => boundsFault(numberBounds.callsPerSecond, badNumber, value),
  timeoutSeconds: (value: Value) => boundsFault(numberBounds.timeoutSeconds, badNumber, value),
} as const;

/** As long as the canonical order has it, and without what cannot be stored or typed again. */
function nameFault(name: string): HubError | undefined {
  return /[\p{Cc}\p{Cs}]/u.test(name) || name.trim().length > longestName
    ? new HubError('account.bad-name', { most: longestName })
    : undefined;
}

function isZone(zone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    // RangeError is how Intl says that there is no such zone.
    return false;
  }
}
