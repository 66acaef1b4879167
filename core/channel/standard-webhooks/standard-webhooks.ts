import { sign, verify } from 'node:crypto';
import { HubError } from '../../errors.ts';
import { isBlank, judgeJsonForm } from '../body-form.ts';
import { contentKey } from '../content-key.ts';
import type { AccountRules, Platform, WebhookRefusal, WebhookRequest, WebhookVerdict } from '../platform.ts';
import { refuse } from '../refusal.ts';
import { decodeBase64, hmac, sameBytes } from '../signature.ts';
import { eventType } from './event-type.ts';
import { type Scheme, signingKey, type VerifyingKey, verifyingKey } from './keys.ts';
import './messages.ts';

const title = 'Standard Webhooks';

/** Bytes in a signature: HMAC-SHA256, and ed25519 (RFC 8032). */
const signatureBytes: Readonly<Record<Scheme, number>> = { v1: 32, v1a: 64 };

/** A sender puts one signature for each key being replaced; a stranger may not order more work than this. */
const mostSignatures = 10;

interface Signature {
  scheme: Scheme;
  bytes: Buffer;
}

/**
 * Standard Webhooks (specification 1.0): the signed text is `id.timestamp.body`, the header `webhook-signature` a
 * list of `version,base64` separated by spaces, one of which has to match one of the secrets. The time is signed,
 * so a request outside the replay window, on either side, is refused.
 *
 * The delivery key is the signed `webhook-id`, the same on each attempt. Content does not count unless the account
 * says so: a system that puts no times into its body may truly return to an earlier state.
 */
export const standardWebhooks: Platform = {
  name: 'standard-webhooks',
  title,
  contentRepeats: false,
  judge,
  validateSecret,
};

function judge(request: WebhookRequest, rules: AccountRules): WebhookVerdict {
  const { headers, body } = request;
  const form = judgeJsonForm(request);
  if (form) return form;
  const list = headers['webhook-signature'];
  if (!list) {
    return refuse(401, 'channel.signature-missing', { platform: title, header: 'webhook-signature' });
  }
  const id = headers['webhook-id'];
  if (!id) return refuse(401, 'standard-webhooks.id-missing');
  // With a dot in the id, id and time could be cut elsewhere and a signed text be used for another message.
  if (id.includes('.')) return refuse(401, 'standard-webhooks.id-dotted');
  const timestamp = headers['webhook-timestamp'] ?? '';
  if (!/^\d{1,12}$/.test(timestamp)) return refuse(401, 'standard-webhooks.time-malformed');

  // The signature first: only of a genuine request is the time worth telling the owner about.
  const refusal =
    judgeSignatures(list, [`${id}.${timestamp}.`, body], rules) ??
    judgeTime(Number(timestamp), request.receivedAt, rules.replayWindowMs);
  if (refusal) return refusal;

  if (isBlank(body)) return { kind: 'ignore', code: 'channel.body-empty', params: { topic: null } };
  const topic = eventType(body);
  return {
    kind: 'accept',
    topic,
    deliveryKey: id,
    contentKey: rules.contentRepeats ? contentKey([topic], body) : null,
  };
}

function judgeSignatures(
  list: string,
  signed: readonly (string | Buffer)[],
  rules: AccountRules,
): WebhookRefusal | undefined {
  const entries = list.split(' ').filter((entry) => entry !== '');
  if (entries.length > mostSignatures) {
    return refuse(401, 'standard-webhooks.signatures-many', { found: entries.length, most: mostSignatures });
  }
  const signatures = entries.map(readSignature).filter((signature) => signature !== undefined);
  if (signatures.length === 0) {
    return refuse(401, 'channel.signature-malformed', { platform: title, header: 'webhook-signature' });
  }
  const keys = rules.secrets.map(usableKey).filter((key) => key !== undefined);
  if (keys.length === 0) return refuse(401, 'channel.secret-none', { platform: title });
  if (keys.some((key) => made(key, signatures, signed))) return undefined;
  const sent = new Set(signatures.map(({ scheme }) => scheme));
  const configured = new Set(keys.map(({ scheme }) => scheme));
  if (![...sent].some((scheme) => configured.has(scheme))) {
    return refuse(401, 'standard-webhooks.scheme-differs', {
      signed: [...sent].join(', '),
      configured: [...configured].join(', '),
    });
  }
  return refuse(401, 'channel.signature-wrong', { platform: title, secrets: keys.length });
}

/** One `version,base64`; undefined for a version the hub does not know and for what is no signature. */
function readSignature(entry: string): Signature | undefined {
  const [version, text, ...rest] = entry.split(',');
  if ((version !== 'v1' && version !== 'v1a') || text === undefined || rest.length > 0) return undefined;
  const length = signatureBytes[version];
  const bytes = decodeBase64(text, { least: length, most: length });
  return bytes && { scheme: version, bytes };
}

/** A secret that cannot be one matches nothing; the account dialog and its status tell why. */
function usableKey(secret: string): VerifyingKey | undefined {
  try {
    return verifyingKey(secret);
  } catch (error) {
    if (HubError.is(error)) return undefined;
    throw error;
  }
}

/** Whether the key made one of the signatures. */
function made(
  key: VerifyingKey,
  signatures: readonly Signature[],
  signed: readonly (string | Buffer)[],
): boolean {
  const candidates = signatures.filter(({ scheme }) => scheme === key.scheme);
  if (candidates.length === 0) return false;
  if (key.scheme === 'v1') {
    const expected = hmac('sha256', key.secret, ...signed);
    return candidates.some(({ bytes }) => sameBytes(bytes, expected));
  }
  const text = textOf(signed);
  return candidates.some(({ bytes }) => verify(null, text, key.publicKey, bytes));
}

/** The window is inclusive on both sides, counted in milliseconds. */
function judgeTime(seconds: number, receivedAt: number, windowMs: number): WebhookRefusal | undefined {
  const age = receivedAt - seconds * 1000;
  if (Math.abs(age) <= windowMs) return undefined;
  const params = { seconds: Math.round(Math.abs(age) / 1000), allowed: Math.round(windowMs / 1000) };
  return refuse(401, age > 0 ? 'standard-webhooks.too-old' : 'standard-webhooks.too-new', params);
}

function validateSecret(secret: string): HubError | undefined {
  try {
    verifyingKey(secret);
    return undefined;
  } catch (error) {
    if (HubError.is(error)) return error;
    throw error;
  }
}

/**
 * The headers with which this body is sent, ready for the request.
 *
 * @param secret `whsec_…` signs as v1, `whsk_…` as v1a
 * @param id the message's id, the same on each attempt; without a dot
 * @param timestampSeconds time of this attempt, whole Unix seconds
 * @throws HubError when the secret cannot sign, or the id or the time would make a request nobody may accept
 */
export function signStandardWebhook(
  secret: string,
  id: string,
  timestampSeconds: number,
  body: string | Buffer,
): Record<string, string> {
  if (id === '') throw new HubError('standard-webhooks.id-missing');
  if (id.includes('.')) throw new HubError('standard-webhooks.id-dotted');
  if (!Number.isSafeInteger(timestampSeconds) || timestampSeconds < 0) {
    throw new HubError('standard-webhooks.time-malformed');
  }
  const key = signingKey(secret);
  const signed = [`${id}.${timestampSeconds}.`, body];
  const signature =
    key.scheme === 'v1' ? hmac('sha256', key.secret, ...signed) : sign(null, textOf(signed), key.privateKey);
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': `${key.scheme},${signature.toString('base64')}`,
  };
}

function textOf(parts: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}
