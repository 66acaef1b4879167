/*
 * Configurations of a custom channel to start from: whole, so that what an interface has otherwise is changed in
 * place. Ids that only the shop knows are left to be filled in.
 */

const medusaFields = [
  'id,display_id,status,payment_status,fulfillment_status,currency_code,total,shipping_total,created_at,canceled_at',
  'customer_id,email,*items,*items.detail,items.variant.inventory_items.inventory_item_id,*shipping_address',
].join(',');

/** Orders of Medusa do not say when they were paid or shipped, so those of the last 14 days are read each time. */
const medusa = {
  title: 'Medusa',
  authentication: { kind: 'api-key', in: 'header', name: 'authorization', prefix: 'Basic ' },
  outcome: { code: 'type', message: 'message' },
  orders: {
    request: {
      path: '/admin/orders',
      query: {
        'created_at[$gte]': '{from}',
        'created_at[$lt]': '{until}',
        order: 'created_at',
        limit: '{size}',
        offset: '{offset}',
        fields: medusaFields,
      },
    },
    records: 'orders',
    id: 'id',
    total: 'count',
    paging: { kind: 'offset' },
    pageSize: 50,
    window: { mostDays: 28, lagSeconds: 10, overlapSeconds: 14 * 86_400 },
  },
  order: { request: { path: '/admin/orders/{order}', query: { fields: medusaFields } }, record: 'order' },
  stock: {
    request: {
      method: 'POST',
      path: '/admin/inventory-items/{listing}/location-levels/sloc_YOUR_LOCATION',
      body: { stocked_quantity: '{quantity}' },
    },
    read: {
      request: {
        path: '/admin/inventory-items/{listing}/location-levels',
        query: { location_id: 'sloc_YOUR_LOCATION' },
      },
      quantity: 'inventory_levels[0].stocked_quantity',
    },
  },
};

const rest = {
  title: 'Web shop',
  authentication: { kind: 'bearer' },
  orders: {
    request: {
      path: '/orders',
      query: {
        updated_after: '{from}',
        updated_before: '{until}',
        sort: 'updated_at',
        page: '{page}',
        per_page: '{size}',
      },
    },
    records: 'data',
    id: 'id',
    modified: 'updated_at',
    total: 'total',
    paging: { kind: 'page', first: 1 },
    sorted: 'modified',
  },
  order: { request: { path: '/orders/{order}' } },
  stock: {
    request: { method: 'PUT', path: '/variants/{listing}', body: { stock: '{quantity}' } },
    read: { request: { path: '/variants/{listing}' }, quantity: 'stock' },
  },
  shipments: {
    request: {
      method: 'POST',
      path: '/orders/{order}/shipments',
      body: { carrier: '{carrier}', number: '{tracking}' },
    },
    id: 'id',
    already: ['409'],
  },
};

const graphqlOrders = `query Orders($from: String, $until: String, $after: String, $size: Int) {
  orders(updatedFrom: $from, updatedUntil: $until, sortBy: UPDATED_AT, after: $after, first: $size) {
    nodes { id updatedAt status lines { id sku quantity } }
    pageInfo { hasNextPage endCursor }
  }
}`;

const graphql = {
  title: 'GraphQL shop',
  authentication: { kind: 'bearer' },
  orders: {
    request: {
      path: '/graphql',
      graphql: {
        query: graphqlOrders,
        variables: { from: '{from}', until: '{until}', after: '{cursor}', size: '{size}' },
      },
    },
    records: 'data.orders.nodes',
    id: 'id',
    modified: 'updatedAt',
    paging: {
      kind: 'cursor',
      next: 'data.orders.pageInfo.endCursor',
      more: 'data.orders.pageInfo.hasNextPage',
    },
    sorted: 'modified',
  },
  stock: {
    request: {
      path: '/graphql',
      graphql: {
        query:
          'mutation Stock($sku: String!, $quantity: Int!) { setStock(sku: $sku, quantity: $quantity) { quantity } }',
        variables: { sku: '{listing}', quantity: '{quantity}' },
      },
    },
  },
};

export const presets = { medusa, rest, graphql } as const;
export type PresetName = keyof typeof presets;
export const presetNames = Object.keys(presets) as PresetName[];

export function presetText(name: PresetName): string {
  return JSON.stringify(presets[name], null, 2);
}
