import { retryAfterMs } from '../../retry-after.ts';
import { clockAheadMs } from '../connection/clock-ahead.ts';
import type { ChannelAccess } from '../connection/connection.ts';
import {
  ChannelFault,
  callerFault,
  credentialsFault,
  permissionFault,
  platformFault,
  throttledFault,
} from '../connection/fault.ts';
import type { CallAnswer } from '../connection/http-call.ts';
import './messages.ts';

const platform = 'Shopify';

/** The version of the interface that is asked for unless the account names another. */
export const defaultVersion = '2026-10';

export interface GraphQlRequest {
  /** What is asked, for limits and troubles. */
  name: string;
  query: string;
  variables: Readonly<Record<string, unknown>>;
  /** See CallRequest. Default true: most are questions. */
  repeatable?: boolean;
}

export interface GraphQl {
  /** Such as `2026-10`; compares as text. */
  readonly version: string;
  /** How far the shop's clock was ahead of ours at its last answer, milliseconds; null when it did not tell. */
  clockAheadMs(): number | null;
  /**
   * Asks, and answers what stands under `data`.
   *
   * @param check throws for data that cannot be the answer to this question, so that it may be asked again
   * @throws ChannelFault
   */
  ask<Data>(request: GraphQlRequest, signal: AbortSignal, check?: (data: Data) => void): Promise<Data>;
}

/** The GraphQL Admin API of one shop. */
export function graphQlOf(access: ChannelAccess): GraphQl {
  const version = String(access.settings.apiVersion ?? defaultVersion);
  const url = `${access.address}/admin/api/${version}/graphql.json`;
  let ahead: number | null = null;
  return {
    version,
    clockAheadMs: () => ahead,
    ask: <Data>(
      { name, query, variables, repeatable = true }: GraphQlRequest,
      signal: AbortSignal,
      check?: (data: Data) => void,
    ) =>
      access.call(
        () => ({
          name,
          method: 'POST',
          url,
          repeatable,
          headers: {
            'content-type': 'application/json',
            'x-shopify-access-token': access.credentials.accessToken ?? '',
          },
          body: JSON.stringify({ query, variables }),
        }),
        (answer) => {
          ahead = clockAheadMs(answer.headers, access.now());
          const data = judge(name, answer, access.now()) as Data;
          check?.(data);
          return data;
        },
        signal,
      ),
  };
}

interface GraphQlError {
  message?: unknown;
  extensions?: { code?: unknown };
}

interface Cost {
  requestedQueryCost?: number;
  throttleStatus?: { currentlyAvailable?: number; restoreRate?: number };
}

/** The code of a query that asks for too much at once. */
export const tooCostly = 'shopify.too-costly';

function judge(call: string, answer: CallAnswer, now: number): unknown {
  const { status, headers } = answer;
  if (status === 429) {
    const wait = retryAfterMs(headers['retry-after'], now);
    throw throttledFault({ platform, call, code: '429', said: '' }, wait);
  }
  const what = { platform, call, code: String(status), said: '' };
  if (status >= 500 || status === 408) throw platformFault(what);
  if (status === 401) throw credentialsFault({ ...what, said: saidIn(answer) });
  // 402: the shop is frozen for want of payment; 423: it is locked.
  if (status === 402 || status === 403 || status === 423)
    throw permissionFault({ ...what, said: saidIn(answer) });
  if (status >= 400) throw callerFault({ ...what, said: saidIn(answer) });
  const { data, errors, extensions } = answer.json() as {
    data?: unknown;
    errors?: unknown;
    extensions?: { cost?: Cost };
  };
  const [error] = Array.isArray(errors) ? (errors as GraphQlError[]) : errors ? [{ message: errors }] : [];
  if (error) throw faultOf(error, call, extensions?.cost);
  if (typeof data !== 'object' || data === null)
    throw new ChannelFault('platform', 'channel.answer-unexpected', { platform, call, field: 'data' });
  return data;
}

function faultOf(error: GraphQlError, call: string, cost: Cost | undefined): ChannelFault {
  const code = String(error.extensions?.code ?? '');
  const what = { platform, call, code: code || '–', said: String(error.message ?? '') };
  switch (code) {
    case 'THROTTLED':
      return throttledFault(what, restoredIn(cost));
    case 'MAX_COST_EXCEEDED':
      return new ChannelFault('caller', tooCostly, { call });
    case 'ACCESS_DENIED':
      return permissionFault(what);
    case 'SHOP_INACTIVE':
      return permissionFault(what);
    case 'INTERNAL_SERVER_ERROR':
      return platformFault(what);
    default:
      return callerFault(what);
  }
}

/** Milliseconds until the bucket holds what the query costs; undefined when it does not say. */
function restoredIn(cost: Cost | undefined): number | undefined {
  const {
    requestedQueryCost: wanted,
    throttleStatus: { currentlyAvailable: there, restoreRate: rate } = {},
  } = cost ?? {};
  if (wanted === undefined || there === undefined || !rate) return undefined;
  return Math.max(0, Math.ceil(((wanted - there) / rate) * 1_000));
}

function saidIn(answer: CallAnswer): string {
  try {
    const { errors } = answer.json() as { errors?: unknown };
    return typeof errors === 'string' ? errors : JSON.stringify(errors ?? '');
  } catch (error) {
    if (ChannelFault.is(error)) return '';
    throw error;
  }
}

/** A page of a list. */
export interface Connection<Node> {
  nodes: Node[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

/**
 * All nodes of a list, of which the first page is there.
 *
 * @param call the name of the list, for a fault
 * @throws ChannelFault `channel.cursor-back` for a list without end
 */
export async function allNodes<Node>(
  call: string,
  first: Connection<Node>,
  next: (after: string) => Promise<Connection<Node> | undefined>,
): Promise<Node[]> {
  const nodes = [...first.nodes];
  const cursors = new Set<string>();
  let { hasNextPage, endCursor } = first.pageInfo;
  while (hasNextPage) {
    if (endCursor === null || cursors.has(endCursor))
      throw new ChannelFault('platform', 'channel.cursor-back', { platform, call });
    cursors.add(endCursor);
    const page = await next(endCursor);
    // Gone meanwhile.
    if (!page) break;
    nodes.push(...page.nodes);
    ({ hasNextPage, endCursor } = page.pageInfo);
  }
  return nodes;
}

/** What a mutation says is wrong with its input; `field` leads to it, such as `["input","quantities","3"]`. */
export interface UserError {
  field?: readonly string[] | null;
  message?: string;
  code?: string | null;
}

/** A mutation's first complaint as a fault of whoever asked. */
export function refusedBy(call: string, { message = '', code, field }: UserError): ChannelFault {
  const place = field?.length ? `${field.join('.')}: ` : '';
  return callerFault({ platform, call, code: code ?? '–', said: `${place}${message}` });
}

/** The number at the end of a global id, by which webhooks and the REST API name the same thing. */
export function numberOf(gid: string): string {
  return gid.slice(gid.lastIndexOf('/') + 1).replace(/\?.*$/, '');
}

export function gidOf(type: string, id: string): string {
  return id.startsWith('gid://') ? id : `gid://shopify/${type}/${id}`;
}
