import { enclosedMd5, type Parameters, textToSign } from '../parameter-signature.ts';

/**
 * Signs a request of JD's open platform (JOS): upper-case hex of an MD5. `360buy_param_json` is signed as the very text
 * that is sent. Source: the developer guide of open.jd.com, "calling an API".
 */
export function signJos(secret: string, parameters: Parameters): string {
  return enclosedMd5(secret, textToSign(parameters));
}
