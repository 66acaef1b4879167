import { HubError, reasonOf } from '../../errors.ts';
import type { MessageParams } from '../../message.ts';
import { ChannelFault, type FaultKind } from '../connection/fault.ts';
import './messages.ts';

/** Who can end it, as with a ChannelFault; `store` and `hub` are troubles of our own. */
export type TroubleKind = FaultKind | 'store' | 'hub';

/** What keeps a channel from being read. */
export interface Trouble {
  kind: TroubleKind;
  code: string;
  params: MessageParams;
  /** Since when, epoch milliseconds. */
  since: number;
  /** Failures in a row. */
  failures: number;
}

/** Milliseconds. */
const waits = {
  /** What a person must end is tried now and then, in case nobody redeploys. */
  person: { first: 5 * 60_000, longest: 30 * 60_000 },
  passing: { first: 5_000, longest: 5 * 60_000 },
  /** A platform that names days is tried once a day all the same. */
  longestNamed: 24 * 60 * 60_000,
} as const;

/** The trouble an error stands for, after those before it. */
export function troubleOf(error: unknown, before: Trouble | null, now: number): Trouble {
  const kind = kindOf(error);
  const known = HubError.is(error)
    ? { code: error.code, params: error.params }
    : { code: 'polling.failed', params: { reason: reasonOf(error) } };
  const goesOn = before !== null && before.kind === kind;
  return {
    kind,
    ...known,
    since: goesOn ? before.since : now,
    failures: goesOn ? before.failures + 1 : 1,
  };
}

function kindOf(error: unknown): TroubleKind {
  if (ChannelFault.is(error)) return error.kind;
  return HubError.is(error) && error.code.startsWith('store.') ? 'store' : 'hub';
}

/**
 * Milliseconds until the next attempt: as long as a throttling platform names, slowly where a person has to do
 * something, and otherwise twice as long each time, drawn between half of that and all of it.
 *
 * @param intervalMs the usual time between two readings; nothing but a throttled channel waits less
 * @param random draws from [0, 1)
 */
export function waitAfter(
  trouble: Trouble,
  retryAfterMs: number | undefined,
  intervalMs: number,
  random: () => number = Math.random,
): number {
  if (retryAfterMs !== undefined) return Math.min(Math.max(1_000, retryAfterMs), waits.longestNamed);
  const { first, longest } =
    trouble.kind === 'credentials' ||
    trouble.kind === 'permission' ||
    trouble.kind === 'clock' ||
    trouble.kind === 'caller'
      ? { first: Math.max(waits.person.first, intervalMs), longest: waits.person.longest }
      : waits.passing;
  const ceiling = Math.min(Math.max(longest, intervalMs), first * 2 ** Math.min(20, trouble.failures - 1));
  return Math.round(ceiling / 2 + (random() * ceiling) / 2);
}
