import { enclosedMd5, type Parameters, textToSign } from '../parameter-signature.ts';
import { hmac } from '../signature.ts';

/** `md5` encloses the text in the secret; the others are keyed by it (RFC 2104). */
export const signMethods = ['hmac-sha256', 'hmac', 'md5'] as const;
export type SignMethod = (typeof signMethods)[number];

/**
 * Signs a request of the Taobao open platform (TOP), `sign_method` and `format` among what is signed: upper-case hex.
 * Source: the signing page of the platform, docId 101617.
 */
export function signTop(secret: string, parameters: Parameters, method: SignMethod): string {
  const text = textToSign(parameters);
  if (method === 'md5') return enclosedMd5(secret, text);
  return hmac(method === 'hmac' ? 'md5' : 'sha256', secret, text)
    .toString('hex')
    .toUpperCase();
}
