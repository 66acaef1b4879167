import { createHash } from 'node:crypto';
import type { GatewayRequest } from '../gateway/exchange.ts';

export type Params = Readonly<Record<string, string>>;

/** What stands in the query and in a form body together. */
export function formOf({ query, headers, body }: GatewayRequest): Params {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  return Object.fromEntries([...query, ...(isForm ? new URLSearchParams(body) : [])]);
}

/** Names and values of all but `sign`, ASCII ascending, with nothing between them. Taobao leaves out empty ones. */
export function joinedParams(params: Params, leaveEmpty = false): string {
  return Object.keys(params)
    .filter((name) => name !== 'sign' && !(leaveEmpty && params[name] === ''))
    .sort()
    .map((name) => `${name}${params[name]}`)
    .join('');
}

/** How Taobao, JD and Pinduoduo sign: the secret on both sides, MD5, upper hex. */
export function wrappedMd5(params: Params, secret: string, leaveEmpty = false): string {
  return md5(`${secret}${joinedParams(params, leaveEmpty)}${secret}`).toUpperCase();
}

/** Lower hex. */
export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
