import { createHmac, timingSafeEqual } from 'node:crypto';

/** Keyed digest (RFC 2104) of the parts as if they were one text; strings are taken as UTF-8. */
export function hmac(
  algorithm: 'md5' | 'sha1' | 'sha256',
  key: string | Buffer,
  ...parts: readonly (string | Buffer)[]
): Buffer {
  const digest = createHmac(algorithm, key);
  for (const part of parts) digest.update(part);
  return digest.digest();
}

/** Compares in a time that depends on the length alone; bytes of unequal length are unequal, not an error. */
export function sameBytes(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * Reads standard base64 (RFC 4648 section 4, padded) of exactly or at most so many bytes. Undefined for any
 * other text: Node.js itself skips what it cannot read and ignores surplus bits, so that several texts would
 * pass for one signature.
 */
export function decodeBase64(text: string, length: { least: number; most: number }): Buffer | undefined {
  if (text.length > Math.ceil(length.most / 3) * 4) return undefined;
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) return undefined;
  return bytes.length >= length.least && bytes.length <= length.most ? bytes : undefined;
}
