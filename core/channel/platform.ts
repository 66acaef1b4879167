import { HubError } from '../errors.ts';
import type { MessageParams } from '../message.ts';
import type { ChannelAccess, ChannelConnection } from './connection/connection.ts';
import { custom } from './custom/custom.ts';
import './messages.ts';
import { douyin } from './douyin/douyin.ts';
import { jd } from './jd/jd.ts';
import { pinduoduo } from './pinduoduo/pinduoduo.ts';
import { shopify } from './shopify/shopify.ts';
import { standardWebhooks } from './standard-webhooks/standard-webhooks.ts';
import { taobao } from './taobao/taobao.ts';
import { woocommerce } from './woocommerce/woocommerce.ts';

/** A webhook as it came over the wire, before anything of it was parsed. */
export interface WebhookRequest {
  /** Names in lower case, as Node.js gives them. */
  headers: Readonly<Record<string, string | undefined>>;
  /** The exact bytes sent: signatures are over these, never over parsed and written JSON. */
  body: Buffer;
  /** When the request arrived, epoch milliseconds. */
  receivedAt: number;
}

/** What an account has set up about the webhooks it accepts. */
export interface AccountRules {
  /** Every secret that is valid now: two while one is being replaced. An unusable one never matches. */
  secrets: readonly string[];
  /** How far a signed time may lie before or after `receivedAt`, inclusive. Only for platforms that sign a time. */
  replayWindowMs: number;
  /** Whether the same topic with the same bytes counts as a repeat of what was already received. */
  contentRepeats: boolean;
}

/** The replay window of an account that has not chosen one: 5 minutes, as the reference libraries have it. */
export const defaultReplayWindowMs = 5 * 60_000;

/** What is stored of an accepted request. */
export interface AcceptedRecord {
  /** What the platform says happened, such as `orders/paid`; empty when it says nothing. */
  topic: string;
  /** The platform's own id of the delivery, the same on each attempt; null when it has no reliable one. */
  deliveryKey: string | null;
  /** SHA-256 (hex) of topic and body; null when equal bytes may mean two different things. */
  contentKey: string | null;
}

/** One of several messages that came in one request, with the part of the body that is its own. */
export interface AcceptedMessage extends AcceptedRecord {
  body: Buffer;
}

export type WebhookVerdict =
  | ({ kind: 'accept' } & AcceptedRecord)
  /** Several messages, at least one: each is stored for itself. */
  | { kind: 'accept-each'; messages: readonly AcceptedMessage[] }
  /** A platform asking whether the address exists: answered exactly 200, nothing stored. */
  | { kind: 'ping' }
  /** Signed, but there is nothing in it: answered 200, counted, not stored. */
  | { kind: 'ignore'; code: string; params: MessageParams }
  /** For a 401 the caller learns the status and no more; code and params are for the account's owner. */
  | WebhookRefusal;

export interface WebhookRefusal {
  kind: 'refuse';
  status: 400 | 401 | 415;
  code: string;
  params: MessageParams;
}

export const platformNames = [
  'taobao',
  'jd',
  'pinduoduo',
  'douyin',
  'shopify',
  'woocommerce',
  'standard-webhooks',
  'custom',
] as const;
export type PlatformName = (typeof platformNames)[number];

/** What the hub has to know about a sales platform. What it judges of webhooks is pure: no clock, no network, no store. */
export interface Platform {
  readonly name: PlatformName;
  /** The name people know it by. */
  readonly title: string;
  /** Whether equal content counts as a repeat unless the account says otherwise. */
  readonly contentRepeats: boolean;
  /** The one answer that tells this platform that a webhook was taken, repeats included; any other is a failure to it. */
  readonly success?: Readonly<Record<string, string | number | boolean>>;
  /** Whether webhooks are signed with the App Secret of the account's calls, so that no further one has to be entered. */
  readonly signsWithAppSecret?: boolean;
  /**
   * Judges a request; never throws, whatever the request holds. The form (content encoding and type) is judged
   * first, since that needs no secret; then the signature over the raw bytes; only then the content. Whether
   * the body is JSON is not judged: a signed body that is not must be stored, and parked with its raw input.
   */
  judge(request: WebhookRequest, rules: AccountRules): WebhookVerdict;
  /** Why a secret cannot be this platform's, or undefined when it can. */
  validateSecret(secret: string): HubError | undefined;
  /**
   * Whether what arrives, by a webhook or a message, only hints at an order, which then has to be read again: the
   * order's id in the channel, or null when the record is the order itself or about none.
   */
  hintOf?(record: { topic: string; body: unknown }): string | null;
  /**
   * Makes the connection by which orders are fetched and stock and shipments told. Calls nothing yet. Absent when
   * the platform is known by its webhooks only.
   *
   * @throws ChannelFault `channel.credential-missing`
   */
  connect?(access: ChannelAccess): ChannelConnection;
}

const platforms: Readonly<Record<PlatformName, Platform>> = {
  taobao,
  jd,
  pinduoduo,
  douyin,
  shopify,
  woocommerce,
  'standard-webhooks': standardWebhooks,
  custom,
};

/**
 * The platform of an account.
 *
 * @throws HubError `channel.platform-unknown`
 */
export function platformNamed(name: string): Platform {
  const known = platformNames.find((candidate) => candidate === name);
  if (known) return platforms[known];
  throw new HubError('channel.platform-unknown', { name, known: platformNames.join(', ') });
}

/**
 * Tells the account dialog why a secret would never match, before the first webhook is refused.
 *
 * @throws HubError `channel.platform-unknown`
 */
export function validateSecret(platform: string, secret: string): HubError | undefined {
  return platformNamed(platform).validateSecret(secret);
}
