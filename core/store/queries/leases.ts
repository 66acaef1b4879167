import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

/**
 * Takes a lease that is free, has run out or is the owner's already, until `until`; false when another one has it.
 * One statement decides: of two that ask at once, one finds the other's row.
 */
export async function takeLease(
  db: Kysely<Database>,
  { name, owner, now, until }: { name: string; owner: string; now: number; until: number },
): Promise<boolean> {
  const taken = await db
    .insertInto('leases')
    .values({ name, owner, until })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet({ owner, until })
        .where(({ or, eb }) => or([eb('leases.owner', '=', owner), eb('leases.until', '<=', now)])),
    )
    .returning('name')
    .executeTakeFirst();
  return taken !== undefined;
}

/** Gives up leases, as far as they are still the owner's. */
export async function dropLeases(
  db: Kysely<Database>,
  names: readonly string[],
  owner: string,
): Promise<void> {
  if (names.length === 0) return;
  await db.deleteFrom('leases').where('name', 'in', names).where('owner', '=', owner).execute();
}
