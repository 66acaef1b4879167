import { createHash } from 'node:crypto';
import { hmac } from '../signature.ts';

/** What of a call is signed: neither the token nor the way it is signed. */
export interface SignedCall {
  appKey: string;
  /** Such as `order.searchList`. */
  method: string;
  /** The very text that is sent. */
  paramJson: string;
  /** Seconds since 1970. */
  timestamp: string;
}

/** What a request's signature is over. */
export function requestText(secret: string, { appKey, method, paramJson, timestamp }: SignedCall): string {
  return `${secret}app_key${appKey}method${method}param_json${paramJson}timestamp${timestamp}v2${secret}`;
}

/**
 * Signs a request of Douyin's open platform by `sign_method=hmac-sha256`: lower-case hex. Source: the platform's guide to
 * calling its interfaces.
 */
export function signRequest(secret: string, call: SignedCall): string {
  return hmac('sha256', secret, requestText(secret, call)).toString('hex');
}

/** The two ways in which `event-sign` of a push is made over app key, raw body and secret; bytes of lower-case hex. */
export const eventSigns = {
  md5: (appKey: string, body: Buffer, secret: string): Buffer =>
    createHash('md5').update(appKey).update(body).update(secret).digest(),
  hmac: (appKey: string, body: Buffer, secret: string): Buffer =>
    hmac('sha256', secret, appKey, body, secret),
} as const;
