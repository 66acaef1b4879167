import assert from 'node:assert/strict';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo, type Socket } from 'node:net';
import { inspect } from 'node:util';
import tlsOptions from 'smtp-server/lib/tls-options.js';
import { HubError } from '../../../../core/errors.ts';

export interface Received {
  method: string;
  url: URL;
  headers: http.IncomingHttpHeaders;
  body: string;
}

export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: string | object;
}

/** A server on this machine that keeps what it receives and answers what it is told to. */
export interface ListeningServer {
  origin: string;
  received: Received[];
  close(): Promise<void>;
}

export async function answering(answer: Answer | ((request: Received) => Answer)): Promise<ListeningServer> {
  const received: Received[] = [];
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const entry = {
      method: request.method ?? '',
      url: new URL(request.url ?? '/', 'http://127.0.0.1'),
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    received.push(entry);
    const { status = 200, headers = {}, body = '' } = typeof answer === 'function' ? answer(entry) : answer;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, headers).end(text);
  });
  return { received, ...(await listening(server)) };
}

/** A server that takes connections and does with them as told; by default nothing at all. */
export async function accepting(
  act: (socket: Socket) => void = () => undefined,
): Promise<Omit<ListeningServer, 'received'>> {
  return await listening(
    net.createServer((socket) => {
      socket.on('error', () => socket.destroy());
      act(socket);
    }),
  );
}

/** An HTTPS server whose certificate nobody vouches for: the one that smtp-server brings for tests. */
export async function selfSigned(): Promise<Omit<ListeningServer, 'received'>> {
  const server = https.createServer(tlsOptions(), (_request, response) => response.end('{}'));
  server.on('tlsClientError', () => undefined);
  const { origin, close } = await listening(server);
  return { origin: origin.replace('http:', 'https:'), close };
}

async function listening(server: net.Server): Promise<Omit<ListeningServer, 'received'>> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** An origin where nobody listens. */
export async function nobody(): Promise<string> {
  const server = await accepting();
  await server.close();
  return server.origin;
}

/** The error of a sending that fails, with all that is in it searched for secrets. */
export async function failure(sending: Promise<unknown>, secrets: readonly string[]): Promise<HubError> {
  const error = await sending.then(
    (receipt) => assert.fail(`was sent: ${JSON.stringify(receipt)}`),
    (reason: unknown) => reason,
  );
  assert.ok(HubError.is(error), inspect(error));
  assertWithout(error, secrets);
  assert.ok(!error.message.startsWith(error.code), `no sentence for ${error.code}`);
  return error;
}

/** Nothing of a value, however it is written out, holds a secret. */
export function assertWithout(value: unknown, secrets: readonly string[]): void {
  const error =
    value instanceof Error ? [value.message, value.stack, inspect(value.cause, { depth: 10 })] : [];
  const told = HubError.is(value) ? [value.told('zh-CN'), value.told('en-US')] : [];
  const shown = [
    JSON.stringify(value),
    inspect(value, { depth: 10, showHidden: true }),
    ...error,
    ...told,
  ].join('\n');
  for (const secret of secrets) {
    for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]) {
      assert.ok(!shown.includes(form), `the secret ${form} is in ${shown}`);
    }
  }
}
