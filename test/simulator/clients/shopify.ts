import type { SimulatedShop } from '../simulator.ts';
import { ask, at, type ReadAll } from './client.ts';

/** Asks the GraphQL interface. @throws Error for errors in the answer */
export async function graphQl(
  { address, access }: SimulatedShop,
  query: string,
  variables: Record<string, unknown> = {},
  version = '2026-10',
): Promise<unknown> {
  const { data } = await ask(`${address}/admin/api/${version}/graphql.json`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-shopify-access-token': access.accessToken },
    body: JSON.stringify({ query, variables }),
  });
  const { errors } = data as { errors?: unknown };
  if (errors) throw new Error(JSON.stringify(errors));
  return at(data, 'data');
}

/** In order of change, from cursor to cursor. */
export const readShopify: ReadAll = async (shop, { from, until }) => {
  const query = `query changed($after: String, $query: String!) {
    orders(first: 40, after: $after, sortKey: UPDATED_AT, query: $query) {
      nodes { legacyResourceId updatedAt } pageInfo { hasNextPage endCursor } } }`;
  const window = `updated_at:>='${new Date(from).toISOString()}' AND updated_at:<='${new Date(until).toISOString()}'`;
  const seen = [];
  let after: string | null = null;
  for (;;) {
    const data: unknown = await graphQl(shop, query, { after, query: window });
    type Node = { legacyResourceId: string; updatedAt: string };
    for (const { legacyResourceId: id, updatedAt } of at<Node[]>(data, 'orders.nodes'))
      seen.push({ id, modifiedAt: Date.parse(updatedAt) });
    if (!at<boolean>(data, 'orders.pageInfo.hasNextPage')) return seen;
    after = at<string>(data, 'orders.pageInfo.endCursor');
  }
};
