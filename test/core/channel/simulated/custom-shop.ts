/** The simulated shop of one's own, as a person says its interface. */
export const customShop = {
  title: 'Own shop',
  authentication: { kind: 'bearer' },
  orders: {
    request: {
      path: '/orders',
      query: { updated_from: '{from}', updated_until: '{until}', page: '{page}', limit: '{size}' },
    },
    records: 'orders',
    id: 'id',
    modified: 'updatedAt',
    total: 'total',
    paging: { kind: 'page' },
    pageSize: 50,
    sorted: 'modified',
  },
  order: { request: { path: '/orders/{order}' } },
  stock: {
    request: { method: 'POST', path: '/stock', body: { items: '{items}' } },
    item: { sku: '{listing}', quantity: '{quantity}', key: '{key}' },
    most: 20,
    results: { list: 'items', success: { path: 'ok', equals: ['true'] }, message: 'error' },
    read: { request: { path: '/items/{listing}' }, quantity: 'quantity' },
  },
  shipments: {
    request: {
      method: 'POST',
      path: '/orders/{order}/shipments',
      body: { carrier: '{carrier}', tracking: '{tracking}', lines: '{items}' },
    },
    partial: 'quantities',
    item: { id: '{line}', quantity: '{quantity}' },
    id: 'id',
  },
  outcome: { code: 'error.code', message: 'error.message' },
};
