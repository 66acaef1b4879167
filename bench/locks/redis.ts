import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { peer } from '../peer.ts';
import type { Contender } from './contender.ts';
import type { Load } from './load.ts';

interface Client {
  connect(): Promise<void>;
  call(...parts: (string | number)[]): Promise<unknown>;
  disconnect(): void;
}

/**
 * One order: all lines or none, once an id, a ledger row a line. KEYS: the SKUs. ARGV: the order's id, then the units
 * of each line.
 */
const lockScript = `
  if redis.call('set', 'op:' .. ARGV[1], '1', 'nx') == false then return 0 end
  for line, sku in ipairs(KEYS) do
    if tonumber(redis.call('hget', 'stock', sku)) < tonumber(ARGV[line + 1]) then return 0 end
  end
  for line, sku in ipairs(KEYS) do
    redis.call('hincrby', 'stock', sku, -tonumber(ARGV[line + 1]))
    redis.call('rpush', 'ledger', ARGV[1] .. '|' .. sku .. '|' .. ARGV[line + 1])
  end
  return 1
`;

/**
 * Redis over loopback, every write flushed to its log before it is answered (AOF always).
 *
 * @param connections 1: all callers share it, and what they ask in one turn goes out together; else that many callers
 *   have one each, as processes of their own would
 */
export async function redisLua(load: Load, connections: number): Promise<Contender> {
  const folder = mkdtempSync(join(tmpdir(), 'order-hub-redis-'));
  const port = await freePort();
  const server = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''].concat([
      '--appendonly',
      'yes',
      '--appendfsync',
      'always',
    ]),
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await ready(server);
  const { Redis } = peer<{ Redis: new (options: object) => Client }>('ioredis');
  const clients = await Promise.all(
    Array.from({ length: connections }, async () => {
      const made = new Redis({ host: '127.0.0.1', port, lazyConnect: true });
      await made.connect();
      return made;
    }),
  );
  const client = clients[0]!;
  const free = [...clients];
  const sha = (await client.call('script', 'load', lockScript)) as string;
  const units = [...load.stock].flat();
  for (let start = 0; start < units.length; start += 2_000)
    await client.call('hset', 'stock', ...units.slice(start, start + 2_000));
  return {
    async lock({ key, lines }) {
      const skus = lines.map((line) => line.sku);
      const own = connections > 1 ? free.pop()! : client;
      const answer = await own.call(
        'evalsha',
        sha,
        skus.length,
        ...skus,
        key,
        ...lines.map((line) => line.quantity),
      );
      if (connections > 1) free.push(own);
      return answer === 1;
    },
    async account() {
      const left = (await client.call('hgetall', 'stock')) as string[] | Record<string, string>;
      const pairs = Array.isArray(left)
        ? Array.from({ length: left.length / 2 }, (_, at) => [left[at * 2]!, left[at * 2 + 1]!] as const)
        : Object.entries(left);
      const sold = new Map<string, number>();
      for (const row of (await client.call('lrange', 'ledger', 0, -1)) as string[]) {
        const [, sku, quantity] = row.split('|');
        sold.set(sku!, (sold.get(sku!) ?? 0) + Number(quantity));
      }
      return new Map(
        pairs.map(([sku, units]) => {
          const ledger = load.stock.get(sku)! - (sold.get(sku) ?? 0);
          return [sku, { sold: load.stock.get(sku)! - Number(units), left: Number(units), ledger }];
        }),
      );
    },
    async close() {
      for (const one of clients) one.disconnect();
      const ended = once(server, 'exit');
      server.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ready(server: ChildProcess): Promise<void> {
  let said = '';
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(new Error('redis-server does not start; Debian has it as redis-server', { cause: error })),
    );
    server.once('exit', () => reject(new Error(`redis-server ended: ${said}`)));
    server.stdout!.on('data', (text) => {
      said += String(text);
      if (said.includes('eady to accept connections')) resolve();
    });
  });
}
