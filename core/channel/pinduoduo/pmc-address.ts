import { createHash } from 'node:crypto';
import type { ChannelAccess } from '../connection/connection.ts';
import { usualAddress } from './call.ts';

const usualMessageAddress = 'wss://message-api.pinduoduo.com/message';

/**
 * What proves to the message service who connects: base64 of the lower-case hex of an MD5. Source: the page on receiving
 * messages of the open platform.
 *
 * @param ms epoch milliseconds
 */
export function pmcDigest(clientId: string, ms: number, secret: string): string {
  const hex = createHash('md5').update(`${clientId}${ms}${secret}`).digest('hex');
  return Buffer.from(hex).toString('base64');
}

/**
 * Where to connect now. An account that calls another address than the usual one has its messages from there as well:
 * `/message` instead of `/api/router`.
 */
export function pmcAddress({
  address,
  credentials,
  now,
}: Pick<ChannelAccess, 'address' | 'credentials' | 'now'>): string {
  const clientId = credentials.appKey ?? '';
  const ms = now();
  const digest = pmcDigest(clientId, ms, credentials.appSecret ?? '');
  const parts = [clientId, String(ms), digest].map(encodeURIComponent);
  return [messageAddress(address || usualAddress), ...parts].join('/');
}

function messageAddress(address: string): string {
  if (address === usualAddress) return usualMessageAddress;
  const { protocol, host, pathname } = new URL(address);
  const path = pathname.replace(/\/+$/, '').replace(/\/api\/router$/, '');
  return `${protocol === 'http:' ? 'ws:' : 'wss:'}//${host}${path}/message`;
}
