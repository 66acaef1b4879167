import { createHash } from 'node:crypto';
import { HubError } from '../../errors.ts';
import type { MessageParams } from '../../message.ts';
import { beginShipment } from '../../store/queries/channel-shipments.ts';
import type { Row } from '../../store/schema.ts';
import type { CommandHandler, Store } from '../../store/store.ts';
import { hasOneProcess, isDead, newOwner } from '../calling-process.ts';
import { ChannelFault } from '../connection/fault.ts';
import type { ShipmentTarget } from '../connection/shipment-target.ts';
import './messages.ts';

export interface Parcel {
  /** Path of the account it is told by. */
  account: string;
  orderKey: string;
  channelOrderId: string;
  /** As the channel names it. */
  carrier: string;
  tracking: string;
  /** Null for all that is left of the order. */
  lines: readonly { lineId: string; quantity: number }[] | null;
}

export interface ShippedParcel {
  state: 'shipped';
  key: string;
  carrier: string;
  tracking: string;
  channelShipmentId: string | null;
  /** Whether the channel had it before: from a person, or an attempt whose answer was lost. */
  already: boolean;
  /** Whether this answers a call for a parcel that was told before: nothing was sent. */
  replayed: boolean;
  /** When the channel answered, epoch milliseconds. */
  at: number;
}

interface Claim {
  parcel: Parcel;
  key: string;
  owner: string;
  alone: boolean;
}

/** A claim holds for so long, milliseconds; a call is given up before. */
const leaseMs = 60_000;
const longestCallMs = 45_000;
const owner = newOwner();

/** Inserts the parcel before the call; answers the row of one that was told already, undefined for one to tell. */
const claimHandler: CommandHandler<Claim, Row<'channel_shipments'> | undefined> = {
  name: 'shipments.claim',
  async run(tx, commands) {
    const answers: (Row<'channel_shipments'> | Error | undefined)[] = [];
    for (const { parcel, key, owner: who, alone } of commands) {
      const { account, orderKey, carrier, tracking, lines } = parcel;
      await beginShipment(tx.db, {
        key,
        account,
        order_key: orderKey,
        carrier,
        tracking,
        lines: lines && JSON.stringify(lines),
        state: 'sending',
        attempts: 0,
        created_at: tx.now,
      });
      const row = (await tx.find('channel_shipments', [{ key }]))[0]!;
      const isHeld = row.claimed_until !== null && row.claimed_until > tx.now && !isDead(row.owner, alone);
      if (row.state === 'shipped') answers.push(row);
      else if (isHeld) {
        const wait = { retryable: true, retryAfterMs: row.claimed_until! - tx.now };
        answers.push(new HubError('shipping.under-way', { tracking, order: orderKey }, wait));
      } else {
        const set = { carrier, state: 'sending' as const, owner: who, claimed_until: tx.now + leaseMs };
        await tx.update('channel_shipments', [{ key: { key }, set: { ...set, attempts: row.attempts + 1 } }]);
        answers.push(undefined);
      }
    }
    return answers as (Row<'channel_shipments'> | Error)[];
  },
};

interface Ended {
  key: string;
  owner: string;
  /** Null when it is unknown whether the channel took it. */
  outcome:
    | { state: 'shipped'; result: 'shipped' | 'already'; id: string | null }
    | { state: 'refused'; result: string; params: MessageParams }
    | null;
}

const recordHandler: CommandHandler<Ended, number> = {
  name: 'shipments.record',
  async run(tx, commands) {
    await tx.update(
      'channel_shipments',
      commands.map(({ key, owner: who, outcome }) => ({
        key: { key, owner: who },
        set: {
          claimed_until: null,
          ...(outcome && {
            state: outcome.state,
            result: outcome.result,
            params: outcome.state === 'refused' ? JSON.stringify(outcome.params) : null,
            channel_shipment_id: outcome.state === 'shipped' ? outcome.id : null,
            finished_at: tx.now,
          }),
        },
      })),
    );
    return commands.map(() => tx.now);
  },
};

/**
 * Tells a channel of a parcel, once: the parcel is written down before the call, so that an attempt whose answer was
 * lost is made again with the same key, and a parcel that was told is answered as it was then. What was refused may be
 * tried again.
 *
 * @throws ChannelFault; of kind `caller` when the channel refuses it. HubError shipping.other-carrier,
 *   shipping.under-way while another one tells it
 */
export async function shipParcel(
  store: Store,
  target: ShipmentTarget,
  parcel: Parcel,
  signal: AbortSignal,
): Promise<ShippedParcel> {
  const { carrier, tracking, channelOrderId, orderKey, lines } = parcel;
  const key = parcelKey(parcel);
  const told = await store.execute(claimHandler, { parcel, key, owner, alone: hasOneProcess(store) });
  if (told) {
    if (told.carrier !== carrier)
      throw new ChannelFault('caller', 'shipping.other-carrier', {
        tracking,
        order: orderKey,
        told: told.carrier,
        asked: carrier,
      });
    return {
      state: 'shipped',
      key,
      carrier,
      tracking,
      channelShipmentId: told.channel_shipment_id,
      already: told.result === 'already',
      replayed: true,
      at: told.finished_at!,
    };
  }
  const limit = AbortSignal.any([signal, AbortSignal.timeout(longestCallMs)]);
  try {
    const { kind, channelShipmentId } = await target.ship(
      { channelOrderId, carrier, tracking, lines, key },
      limit,
    );
    const outcome = { state: 'shipped' as const, result: kind, id: channelShipmentId };
    const at = await store.execute(recordHandler, { key, owner, outcome });
    const already = kind === 'already';
    return { state: 'shipped', key, carrier, tracking, channelShipmentId, already, replayed: false, at };
  } catch (error) {
    const isRefused = ChannelFault.is(error) && error.kind === 'caller';
    const outcome = isRefused
      ? { state: 'refused' as const, result: error.code, params: error.params }
      : null;
    await store.execute(recordHandler, { key, owner, outcome });
    throw error;
  }
}

/** The same for each attempt at a parcel, and no other. */
function parcelKey({ account, orderKey, tracking, lines }: Parcel): string {
  const inside = lines
    ? lines.map(({ lineId, quantity }) => [lineId, quantity] as const).sort(([a], [b]) => (a < b ? -1 : 1))
    : null;
  return createHash('sha256')
    .update(JSON.stringify([account, orderKey, tracking, inside]))
    .digest('hex');
}
