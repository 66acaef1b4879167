import { enclosedMd5, type Parameters, textToSign } from '../parameter-signature.ts';

/**
 * Signs a request of Pinduoduo's open platform: upper-case hex of an MD5. What is an object or a list is signed as the
 * very JSON text that is sent. Source: the signing page of the open platform.
 */
export function signPdd(secret: string, parameters: Parameters): string {
  return enclosedMd5(secret, textToSign(parameters));
}
