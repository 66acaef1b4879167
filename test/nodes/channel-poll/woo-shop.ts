import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface WooOrder {
  id: number;
  status: string;
  /** UTC without a zone, as WooCommerce writes it. */
  date_modified_gmt: string;
}

/** A WooCommerce shop as far as reading orders goes. */
export class WooShop {
  readonly orders = new Map<number, WooOrder>();
  /** What is answered instead, while it is set. */
  answer: { status: number; body: unknown; headers?: Record<string, string> } | undefined;
  url = '';
  asked = 0;
  readonly #server = createServer((request, response) =>
    this.#serve(new URL(request.url ?? '', 'http://x'), response),
  );

  static async open(): Promise<WooShop> {
    const shop = new WooShop();
    shop.#server.listen(0, '127.0.0.1');
    await once(shop.#server, 'listening');
    shop.url = `http://127.0.0.1:${(shop.#server.address() as AddressInfo).port}`;
    return shop;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  put(id: number, status = 'processing', at = Date.now()): void {
    this.orders.set(id, { id, status, date_modified_gmt: new Date(at).toISOString().slice(0, 19) });
  }

  #serve({ pathname, searchParams }: URL, response: ServerResponse): void {
    this.asked += 1;
    const send = (status: number, body: unknown, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    };
    if (this.answer) {
      send(this.answer.status, this.answer.body, this.answer.headers);
      return;
    }
    const id = /\/wc\/v3\/orders\/(\d+)$/.exec(pathname)?.[1];
    if (id !== undefined) {
      const order = this.orders.get(Number(id));
      if (order) send(200, order);
      else
        send(404, {
          code: 'woocommerce_rest_shop_order_invalid_id',
          message: 'Invalid ID.',
          data: { status: 404 },
        });
      return;
    }
    if (!pathname.endsWith('/wc/v3/orders')) {
      send(200, {});
      return;
    }
    const after = searchParams.get('modified_after') ?? '';
    const before = searchParams.get('modified_before') ?? '9';
    const found = [...this.orders.values()]
      .filter(({ date_modified_gmt: at }) => at > after && at < before)
      .sort((a, b) => (a.date_modified_gmt < b.date_modified_gmt ? -1 : 1));
    const size = Number(searchParams.get('per_page') ?? 10);
    const page = Number(searchParams.get('page') ?? 1);
    send(200, found.slice((page - 1) * size, page * size), { 'x-wp-total': String(found.length) });
  }
}
