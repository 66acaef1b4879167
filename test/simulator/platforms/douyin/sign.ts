import { createHmac } from 'node:crypto';
import { md5 } from '../form.ts';

export interface SignedParts {
  appKey: string;
  method: string;
  paramJson: string;
  timestamp: string;
}

/** The signature of a request; undefined for a method of signing that there is not. Lower hex. */
export function douyinSign(parts: SignedParts, secret: string, signMethod: string): string | undefined {
  const { appKey, method, paramJson, timestamp } = parts;
  const text = `${secret}app_key${appKey}method${method}param_json${paramJson}timestamp${timestamp}v2${secret}`;
  if (signMethod === 'md5') return md5(text);
  if (signMethod !== 'hmac-sha256') return undefined;
  return createHmac('sha256', secret).update(text).digest('hex');
}

/** `event-sign` of a push, lower hex. */
export function eventSign(appKey: string, body: string, secret: string): string {
  return md5(`${appKey}${body}${secret}`);
}
