import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { standardWebhooks } from '../../core/channel/standard-webhooks/standard-webhooks.ts';

/** An alert as it arrived, one entry for every time it did. */
export interface ReceivedAlert {
  /** `webhook-id`, the same for each attempt to send one alert. */
  id: string;
  title: string;
  text: string;
  /** Key of the order it is about. */
  order: string;
}

/** Where alerts are sent to: takes what is signed rightly, and remembers it. */
export class AlertOffice {
  readonly secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
  readonly received: ReceivedAlert[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(): Promise<AlertOffice> {
    const server = createServer();
    const office = new AlertOffice(server);
    server.on('request', (request, response) => {
      text(request).then(
        (body) => {
          response.statusCode = office.#take(request.headers as Record<string, string>, body);
          response.end();
        },
        () => response.destroy(),
      );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return office;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/alerts`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #take(headers: Record<string, string>, body: string): number {
    const verdict = standardWebhooks.judge(
      { headers, body: Buffer.from(body), receivedAt: Date.now() },
      { secrets: [this.secret], replayWindowMs: 300_000, contentRepeats: false },
    );
    if (verdict.kind !== 'accept') return 401;
    const { data } = JSON.parse(body) as { data: Omit<ReceivedAlert, 'id'> };
    this.received.push({ ...data, id: headers['webhook-id'] ?? '' });
    return 204;
  }
}
