import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { HubError } from '../../errors.ts';
import { validatePlainSecret } from '../plain-secret.ts';
import { decodeBase64 } from '../signature.ts';
import './messages.ts';

/** `v1` is HMAC-SHA256 with a shared secret, `v1a` ed25519 with the sender's key pair. */
export type Scheme = 'v1' | 'v1a';
export type VerifyingKey = { scheme: 'v1'; secret: Buffer } | { scheme: 'v1a'; publicKey: KeyObject };
export type SigningKey = { scheme: 'v1'; secret: Buffer } | { scheme: 'v1a'; privateKey: KeyObject };

const prefixes = { shared: 'whsec_', public: 'whpk_', private: 'whsk_' } as const;

/** Bytes a shared secret may have (the standard: 192 to 512 bits). */
const sharedBytes = { least: 24, most: 64 };
/** Bytes of a raw ed25519 key (RFC 8032), public or private seed. */
const keyBytes = 32;
/** What stands before the seed in a PKCS #8 ed25519 private key (RFC 8410). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
/** Longer texts are no key of any kind; keeps a pasted file from being decoded. */
const longestKey = 1024;

/**
 * What a receiver checks with: `whsec_` (or no prefix) and base64 for v1, `whpk_` and base64 for v1a.
 *
 * @throws HubError why it cannot be one
 */
export function verifyingKey(secret: string): VerifyingKey {
  const plain = validatePlainSecret(secret);
  if (plain) throw plain;
  if (secret.startsWith(prefixes.private)) throw new HubError('standard-webhooks.secret-private');
  if (!secret.startsWith(prefixes.public)) return { scheme: 'v1', secret: sharedSecret(secret) };
  const raw = decodeKey(secret.slice(prefixes.public.length));
  if (raw.length !== keyBytes) throw wrongLength(raw, `${keyBytes}`);
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') };
  return { scheme: 'v1a', publicKey: createPublicKey({ key: jwk, format: 'jwk' }) };
}

/**
 * What a sender signs with: `whsec_` (or no prefix) for v1, `whsk_` for v1a, being the seed of 32 bytes or, as
 * libsodium keeps it, seed and public key in 64.
 *
 * @throws HubError why it cannot be one
 */
export function signingKey(secret: string): SigningKey {
  const plain = validatePlainSecret(secret);
  if (plain) throw plain;
  if (secret.startsWith(prefixes.public)) throw new HubError('standard-webhooks.secret-public');
  if (!secret.startsWith(prefixes.private)) return { scheme: 'v1', secret: sharedSecret(secret) };
  const raw = decodeKey(secret.slice(prefixes.private.length));
  if (raw.length !== keyBytes && raw.length !== 2 * keyBytes) {
    throw wrongLength(raw, `${keyBytes} / ${2 * keyBytes}`);
  }
  const der = Buffer.concat([pkcs8Prefix, raw.subarray(0, keyBytes)]);
  return { scheme: 'v1a', privateKey: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }) };
}

function sharedSecret(secret: string): Buffer {
  const text = secret.startsWith(prefixes.shared) ? secret.slice(prefixes.shared.length) : secret;
  const raw = decodeKey(text);
  if (raw.length < sharedBytes.least || raw.length > sharedBytes.most) {
    throw wrongLength(raw, `${sharedBytes.least}–${sharedBytes.most}`);
  }
  return raw;
}

function decodeKey(text: string): Buffer {
  const raw = decodeBase64(text, { least: 1, most: longestKey });
  if (!raw) throw new HubError('standard-webhooks.secret-not-base64');
  return raw;
}

function wrongLength(raw: Buffer, wanted: string): HubError {
  return new HubError('standard-webhooks.secret-length', { bytes: raw.length, wanted });
}
