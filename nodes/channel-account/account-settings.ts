import { credentialNames, settingNames } from '../../core/channel/access-fields.ts';
import type { ChannelOptions } from '../../core/channel/open-channel.ts';
import type { BaseConfig } from '../shared/define-node.ts';
import { type FieldValue, numberIn } from '../shared/number-field.ts';

export interface ChannelAccountConfig extends BaseConfig {
  platform: string;
  /** The account's part of the address, such as `shopify-main`; lower-case letters, digits and dashes. */
  path: string;
  /** Name of the sales channel in order keys; the platform's when empty. */
  channel: string;
  shop: string;
  currency: string;
  zone: string;
  /** Whether equal content counts as a repeat: as the platform has it, or decided here. */
  repeats: 'platform' | 'yes' | 'no';
  replayMinutes: string | number;
  maxMegabytes: string | number;
  /** Where to call; the platform's own address when empty. */
  address: string;
  /** What else some platforms ask for; see core/channel/access-fields.ts. */
  shopId: string;
  location: string;
  apiVersion: string;
  signMethod: string;
  /** What a custom channel is, as JSON text. */
  custom: string;
  /** Requests a second; the usual rate when empty. */
  callsPerSecond: string | number;
  timeoutSeconds: string | number;
}

/** What a channel is opened with, of the dialog's values. */
export function channelOptions(
  config: ChannelAccountConfig,
  credentials: Readonly<Record<string, string | undefined>>,
): ChannelOptions {
  return {
    shop: config.shop.trim().normalize(),
    address: config.address?.trim().replace(/\/+$/, '') || undefined,
    credentials: Object.fromEntries(
      credentialNames.map((name) => [name, credentials[name]?.trim() || undefined]),
    ),
    settings: Object.fromEntries(settingNames.map((name) => [name, config[name]?.trim() || undefined])),
    zone: config.zone,
    currency: config.currency,
    ...definedOnly({
      callsPerSecond: numberIn(config.callsPerSecond),
      timeoutMs: inUnit(config.timeoutSeconds, 1_000),
    }),
  };
}

function definedOnly<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** The host of an address that is called without encryption over a network; undefined for any other. */
export function plainHost(address: string | undefined): string | undefined {
  const url = address?.trim() ? new URL(address.trim()) : undefined;
  if (url?.protocol !== 'http:') return undefined;
  return /^(localhost|127\.|\[::1\])/.test(url.host) ? undefined : url.host;
}

/** A number of the dialog in a smaller unit; undefined when the field is empty. */
export function inUnit(value: FieldValue, unit: number): number | undefined {
  const number = numberIn(value);
  return number === undefined ? undefined : Math.round(number * unit);
}
