import type { MessageParams } from '../../message.ts';
import { beginPushes } from '../../store/queries/channel-pushes.ts';
import type { Row } from '../../store/schema.ts';
import type { CommandHandler } from '../../store/store.ts';
import { heldUntil, leaseMs } from '../calling-process.ts';
import type { ListingNumber } from './listing-number.ts';

/*
 * Who tells a channel the state of a listing, and which states it was told. A state is claimed before the call and
 * recorded after it, each in a transaction: whatever process dies or comes late, no older state follows a newer one.
 */

/** A shop as the store knows it. */
export interface PushAccount {
  /** The account's path. */
  account: string;
  channel: string;
  shop: string;
}

export interface Claim extends PushAccount {
  owner: string;
  /** Whether every claim of another process is a dead one's: true for a store that one process has. */
  alone: boolean;
  numbers: readonly ListingNumber[];
}

/**
 * `go`: it may be told now, as the state that the channel answered at `answeredAt` or for the first time; `newer`: a newer
 * state was begun or told; `held`: another one tells it until then.
 */
export type Claimed =
  | {
      kind: 'go' /** Epoch milliseconds; null when the channel never answered this state. */;
      answeredAt: number | null;
    }
  | { kind: 'newer'; version: number }
  | { kind: 'held'; until: number /** Who had it is dead. */; takeOver: boolean };

export const claimHandler: CommandHandler<Claim, Claimed[]> = {
  name: 'pushes.claim',
  async run(tx, commands) {
    const answers: Claimed[][] = [];
    for (const { account, channel, shop, owner, alone, numbers } of commands) {
      const keyOf = ({ share, listing }: { share: string; listing: string }) => ({
        share,
        channel,
        shop,
        listing,
      });
      await beginPushes(
        tx.db,
        numbers.map((number) => ({ ...keyOf(number), account, claimed_version: 0, differs: 0 })),
      );
      const kept = new Map(
        (await tx.find('channel_pushes', numbers.map(keyOf))).map((row) => [nameOf(row), row]),
      );
      const claimed = numbers.map((number) =>
        judge(number, kept.get(nameOf(number))!, { now: tx.now, alone }),
      );
      await tx.update(
        'channel_pushes',
        numbers.flatMap((number, index) => {
          const claim = claimed[index]!;
          const { version } = number;
          if (claim.kind === 'go') {
            const set = { account, claimed_version: version, owner, claimed_until: tx.now + leaseMs };
            return [{ key: keyOf(number), set }];
          }
          return claim.kind === 'held' && claim.takeOver
            ? [{ key: keyOf(number), set: { owner, claimed_until: claim.until } }]
            : [];
        }),
      );
      answers.push(claimed);
    }
    return answers;
  },
};

function judge(
  { version }: ListingNumber,
  row: Row<'channel_pushes'>,
  { now, alone }: { now: number; alone: boolean },
): Claimed {
  if (row.claimed_version > version) return { kind: 'newer', version: row.claimed_version };
  const held = heldUntil(row, now, alone);
  if (held) return { kind: 'held', ...held };
  return { kind: 'go', answeredAt: row.version === version ? row.pushed_at : null };
}

/** What came of one state that was claimed. */
export interface Told {
  number: ListingNumber;
  /** `ok`, a refusal, or null when it is unknown what the channel took. */
  outcome: 'ok' | { code: string; params: MessageParams } | null;
  /** Nobody else tells it for so long, milliseconds: a call that was given up may still get through. */
  restMs: number;
}

export interface Recording extends PushAccount {
  owner: string;
  told: readonly Told[];
}

/** Records what channels answered and lets go of the claims; answers when that was, on the store's clock. */
export const recordHandler: CommandHandler<Recording, number> = {
  name: 'pushes.record',
  async run(tx, commands) {
    for (const { channel, shop, owner, told } of commands)
      await tx.update(
        'channel_pushes',
        told.map(({ number, outcome, restMs }) => ({
          // A claim that ran out and was taken over is no longer ours to end.
          key: { share: number.share, channel, shop, listing: number.listing, owner },
          set: {
            claimed_until: restMs > 0 ? tx.now + restMs : null,
            ...(outcome !== null && {
              version: number.version,
              sellable: number.sellable,
              open: number.open ? 1 : 0,
              result: outcome === 'ok' ? 'ok' : outcome.code,
              params: outcome === 'ok' ? null : JSON.stringify(outcome.params),
              pushed_at: tx.now,
              differs: 0,
            }),
          },
        })),
      );
    return commands.map(() => tx.now);
  },
};

export interface ReadBackResult extends PushAccount {
  number: ListingNumber;
  sellable: number | null;
  open: boolean | null;
  differs: boolean;
}

/** Records what was read of a listing; false when it was told something newer meanwhile, which changes nothing. */
export const readBackHandler: CommandHandler<ReadBackResult, boolean> = {
  name: 'pushes.read-back',
  async run(tx, commands) {
    const counts = await tx.update(
      'channel_pushes',
      commands.map(({ number, channel, shop, sellable, open, differs }) => ({
        key: {
          share: number.share,
          channel,
          shop,
          listing: number.listing,
          version: number.version,
          claimed_version: number.version,
        },
        set: {
          read_at: tx.now,
          read_sellable: sellable,
          read_open: open === null ? null : open ? 1 : 0,
          differs: differs ? 1 : 0,
        },
      })),
    );
    return counts.map((count) => count > 0);
  },
};

function nameOf({ share, listing }: { share: string; listing: string }): string {
  return JSON.stringify([share, listing]);
}
