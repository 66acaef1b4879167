import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Chance } from '../../../support/seeded.ts';

export interface ChangingOrder {
  id: string;
  rev: number;
  modifiedAt: number;
}

export interface ChangingShopOptions {
  orders: number;
  /** Changes while the shop is read, a few with each request. */
  changes: number;
  /** Orders begin this long before now, milliseconds. */
  spanMs: number;
}

/** A shop behind HTTP whose orders change while they are read, and that fails by chance in every way it can. */
export class ChangingShop {
  readonly orders: ChangingOrder[] = [];
  readonly failed: Record<string, number> = {};
  url = '';
  requests = 0;
  changesLeft: number;
  lastChangeAt = 0;
  readonly #chance: Chance;
  readonly #server = createServer((request, response) =>
    this.#serve(new URL(request.url ?? '', 'http://x'), response),
  );

  constructor(chance: Chance, { orders, changes, spanMs }: ChangingShopOptions) {
    this.#chance = chance;
    this.changesLeft = changes;
    const begin = Date.now() - spanMs;
    for (let n = 0; n < orders; n += 1)
      this.orders.push({
        id: `o-${n}`,
        rev: 0,
        modifiedAt: begin + Math.floor((n * (spanMs - 60_000)) / orders),
      });
  }

  async open(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #serve({ pathname, searchParams }: URL, response: ServerResponse): void {
    this.requests += 1;
    this.#change();
    if (this.#fails(response)) return;
    const rows = pathname === '/order' ? this.#one(searchParams.get('id')) : this.#page(searchParams);
    const body = Buffer.from(JSON.stringify({ rows }));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    if (this.#by('cut', 0.01)) {
      response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
      return;
    }
    response.end(body);
  }

  #one(id: string | null): ChangingOrder[] {
    return this.orders.filter((order) => order.id === id);
  }

  /** Changed in [from, until), after a change and id: the oldest change first. */
  #page(asked: URLSearchParams): ChangingOrder[] {
    const from = Number(asked.get('from'));
    const until = Number(asked.get('until'));
    const after = Number(asked.get('after') ?? -1);
    const afterId = asked.get('afterId') ?? '';
    const rows = this.orders
      .filter(({ modifiedAt }) => modifiedAt >= from && modifiedAt < until)
      .filter(({ modifiedAt, id }) => modifiedAt > after || (modifiedAt === after && id > afterId))
      .sort((a, b) => a.modifiedAt - b.modifiedAt || (a.id < b.id ? -1 : 1))
      .slice(0, 100);
    // Now and then a row stands on a page twice.
    return rows.length > 1 && this.#by('doubled', 0.1) ? [rows[0]!, ...rows] : rows;
  }

  #change(): void {
    const now = Date.now();
    for (let n = 0; n < 25 && this.changesLeft > 0; n += 1) {
      const order = this.#chance.pick(this.orders);
      order.rev += 1;
      order.modifiedAt = now;
      this.changesLeft -= 1;
      this.lastChangeAt = now;
    }
  }

  #fails(response: ServerResponse): boolean {
    if (this.#by('throttled', 0.02)) response.writeHead(429).end('{"code":7}');
    else if (this.#by('trouble', 0.03)) response.writeHead(502).end('<html>bad gateway</html>');
    else if (this.#by('page', 0.01))
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Maintenance</html>');
    else return false;
    return true;
  }

  #by(what: string, probability: number): boolean {
    if (!this.#chance.happens(probability)) return false;
    this.failed[what] = (this.failed[what] ?? 0) + 1;
    return true;
  }
}
