import type { OrderSource, TimeWindow } from '../../../../core/channel/connection/order-source.ts';
import { type Answer, type Answering, idle } from '../answering-channel.ts';

export interface ShopOrder {
  id: number;
  changed: string;
}

/** So many orders, a second apart, the oldest change first. */
export function ordersIn(count: number): ShopOrder[] {
  return Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    changed: new Date(Date.parse('2026-08-31T10:00:00Z') + index * 1_000).toISOString(),
  }));
}

export const span: TimeWindow = {
  from: Date.parse('2026-08-31T09:00:00Z'),
  until: Date.parse('2026-08-31T23:00:00Z'),
};

const query = { since: '{from}', before: '{until}', limit: '{size}' };

/** Each way of paging: what is configured, and a shop that pages so. */
export const pagings: Record<string, { orders: Record<string, unknown>; shop(all: ShopOrder[]): Answering }> =
  {
    'no pages': {
      orders: { request: { path: '/orders', query }, paging: { kind: 'none' } },
      shop: (all) => () => ({ body: { orders: all } }),
    },
    'numbered pages': {
      orders: {
        request: { path: '/orders', query: { ...query, page: '{page}' } },
        paging: { kind: 'page' },
      },
      shop: (all) => (url) => {
        const [page, limit] = numbers(url, 'page', 'limit');
        return { body: { orders: all.slice((page - 1) * limit, page * limit) } };
      },
    },
    'numbered pages that are counted': {
      orders: {
        request: { path: '/orders', query: { ...query, page: '{page}' } },
        paging: { kind: 'page', first: 0 },
        total: 'count',
      },
      shop: (all) => (url) => {
        const [page, limit] = numbers(url, 'page', 'limit');
        return { body: { orders: all.slice(page * limit, (page + 1) * limit), count: all.length } };
      },
    },
    'numbered pages sorted by change': {
      orders: {
        request: { path: '/orders', query: { ...query, page: '{page}', sort: 'changed' } },
        paging: { kind: 'page' },
        sorted: 'modified',
      },
      shop: (all) => (url) => {
        const [page, limit] = numbers(url, 'page', 'limit');
        const rows = all.filter(({ changed }) => changed >= url.searchParams.get('since')!);
        return { body: { orders: rows.slice((page - 1) * limit, page * limit) } };
      },
    },
    'an offset': {
      orders: {
        request: { path: '/orders', query: { ...query, skip: '{offset}' } },
        paging: { kind: 'offset' },
        total: '$header.X-Total-Count',
      },
      shop: (all) => (url) => {
        const [skip, limit] = numbers(url, 'skip', 'limit');
        return {
          body: { orders: all.slice(skip, skip + limit) },
          headers: { 'x-total-count': String(all.length) },
        };
      },
    },
    'a cursor': {
      orders: {
        request: { path: '/orders', query: { ...query, after: '{cursor}' } },
        paging: { kind: 'cursor', next: 'next' },
      },
      shop: (all) => (url) => {
        const [after, limit] = numbers(url, 'after', 'limit');
        const end = after + limit;
        return { body: { orders: all.slice(after, end), next: end < all.length ? `${end}` : null } };
      },
    },
    'the header Link': {
      orders: { request: { path: '/orders', query }, paging: { kind: 'link' } },
      shop: (all) => (url) => {
        const [after, limit] = numbers(url, 'after', 'limit');
        const end = after + limit;
        const next = `<${url.origin}/orders?limit=${limit}&after=${end}>; rel="next", <${url.origin}/>; rel="first"`;
        return {
          body: { orders: all.slice(after, end) },
          ...(end < all.length && { headers: { link: next } }),
        };
      },
    },
    GraphQL: {
      orders: {
        request: {
          path: '/graphql',
          graphql: {
            query:
              'query ($n: Int!, $after: String) { orders(first: $n, after: $after) { nodes { id changed } } }',
            variables: { n: '{size}', after: '{cursor}' },
          },
        },
        records: 'data.orders.edges[*].node',
        paging: {
          kind: 'cursor',
          next: 'data.orders.pageInfo.endCursor',
          more: 'data.orders.pageInfo.hasNextPage',
        },
      },
      shop: (all) => (_, request) => {
        const { n, after = '0' } = (JSON.parse(request.body!) as { variables: { n: number; after?: string } })
          .variables;
        const end = Number(after) + n;
        const edges = all.slice(Number(after), end).map((node) => ({ node }));
        const pageInfo = { endCursor: String(end), hasNextPage: end < all.length };
        return { body: { data: { orders: { edges, pageInfo } } } };
      },
    },
  };

/** A whole configuration around what is said of its orders. */
export function configWith(orders: Record<string, unknown>, rest: Record<string, unknown> = {}): string {
  return JSON.stringify({
    title: 'Own shop',
    authentication: { kind: 'none' },
    orders: { records: 'orders', id: 'id', modified: 'changed', pageSize: 10, ...orders },
    ...rest,
  });
}

/** The ids of all orders of the window, each once, sorted as numbers. */
export async function idsOf(source: OrderSource, window = span): Promise<number[]> {
  const ids = new Set<number>();
  for await (const { records } of source.changed(window, idle))
    for (const { channelOrderId } of records) ids.add(Number(channelOrderId));
  return [...ids].sort((a, b) => a - b);
}

export const nothing: Answer = { body: { orders: [] } };

function numbers(url: URL, ...names: string[]): [number, number] {
  return names.map((name) => Number(url.searchParams.get(name) ?? 0)) as [number, number];
}
