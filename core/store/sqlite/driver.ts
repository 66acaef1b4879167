import type BetterSqlite3 from 'better-sqlite3';
import { HubError, reasonOf } from '../../errors.ts';

export type Connection = BetterSqlite3.Database;
export type Statement = BetterSqlite3.Statement;

const oldest = [22, 12] as const;

/**
 * Loads better-sqlite3 when it is first needed, so that a missing or unfit binary leaves the nodes visible.
 * Under an older Node.js its binary would crash the process, so the version is looked at first.
 *
 * @throws HubError store.node-too-old, store.driver-missing
 */
export async function loadDriver(
  nodeVersion = process.versions.node,
  load: () => Promise<unknown> = () => import('better-sqlite3'),
): Promise<typeof BetterSqlite3> {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    throw new HubError('store.node-too-old', { found: nodeVersion });
  }
  try {
    return ((await load()) as { default: typeof BetterSqlite3 }).default;
  } catch (error) {
    throw new HubError('store.driver-missing', { reason: reasonOf(error) }, { cause: error });
  }
}
