import { randomUUID } from 'node:crypto';
import { retryAfterMs } from '../../retry-after.ts';
import type { ChannelAccess } from '../connection/connection.ts';
import {
  ChannelFault,
  callerFault,
  clockFault,
  credentialsFault,
  permissionFault,
  platformFault,
  throttledFault,
} from '../connection/fault.ts';
import type { CallAnswer } from '../connection/http-call.ts';
import { signedQuery } from './oauth.ts';
import './messages.ts';

const platform = 'WooCommerce';

export interface RestRequest {
  method: 'GET' | 'POST' | 'PUT';
  /** Below `/wp-json/`, such as `wc/v3/orders`. */
  path: string;
  params?: Readonly<Record<string, string>>;
  body?: unknown;
  /** See CallRequest. Default: everything but a POST. */
  repeatable?: boolean;
}

export interface RestAnswer {
  data: unknown;
  headers: Readonly<Record<string, string>>;
}

/** The REST interface of one shop, signed as the kind of its address needs. */
export type Rest = (request: RestRequest, signal: AbortSignal) => Promise<RestAnswer>;

/** @throws ChannelFault; `woocommerce.not-found` for what does not exist */
export function restOf(access: ChannelAccess): Rest {
  return (request, signal) =>
    access.call(
      () => ({
        name: `${request.method} ${request.path}`,
        method: request.method,
        repeatable: request.repeatable ?? request.method !== 'POST',
        ...signed(access, request),
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      }),
      (answer) => judge(request, answer, access.now()),
      signal,
    );
}

/** HTTPS carries key and secret; over plain HTTP only their proof goes. */
function signed(
  { address, credentials, now }: ChannelAccess,
  { method, path, params = {}, body }: RestRequest,
): { url: string; headers: Record<string, string> } {
  const url = `${address}/wp-json/${path}`;
  const { appKey = '', appSecret = '' } = credentials;
  const isEncrypted = url.startsWith('https:');
  const query = isEncrypted
    ? params
    : signedQuery({
        method,
        url,
        params,
        consumerKey: appKey,
        consumerSecret: appSecret,
        timestamp: Math.floor(now() / 1_000),
        nonce: randomUUID().replaceAll('-', ''),
      });
  const text = new URLSearchParams(query).toString();
  return {
    url: text ? `${url}?${text}` : url,
    headers: {
      ...(isEncrypted && {
        authorization: `Basic ${Buffer.from(`${appKey}:${appSecret}`).toString('base64')}`,
      }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
  };
}

/** What a 404 without the wanted thing is told by; who asks for one thing takes it for "there is none". */
export const notFound = 'woocommerce.not-found';

function judge(request: RestRequest, answer: CallAnswer, now: number): RestAnswer {
  const { status, headers } = answer;
  if (status >= 200 && status < 300) return { data: answer.json(), headers };
  const call = `${request.method} ${request.path}`;
  if (status === 429)
    throw throttledFault(
      { platform, call, code: '429', said: '' },
      retryAfterMs(headers['retry-after'], now),
    );
  const { code, message } = errorIn(answer);
  const what = { platform, call, code: code || String(status), said: message };
  if (status >= 500 || status === 408) throw platformFault(what);
  if (/timestamp/i.test(message)) throw clockFault(what);
  if (status === 401 || status === 403)
    throw isForbidden(what) ? permissionFault(what) : credentialsFault(what);
  if (status === 404) throw new ChannelFault('caller', notFound, { path: request.path, code: what.code });
  throw callerFault(what);
}

/**
 * Whether the shop knows the key, but not that it may do this: a user without the right, or a key made for reading
 * only, which has the code of a wrong key (class-wc-rest-authentication.php).
 */
export function isForbidden({ code, said }: { code: string; said: string }): boolean {
  return /cannot_|forbidden/.test(code) || /not have (read|write) permission/i.test(said);
}

/**
 * The interface's own code and words; of a page that a web server or a plugin answers with, nothing.
 *
 * @throws ChannelFault `channel.answer-truncated`: what the shop refused stood in what was lost
 */
function errorIn(answer: CallAnswer): { code: string; message: string } {
  try {
    const { code, message } = (answer.json() ?? {}) as { code?: unknown; message?: unknown };
    return { code: String(code ?? ''), message: String(message ?? '') };
  } catch (error) {
    if (ChannelFault.is(error) && error.code !== 'channel.answer-truncated')
      return { code: '', message: String(error.params.start ?? '') };
    throw error;
  }
}

/** Whether a fault says that the thing, or the route to it, does not exist. */
export function isNotFound(error: unknown): error is ChannelFault {
  return ChannelFault.is(error) && error.code === notFound;
}

/**
 * The list in an answer.
 *
 * @throws ChannelFault `channel.answer-unexpected`
 */
export function listIn({ data }: RestAnswer, call: string): Record<string, unknown>[] {
  if (Array.isArray(data)) return data as Record<string, unknown>[];
  throw new ChannelFault('platform', 'channel.answer-unexpected', { platform, call, field: '[]' });
}
