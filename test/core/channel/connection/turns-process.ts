import { once } from 'node:events';
import { openPostgres } from '../../../../core/store/postgres/postgres-store.ts';
import { takeTurn } from '../../../../core/store/queries/channel-paces.ts';

/*
 * Asks for turns of an account one after another, and tells the parent when each request might go, epoch
 * milliseconds. Its one argument is a TurnsTask as JSON.
 */

export interface TurnsTask {
  connectionString: string;
  schema: string;
  account: string;
  count: number;
  perSecond: number;
}

if (!process.send) throw new Error('This file is a child process of the tests of pacing.');
const { connectionString, schema, account, count, perSecond } = JSON.parse(
  process.argv[2] ?? '{}',
) as TurnsTask;

const store = await openPostgres({ connectionString, schema });
process.send('ready');
await once(process, 'message');
const turns: number[] = [];
for (let index = 0; index < count; index += 1) {
  const { at, now } = await takeTurn(store.shared!, { account, costUs: 1e6 / perSecond, aheadUs: 100_000 });
  turns.push(Math.max(at, now));
}
await store.close();
process.send(turns, () => process.disconnect());
