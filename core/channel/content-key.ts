import { createHash } from 'node:crypto';

/**
 * Names what was said, whoever carried it: SHA-256 in hex over each label followed by NUL, then the raw body.
 * A label comes from a header, which cannot contain NUL, so no two different requests give the same text.
 */
export function contentKey(labels: readonly string[], body: Buffer): string {
  const digest = createHash('sha256');
  for (const label of labels) digest.update(label).update('\0');
  return digest.update(body).digest('hex');
}
