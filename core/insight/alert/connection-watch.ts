import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** Code of the error with which a request ends that found no connection in time. */
export const connectTimeoutCode = 'ALERT_CONNECT_TIMEOUT';

/** A socket of its own for each request: a reused one may be closed just then, and nobody knows what got through. */
export const agents = {
  httpAgent: new http.Agent({ keepAlive: false }),
  httpsAgent: new https.Agent({ keepAlive: false }),
};

/**
 * Watches one request's way to its connection, which axios does not tell: it ends an attempt that does not connect
 * in time, and knows afterwards whether anything can have been sent at all. Handed to axios as `transport`.
 */
export class ConnectionWatch {
  /** `none` while there was no socket to watch (another HTTP client may be in use), then `pending` or `made`. */
  connection: 'none' | 'pending' | 'made' = 'none';
  readonly #native: typeof http | typeof https;
  readonly #timeoutMs: number;

  constructor(protocol: string, timeoutMs: number) {
    this.#native = protocol === 'https:' ? https : http;
    this.#timeoutMs = timeoutMs;
  }

  request(
    options: http.RequestOptions,
    answered: (response: http.IncomingMessage) => void,
  ): http.ClientRequest {
    const request = this.#native.request(options, answered);
    const timer = setTimeout(() => {
      const error = new Error('no connection in time');
      request.destroy(Object.assign(error, { code: connectTimeoutCode }));
    }, this.#timeoutMs);
    request.once('close', () => clearTimeout(timer));
    request.once('socket', (socket: Socket) => {
      const made = () => {
        this.connection = 'made';
        clearTimeout(timer);
      };
      this.connection = 'pending';
      // Nothing of a request is sent before TLS stands. A tunnel through a proxy comes connected: taken for made.
      if (socket.connecting) socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', made);
      else made();
    });
    return request;
  }
}
