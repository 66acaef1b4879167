import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ShopServer } from '../shop-server.ts';
import { json } from './exchange.ts';
import { sendReply } from './transmission.ts';

const bodyLimit = 8 * 1_048_576;

/**
 * The one HTTP server of all simulated shops: each stands below its name, such as `/taobao`. What buyers see in each
 * of them stands at `/`, for anybody.
 */
export class GatewayServer {
  readonly #server: Server;
  readonly #shops: ReadonlyMap<string, ShopServer>;

  constructor(shops: ReadonlyMap<string, ShopServer>) {
    this.#shops = shops;
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        console.error('The simulator failed at a request:', error);
        response.destroy();
      });
    });
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** @returns the address, such as `http://127.0.0.1:40123` */
  async listen(port: number): Promise<string> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Ends every connection, also those that a fault holds open. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const found = this.#find(request);
    const body = await bodyOf(request);
    if (body === undefined) return;
    if (request.method === 'GET' && request.url === '/') {
      const shown = [...this.#shops.values()].map((shop) => shop.shown());
      sendReply(response, json({ shops: shown }), null, Date.now());
      return;
    }
    if (!found) {
      sendReply(response, { status: 404, body: 'No simulated shop stands here.' }, null, Date.now());
      return;
    }
    const { reply, fault, now } = found.shop.answer({
      method: request.method ?? 'GET',
      path: found.path,
      url: `http://${request.headers.host}/${found.shop.name}${found.path}`,
      query: found.query,
      headers: request.headers as Record<string, string | undefined>,
      body,
    });
    sendReply(response, reply, fault, now);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const found = this.#find(request);
    if (!found?.shop.upgrade(request, socket, head, found.path)) socket.destroy();
  }

  #find(request: IncomingMessage): { shop: ShopServer; path: string; query: URLSearchParams } | undefined {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const [, name = '', ...rest] = pathname.split('/');
    const shop = this.#shops.get(name);
    return shop && { shop, path: `/${rest.join('/')}`, query: searchParams };
  }
}

/** Undefined when the client went away or sent too much. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > bodyLimit) {
        request.destroy();
        return undefined;
      }
      parts.push(part);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ECONNRESET') return undefined;
    throw error;
  }
  return Buffer.concat(parts).toString('utf8');
}
