import type { AuditedHold } from '../../store/queries/audit.ts';

/** What the open holds of an order line come to, in units as the line orders them. */
export interface LineUnits {
  /** Of all open holds. */
  open: number;
  /** Of those that have not lapsed. */
  live: number;
}

/**
 * Adds up the open holds of one line. Components of a bundle count together, pool by pool: it is covered as often as
 * its scarcest component is. The same sum that a lock writes into the line, from the rows alone.
 */
export function lineUnits(holds: readonly AuditedHold[], now: number): LineUnits {
  const sum: LineUnits = { open: 0, live: 0 };
  let bundles: Map<string, LineUnits> | undefined;
  for (const hold of holds) {
    if (hold.state !== 'open') continue;
    const open = Math.floor(hold.remaining / hold.per_unit);
    const live = hold.deadline !== null && hold.deadline <= now ? 0 : open;
    if (hold.bundle === null) {
      sum.open += open;
      sum.live += live;
      continue;
    }
    bundles ??= new Map();
    const name = `${hold.pool}\0${hold.bundle}`;
    const least = bundles.get(name);
    bundles.set(name, {
      open: Math.min(least?.open ?? open, open),
      live: Math.min(least?.live ?? live, live),
    });
  }
  for (const { open, live } of bundles?.values() ?? []) {
    sum.open += open;
    sum.live += live;
  }
  return sum;
}
