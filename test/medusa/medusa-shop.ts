import type { MedusaServer } from './medusa-server.ts';

interface Id {
  id: string;
}

/** A product variant as Medusa keeps its stock. */
export interface Goods {
  sku: string;
  variant: string;
  inventoryItem: string;
}

/** A region, a stock location and goods, made as the owner of a new shop makes them. */
export class MedusaShop {
  readonly location: string;
  readonly goods: readonly Goods[];
  readonly #server: MedusaServer;
  readonly #region: string;
  readonly #salesChannel: string;

  private constructor(
    server: MedusaServer,
    made: { location: string; goods: readonly Goods[]; region: string; salesChannel: string },
  ) {
    this.#server = server;
    this.location = made.location;
    this.goods = made.goods;
    this.#region = made.region;
    this.#salesChannel = made.salesChannel;
  }

  /** @param skus of one product, a variant each, all with 20 in stock */
  static async open(server: MedusaServer, skus: readonly string[]): Promise<MedusaShop> {
    const { stores } = await server.admin<{ stores: { default_sales_channel_id: string }[] }>(
      'GET',
      '/admin/stores',
    );
    const salesChannel = stores[0]!.default_sales_channel_id;
    const { region } = await server.admin<{ region: Id }>('POST', '/admin/regions', {
      name: 'Europe',
      currency_code: 'eur',
      countries: ['de'],
    });
    const { stock_location: location } = await server.admin<{ stock_location: Id }>(
      'POST',
      '/admin/stock-locations',
      { name: 'Main warehouse' },
    );
    await server.admin('POST', `/admin/stock-locations/${location.id}/sales-channels`, {
      add: [salesChannel],
    });
    const { product } = await server.admin<{ product: { variants: (Id & { sku: string })[] } }>(
      'POST',
      '/admin/products',
      {
        title: 'Tea ®™ 茶 🍵',
        status: 'published',
        sales_channels: [{ id: salesChannel }],
        options: [{ title: 'Kind', values: skus }],
        variants: skus.map((sku) => ({
          title: sku,
          sku,
          manage_inventory: true,
          options: { Kind: sku },
          prices: [{ currency_code: 'eur', amount: 12.5 }],
        })),
      },
    );
    const { inventory_items: items } = await server.admin<{ inventory_items: (Id & { sku: string })[] }>(
      'GET',
      '/admin/inventory-items?limit=100',
    );
    const goods = product.variants.map(({ id, sku }) => ({
      sku,
      variant: id,
      inventoryItem: items.find((item) => item.sku === sku)!.id,
    }));
    for (const { inventoryItem } of goods)
      await server.admin('POST', `/admin/inventory-items/${inventoryItem}/location-levels`, {
        location_id: location.id,
        stocked_quantity: 20,
      });
    return new MedusaShop(server, { location: location.id, goods, region: region.id, salesChannel });
  }

  /** An order that waits for its payment; answers its number. */
  async order(sku: string, quantity: number): Promise<string> {
    const { draft_order: draft } = await this.#server.admin<{ draft_order: Id }>(
      'POST',
      '/admin/draft-orders',
      {
        email: 'buyer@example.test',
        region_id: this.#region,
        sales_channel_id: this.#salesChannel,
        items: [{ variant_id: this.#of(sku).variant, quantity }],
        shipping_address: {
          first_name: 'Test',
          last_name: '买家 ®™ 🍵',
          address_1: '1 Example Street',
          city: 'Berlin',
          country_code: 'de',
          postal_code: '10115',
        },
      },
    );
    await this.#server.admin('POST', `/admin/draft-orders/${draft.id}/convert-to-order`, {});
    return draft.id;
  }

  async pay(order: string): Promise<void> {
    const { order: found } = await this.#server.admin<{ order: { total: number } }>(
      'GET',
      `/admin/orders/${order}?fields=total`,
    );
    const { payment_collection: collection } = await this.#server.admin<{ payment_collection: Id }>(
      'POST',
      '/admin/payment-collections',
      { order_id: order, amount: found.total },
    );
    await this.#server.admin('POST', `/admin/payment-collections/${collection.id}/mark-as-paid`, {
      order_id: order,
    });
  }

  async cancel(order: string): Promise<void> {
    await this.#server.admin('POST', `/admin/orders/${order}/cancel`, {});
  }

  /** How many it has of a SKU, as its admin pages show it. */
  async stocked(sku: string): Promise<number> {
    const { inventory_levels: levels } = await this.#server.admin<{
      inventory_levels: { stocked_quantity: number }[];
    }>('GET', `/admin/inventory-items/${this.#of(sku).inventoryItem}/location-levels`);
    return levels[0]!.stocked_quantity;
  }

  #of(sku: string): Goods {
    const found = this.goods.find((one) => one.sku === sku);
    if (!found) throw new Error(`The shop has no ${sku}.`);
    return found;
  }
}
