import { createHmac } from 'node:crypto';
import { joinedParams, type Params, wrappedMd5 } from '../form.ts';

/** The signature of a TOP request; undefined for a method that there is not. */
export function taobaoSign(params: Params, secret: string): string | undefined {
  switch (params.sign_method) {
    case 'md5':
      return wrappedMd5(params, secret, true);
    case 'hmac':
      return keyed('md5', params, secret);
    case 'hmac-sha256':
      return keyed('sha256', params, secret);
    default:
      return undefined;
  }
}

function keyed(hash: 'md5' | 'sha256', params: Params, secret: string): string {
  return createHmac(hash, secret).update(joinedParams(params, true)).digest('hex').toUpperCase();
}
