import type { ChannelAccess } from '../connection/connection.ts';
import type { CallRequest } from '../connection/http-call.ts';
import { signRequest } from './sign.ts';

export const usualAddress = 'https://openapi-fxg.jinritemai.com';

export interface DouyinCall {
  /** Such as `order.searchList`. */
  method: string;
  /** By {@link paramJson}: signed and sent as it is. */
  json: string;
  /** See CallRequest. */
  repeatable: boolean;
}

/** A signed call; without a token only where one is asked for. */
export function requestOf(
  { address, credentials, now }: ChannelAccess,
  { method, json, repeatable }: DouyinCall,
  token?: string,
): CallRequest {
  const appKey = credentials.appKey ?? '';
  const timestamp = String(Math.floor(now() / 1_000));
  const query = new URLSearchParams({
    app_key: appKey,
    method,
    ...(token !== undefined && { access_token: token }),
    timestamp,
    v: '2',
    sign: signRequest(credentials.appSecret ?? '', { appKey, method, paramJson: json, timestamp }),
    // Without it Douyin takes the signature for the MD5 of old.
    sign_method: 'hmac-sha256',
  });
  return {
    name: method,
    method: 'POST',
    url: `${address || usualAddress}/${method.replaceAll('.', '/')}?${query}`,
    headers: { 'content-type': 'application/json' },
    body: json,
    repeatable,
  };
}
