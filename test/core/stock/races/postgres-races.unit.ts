import { setImmediate as turn } from 'node:timers/promises';
import pg from 'pg';
import { startPostgres } from '../../../support/postgres.ts';
import { makePostgresPlace } from '../../store/postgres-place.ts';
import { describeRaces } from './describe-races.ts';

describeRaces('PostgreSQL', async () => {
  // A server of its own: whether somebody waits for a lock is asked of the whole server.
  const server = await startPostgres({ fsync: false });
  const place = await makePostgresPlace(server);
  const [first, second] = [await place.open(), await place.open()];
  const watch = new pg.Client({ connectionString: server.connectionString() });
  await watch.connect();
  const blocked = async (): Promise<boolean> => {
    const { rows } = await watch.query(
      `select 1 from pg_stat_activity where state = 'active' and wait_event_type = 'Lock'`,
    );
    return rows.length > 0;
  };
  return {
    first,
    second,
    // Another process's transaction goes through, or waits for a row that this one has locked.
    async overOrBlocked(act) {
      let over = false;
      const ended = act.then(() => {
        over = true;
      });
      while (!over && !(await blocked())) await Promise.race([ended, turn()]);
    },
    async dispose() {
      await watch.end();
      await place.dispose();
      await server.stop();
    },
  };
});
