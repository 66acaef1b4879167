import type Pg from 'pg';
import { HubError, reasonOf } from '../../errors.ts';

export type Driver = typeof Pg;

/**
 * Loads pg when it is first needed: an optional dependency, which who keeps everything in SQLite does without.
 *
 * @throws HubError store.postgres-driver-missing
 */
export async function loadDriver(load: () => Promise<unknown> = () => import('pg')): Promise<Driver> {
  try {
    return ((await load()) as { default: Driver }).default;
  } catch (error) {
    throw new HubError('store.postgres-driver-missing', { reason: reasonOf(error) }, { cause: error });
  }
}
