import type BetterSqlite3 from 'better-sqlite3';
import { HubError } from '../../errors.ts';
import { sqliteFault } from './faults.ts';

/**
 * Claims a store's file for this process until it is let go or the process dies, however it dies: the lock is
 * the operating system's, held through an exclusive SQLite transaction on a small file beside the store.
 *
 * @throws HubError store.in-use when another process (or connection) holds it
 */
export function claimOwnership(Driver: typeof BetterSqlite3, location: string): { release(): void } {
  const lock = new Driver(`${location}-owner`, { timeout: 200 });
  try {
    lock.pragma('locking_mode = exclusive');
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    const fault = sqliteFault(error, location);
    if (fault?.code === 'store.in-use')
      throw new HubError('store.in-use', { location }, { retryable: true, cause: error });
    throw fault ?? error;
  }
  return {
    release() {
      if (!lock.open) return;
      lock.exec('rollback');
      lock.close();
    },
  };
}
