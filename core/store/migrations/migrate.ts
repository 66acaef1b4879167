import { type Kysely, sql } from 'kysely';
import { HubError, reasonOf } from '../../errors.ts';
import type { Database } from '../schema.ts';
import { firstTables } from './0001-first-tables.ts';
import { bundles } from './0002-bundles.ts';
import { listings } from './0003-listings.ts';
import { stockCounts } from './0004-stock-counts.ts';
import { audit } from './0005-audit.ts';
import { leases } from './0006-leases.ts';
import { appliedPolicies } from './0007-applied-policies.ts';
import { unsavedLines } from './0008-unsaved-lines.ts';
import { channelPolls } from './0009-channel-polls.ts';
import { channelPushes } from './0010-channel-pushes.ts';
import { channelShipments } from './0011-channel-shipments.ts';
import { channelPaces } from './0012-channel-paces.ts';

export type Dialect = 'sqlite' | 'postgres';

/** A numbered change of the tables. Once released it is never edited; the next change is the next number. */
export interface Migration {
  number: number;
  name: string;
  up(db: Kysely<Database>, dialect: Dialect): Promise<void>;
}

export const migrations: readonly Migration[] = [
  firstTables,
  bundles,
  listings,
  stockCounts,
  audit,
  leases,
  appliedPolicies,
  unsavedLines,
  channelPolls,
  channelPushes,
  channelShipments,
  channelPaces,
];

export const schemaVersion = migrations.at(-1)!.number;

/** Stands in place of a migration while a store is being moved here from elsewhere. */
export const halfMoved = 1_000_000_000;

/** The number of the last migration a store has seen; 0 for an empty one. */
export async function appliedVersion(db: Kysely<Database>): Promise<number> {
  await sql`create table if not exists hub_migrations (
    number integer primary key, name text not null, applied_at bigint not null)`.execute(db);
  const last = await db
    .selectFrom('hub_migrations')
    .select((eb) => eb.fn.max('number').as('number'))
    .executeTakeFirst();
  return Number(last?.number ?? 0);
}

export interface MigrateOptions {
  dialect: Dialect;
  location: string;
  now(): number;
  /**
   * Called before each step on a store that holds data; answers where the copy is. Absent where the store cannot
   * copy itself: a step that fails is undone by its transaction.
   */
  backup?(fromVersion: number): Promise<string>;
  /** Runs a step in a transaction of its own. */
  inTransaction(step: () => Promise<void>): Promise<void>;
  steps?: readonly Migration[];
}

/**
 * Brings the tables up to this version's, one numbered step after another, each in a transaction.
 *
 * @throws HubError store.half-moved for one that a move did not finish; store.newer for one that a newer version wrote; store.migration-failed
 *   (store.migration-undone where there is no copy) with the step
 */
export async function migrate(db: Kysely<Database>, options: MigrateOptions): Promise<void> {
  const steps = options.steps ?? migrations;
  const known = steps.at(-1)?.number ?? 0;
  const found = await appliedVersion(db);
  if (found === halfMoved) throw new HubError('store.half-moved', { location: options.location });
  if (found > known) throw new HubError('store.newer', { location: options.location, found, known });
  const applied = new Set((await db.selectFrom('hub_migrations').select('number').execute()).map(numberOf));
  let backup = '–';
  let at = found;
  // Not simply those above the last one: numbers are given out beforehand, and a lower one may be finished later.
  for (const step of steps.filter(({ number }) => !applied.has(number))) {
    if (found > 0 && options.backup) backup = await options.backup(at);
    try {
      await options.inTransaction(async () => {
        // The row first: of two processes that migrate at once, the second one fails here and changes nothing.
        await db
          .insertInto('hub_migrations')
          .values({ number: step.number, name: step.name, applied_at: options.now() })
          .execute();
        await step.up(db, options.dialect);
      });
      at = Math.max(at, step.number);
    } catch (error) {
      const params = {
        location: options.location,
        step: `${step.number} ${step.name}`,
        reason: reasonOf(error),
      };
      throw options.backup
        ? new HubError('store.migration-failed', { ...params, backup }, { cause: error })
        : new HubError('store.migration-undone', params, { cause: error });
    }
  }
}

function numberOf({ number }: { number: number }): number {
  return Number(number);
}
