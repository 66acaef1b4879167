import type { ChannelAccess, ChannelConnection } from '../connection/connection.ts';
import { fulfilmentsOf } from './fulfilments.ts';
import { graphQlOf } from './graphql.ts';
import { inventoryOf } from './inventory.ts';
import { ordersOf } from './orders.ts';

/** The GraphQL Admin API of one Shopify shop. */
export function connectShopify(access: ChannelAccess): ChannelConnection {
  const graphQl = graphQlOf(access);
  const { location } = access.settings;
  return {
    orders: ordersOf(graphQl),
    stock: inventoryOf(graphQl, typeof location === 'string' ? location : undefined),
    shipments: fulfilmentsOf(graphQl),
    async check(signal) {
      // The order is asked for so that a missing right shows here and not at night.
      const query = 'query check { shop { name } orders(first: 1) { nodes { id } } }';
      const { shop } = await graphQl.ask<{ shop: { name: string } }>(
        { name: 'shop', query, variables: {} },
        signal,
      );
      return { shop: shop.name, clockAheadMs: graphQl.clockAheadMs(), expiresAt: null };
    },
  };
}
