import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

type Db = Kysely<Database>;

/** Puts down what a process applies, in place of what it applied before; those silent since `goneBefore` are removed. */
export async function replaceApplied(
  db: Db,
  {
    owner,
    policies,
    now,
    goneBefore,
  }: { owner: string; policies: readonly string[]; now: number; goneBefore: number },
): Promise<void> {
  await db
    .deleteFrom('applied_policies')
    .where((eb) => eb.or([eb('owner', '=', owner), eb('seen_at', '<', goneBefore)]))
    .execute();
  if (policies.length === 0) return;
  await db
    .insertInto('applied_policies')
    .values(policies.map((policy, place) => ({ owner, place, policy, seen_at: now })))
    .execute();
}

/** What other processes said since `since` that they apply, json each. */
export async function appliedByOthers(
  db: Db,
  { owner, since }: { owner: string; since: number },
): Promise<string[]> {
  const rows = await db
    .selectFrom('applied_policies')
    .select('policy')
    .where('owner', '<>', owner)
    .where('seen_at', '>=', since)
    .orderBy('owner')
    .orderBy('place')
    .execute();
  return rows.map(({ policy }) => policy);
}
