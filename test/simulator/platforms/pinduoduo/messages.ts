import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import WebSocket, { type WebSocketServer } from 'ws';
import { digits, objectOf, readObject, textOf } from '../../json.ts';
import { MessageQueue } from '../../messages.ts';
import { paidFor, type ShopOrder, sumOf } from '../../shop/order.ts';
import type { ShopEvent } from '../../shop/shop.ts';
import type { PlatformParts } from '../platform.ts';

/** Node-RED's `ws` is of a version that has the server on the class, other than its types say. */
const { Server } = WebSocket as unknown as { Server: typeof WebSocketServer };

const mallId = 1_000_001;
/** A client that is silent for so long is cut off. */
const silentMs = 3 * 60_000;
const againMs = 10 * 60_000;

const topics: Partial<Record<ShopEvent, string>> = {
  'pay-deposit': 'pdd_trade_TradeConfirmed',
  pay: 'pdd_trade_TradeConfirmed',
  hold: 'pdd_trade_TradeRiskChanged',
  release: 'pdd_trade_TradeRiskChanged',
  ship: 'pdd_trade_TradeSellerShip',
  complete: 'pdd_trade_TradeSuccess',
  'ask-refund': 'pdd_refund_RefundCreated',
  refund: 'pdd_refund_RefundAgreeAgreement',
  'refuse-refund': 'pdd_refund_RefundClosed',
};

/** What ends the address of the PMC websocket, not yet URL-encoded. */
export function pmcDigest(clientId: string, ms: string, secret: string): string {
  const hex = createHash('md5').update(`${clientId}${ms}${secret}`).digest('hex');
  return Buffer.from(hex).toString('base64');
}

/** Pinduoduo's PMC: a websocket that gives out messages, and again when nobody acknowledges them. */
export class PmcMessages {
  readonly queue: MessageQueue;
  readonly #parts: PlatformParts;
  readonly #server = new Server({ noServer: true });
  readonly #heard = new Map<WebSocket, number>();

  constructor(parts: PlatformParts) {
    this.#parts = parts;
    this.queue = new MessageQueue(parts, { firstId: 7_300_000_000_000_000_000n, againMs });
  }

  notify(event: ShopEvent, order: ShopOrder): void {
    const topic = topics[event];
    if (!topic) return;
    const about = { mall_id: mallId, tid: order.id };
    const refund = {
      refund_id: 80_000_000_000 + order.serial,
      refund_fee: sumOf(order, paidFor),
      bill_type: 1,
      operation: 1_000,
      modified: order.times.modified,
    };
    const isRefund = topic.startsWith('pdd_refund');
    this.queue.add(topic, JSON.stringify(isRefund ? { ...about, ...refund } : about));
    this.#deliver();
  }

  /** Takes over a socket at `…/message/{client_id}/{ms}/{digest}`; refuses a wrong digest. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, path: string): boolean {
    const match = /\/message\/([^/]+)\/(\d+)\/([^/]+)$/.exec(path);
    if (!match) return false;
    const { appKey, appSecret } = this.#parts.access;
    const right = pmcDigest(appKey, match[2]!, appSecret);
    if (match[1] !== appKey || decodeURIComponent(match[3]!) !== right) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return true;
    }
    this.#server.handleUpgrade(request, socket, head, (client) => this.#welcome(client));
    return true;
  }

  /** Cuts every websocket, as a network does. */
  disconnect(): void {
    for (const client of this.#heard.keys()) client.terminate();
  }

  get connections(): number {
    return this.#heard.size;
  }

  #welcome(client: WebSocket): void {
    this.#heard.set(client, this.#parts.clock.now());
    client.on('close', () => this.#heard.delete(client));
    // A reset connection also closes.
    client.on('error', () => this.#heard.delete(client));
    client.on('message', (data) => this.#hear(client, String(data)));
    this.queue.release();
    this.#deliver();
  }

  #hear(client: WebSocket, text: string): void {
    this.#heard.set(client, this.#parts.clock.now());
    const frame = readObject(text);
    const id = textOf(objectOf(frame)?.id) ?? '';
    if (frame?.commandType === 'Ack') this.queue.confirm(id);
    if (frame?.commandType === 'Fail') this.queue.fail(id);
    this.#deliver();
  }

  #deliver(): void {
    const now = this.#parts.clock.now();
    for (const [client, heardAt] of this.#heard) if (now - heardAt > silentMs) client.close(1001);
    const client = [...this.#heard.keys()].find(({ readyState }) => readyState === WebSocket.OPEN);
    if (!client) return;
    for (const { id, topic, content, publishedAt } of this.queue.take(100))
      client.send(
        JSON.stringify({
          id: digits(id),
          commandType: 'Common',
          time: publishedAt,
          sendTime: now,
          message: { type: topic, mallID: mallId, content },
        }),
      );
  }
}
