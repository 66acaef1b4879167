import { allNodes, type Connection, type GraphQl } from './graphql.ts';

export interface FulfilmentLine {
  quantity: number;
  lineItem: { id: string };
}

/** All that is in one parcel; nothing when the parcel is gone. */
export async function fulfilmentLines(
  graphQl: GraphQl,
  id: string,
  signal: AbortSignal,
): Promise<FulfilmentLine[]> {
  type Lines = Connection<FulfilmentLine>;
  const query = `query parcel($id: ID!, $after: String) { fulfillment(id: $id) {
    fulfillmentLineItems(first: 100, after: $after) {
      nodes { quantity lineItem { id } } pageInfo { hasNextPage endCursor } } } }`;
  const page = async (after: string | null): Promise<Lines | undefined> => {
    const { fulfillment } = await graphQl.ask<{ fulfillment: { fulfillmentLineItems: Lines } | null }>(
      { name: 'fulfillment', query, variables: { id, after } },
      signal,
    );
    return fulfillment?.fulfillmentLineItems;
  };
  const first = await page(null);
  return first ? allNodes('fulfillmentLineItems', first, page) : [];
}
