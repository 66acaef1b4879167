import { leases } from '../store/queries/deliveries.ts';
import type { CommandHandler } from '../store/store.ts';
import { processStopped } from './crashes.ts';
import { errorFrom, type Lease } from './delivery.ts';
import { deliveryError } from './failure.ts';
import { errorText } from './finish.ts';

/** Leases ended in one transaction at most. */
const page = 500;

export interface Extend {
  leases: readonly Lease[];
  owner: string;
  leaseMs: number;
}

/**
 * Extends leases; answers those that are still the holder's. One that ran out is taken up again when nobody has
 * claimed it since: a process that stood still for a while goes on with what it was doing.
 */
export const extendHandler: CommandHandler<Extend, Lease[]> = {
  name: 'delivery.extend',
  async run(tx, commands) {
    const answers: Lease[][] = [];
    for (const { leases: held, owner, leaseMs } of commands) {
      const set = { state: 'leased' as const, owner, lease_until: tx.now + leaseMs };
      const changed = await tx.update(
        'deliveries',
        held.map(({ id, token }) => ({ key: { id, token }, set })),
      );
      answers.push(held.filter((_, index) => changed[index] === 1));
    }
    return answers;
  },
};

/** A lease given back, with the attempt it counted as. */
export interface Release extends Lease {
  attempt: number;
}

/** Gives deliveries back unfinished: due at once, and the attempt does not count. Answers how many it gave back. */
export const releaseHandler: CommandHandler<readonly Release[], number> = {
  name: 'delivery.release',
  async run(tx, commands) {
    const answers: number[] = [];
    for (const released of commands) {
      const changed = await tx.update(
        'deliveries',
        released.map(({ id, token, attempt }) => ({
          key: { id, token },
          set: {
            state: 'ready' as const,
            token: token + 1,
            attempts: attempt - 1,
            owner: null,
            lease_until: null,
            available_at: tx.now,
          },
        })),
      );
      answers.push(changed.reduce((sum, count) => sum + count, 0));
    }
    return answers;
  },
};

/** Why leases are ended without their holder. */
export interface Ending {
  why: 'process-stopped' | 'lapsed';
}

/**
 * Ends a page of leases whose holder is gone (`process-stopped`: whoever held them when the store was last open) or
 * silent (`lapsed`: they ran out), and wakes their subscribers. The attempts count. Answers how many it ended,
 * and whether there may be more.
 */
export const endLeasesHandler: CommandHandler<Ending, { ended: number; more: boolean }> = {
  name: 'delivery.end-leases',
  async run(tx, commands) {
    const answers: { ended: number; more: boolean }[] = [];
    for (const { why } of commands) {
      const rows = await leases(tx.db, why === 'lapsed' ? { lapsedAt: tx.now } : 'all', page);
      const changed = await tx.update(
        'deliveries',
        rows.map(({ id, token, attempts, lease_until, last_error }) => ({
          // The whole lease as it was read: on a shared store its holder may extend or finish it meanwhile.
          key: { id, token, state: 'leased' as const, lease_until },
          set: {
            state: 'ready' as const,
            // A holder that was only silent keeps its token, and may still finish until somebody else claims it.
            token: why === 'lapsed' ? token : token + 1,
            owner: null,
            lease_until: null,
            available_at: tx.now,
            last_error: errorText(
              why === 'lapsed'
                ? deliveryError('delivery.lapsed', { attempt: attempts })
                : processStopped(attempts, errorFrom(last_error)),
            ),
          },
        })),
      );
      const ended = rows.filter((_, index) => changed[index] === 1);
      for (const { subscriber } of ended) tx.wake(subscriber);
      answers.push({ ended: ended.length, more: rows.length === page });
    }
    return answers;
  },
};
