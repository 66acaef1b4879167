import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort, startPostgres } from '../support/postgres.ts';

const folder = fileURLToPath(new URL('./server', import.meta.url));
const command = fileURLToPath(new URL('./server/node_modules/@medusajs/cli/cli.js', import.meta.url));

/** A Medusa server of its own, on an empty database of its own, on the loopback address. */
export interface MedusaServer {
  readonly address: string;
  /** A secret API key, as its admin makes it for an integration. */
  readonly key: string;
  /** Asks its admin API as the owner of the shop would by the admin pages. @throws Error for another status than 2xx */
  admin<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T>;
  stop(): Promise<void>;
}

/** Starts one. Takes half a minute, most of it for its tables. */
export async function startMedusa(): Promise<MedusaServer> {
  const postgres = await startPostgres({ fsync: false });
  const env = {
    ...process.env,
    DATABASE_URL: postgres.connectionString(),
    JWT_SECRET: randomUUID(),
    MEDUSA_DISABLE_TELEMETRY: 'true',
  };
  let server: ChildProcess | undefined;
  const said: string[] = [];
  const start = (...args: string[]): ChildProcess => {
    const child = spawn(process.execPath, [command, ...args], { cwd: folder, env });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => said.push(String(text)));
    return child;
  };
  const stop = async (): Promise<void> => {
    if (server && server.exitCode === null && server.signalCode === null) {
      server.kill('SIGKILL');
      await once(server, 'exit');
    }
    await postgres.stop();
  };
  const done = async (...args: string[]): Promise<void> => {
    const [code] = await once(start(...args), 'exit');
    if (code !== 0) throw new Error(`medusa ${args[0]} ended with ${code}: ${said.join('').slice(-2_000)}`);
  };
  try {
    const owner = { email: 'owner@example.test', password: randomUUID() };
    await done('db:migrate', '--skip-scripts');
    await done('user', '-e', owner.email, '-p', owner.password);
    const port = await freePort();
    const address = `http://127.0.0.1:${port}`;
    server = start('start', '-H', '127.0.0.1', '-p', String(port));
    await ready(server, said);
    const { token } = await ask<{ token: string }>(address, {}, 'POST', '/auth/user/emailpass', owner);
    const asOwner = { authorization: `Bearer ${token}` };
    const { api_key: made } = await ask<{ api_key: { token: string } }>(
      address,
      asOwner,
      'POST',
      '/admin/api-keys',
      { title: 'Order Hub', type: 'secret' },
    );
    return {
      address,
      key: made.token,
      admin: (method, path, body) => ask(address, asOwner, method, path, body),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Resolves when the server says that it takes requests. */
function ready(server: ChildProcess, said: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (said.join('').includes('Server is ready')) resolve();
    };
    server.stdout?.on('data', look);
    server.stderr?.on('data', look);
    server.once('exit', (code) =>
      reject(new Error(`medusa start ended with ${code}: ${said.join('').slice(-2_000)}`)),
    );
  });
}

async function ask<T>(
  address: string,
  headers: Readonly<Record<string, string>>,
  method: string,
  path: string,
  body?: object,
): Promise<T> {
  const answer = await fetch(address + path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text.slice(0, 500)}`);
  return JSON.parse(text) as T;
}
