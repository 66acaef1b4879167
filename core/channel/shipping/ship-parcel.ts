import { createHash } from 'node:crypto';
import { HubError } from '../../errors.ts';
import type { MessageParams } from '../../message.ts';
import { beginShipment, otherShipments } from '../../store/queries/channel-shipments.ts';
import type { Row } from '../../store/schema.ts';
import type { CommandHandler, Store, Tx } from '../../store/store.ts';
import { hasOneProcess, heldUntil, leaseMs, longestCallMs, newOwner, restMs } from '../calling-process.ts';
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
  /** Empty for a parcel without a number of its carrier. */
  tracking: string;
  /** The sender's own number of the parcel, which tells parcels of an order apart that have no tracking number. */
  parcel?: string | undefined;
  /** Null for all that is left of the order. */
  lines: readonly ParcelLine[] | null;
  /** Whether a person looked in the shop and did not find it, after `channel.outcome-unknown`: it is told again then. */
  again?: boolean | undefined;
}

interface ParcelLine {
  lineId: string;
  quantity: number;
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

/** What a parcel is told with; or the row of one that was told already. */
type Claimed = { told: Row<'channel_shipments'> } | { told?: never; lost: boolean; others: string[] };

/** The result of a parcel that was tried and of which the channel certainly has nothing. */
const notTaken = 'not-taken';
/** That of one which only a person can find out about. */
const outcomeUnknown = 'channel.outcome-unknown';
const owner = newOwner();

/** Inserts the parcel before the call. */
const claimHandler: CommandHandler<Claim, Claimed> = {
  name: 'shipments.claim',
  async run(tx, commands) {
    const answers: (Claimed | Error)[] = [];
    for (const command of commands) {
      const { parcel, key } = command;
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
      answers.push(differenceOf(row, parcel) ?? (await claimed(tx, row, command)));
    }
    // The write queue hands an error to its caller alone.
    return answers as Claimed[];
  },
};

async function claimed(
  tx: Tx,
  row: Row<'channel_shipments'>,
  { parcel, owner: who, alone }: Claim,
): Promise<Claimed | Error> {
  const { key, state, attempts } = row;
  const { account, orderKey, carrier, tracking, lines } = parcel;
  if (state === 'shipped') return { told: row };
  const held = heldUntil(row, tx.now, alone);
  if (held) {
    if (held.takeOver)
      await tx.update('channel_shipments', [
        { key: { key }, set: { owner: who, claimed_until: held.until } },
      ]);
    const wait = { retryable: true, retryAfterMs: held.until - tx.now };
    return new HubError('shipping.under-way', { tracking, order: orderKey }, wait);
  }
  const isFree = isOpen(row, parcel);
  const lost = attempts > 0 && !isFree;
  const set = {
    ...(isFree && { carrier, tracking, lines: lines && JSON.stringify(lines) }),
    state: 'sending' as const,
    // Unknown until it is recorded, whatever happens to this process meanwhile.
    result: null,
    owner: who,
    claimed_until: tx.now + leaseMs,
    attempts: attempts + 1,
  };
  await tx.update('channel_shipments', [{ key: { key }, set }]);
  return { lost, others: await otherShipments(tx.db, { account, orderKey, key }) };
}

/** Whether the channel certainly has nothing of a parcel that was tried. */
function isOpen({ state, result }: Row<'channel_shipments'>, { again = false }: Parcel): boolean {
  if (result === outcomeUnknown) return again;
  return state === 'refused' || result === notTaken;
}

/** In what a parcel is not the one that was told, or may have been, under its key; undefined for the same one. */
function differenceOf(row: Row<'channel_shipments'>, parcel: Parcel): ChannelFault | undefined {
  const { orderKey: order, tracking, lines } = parcel;
  if (isOpen(row, parcel)) return undefined;
  const named = { order, tracking: tracking || parcel.parcel || '–' };
  if (row.carrier !== parcel.carrier)
    return new ChannelFault('caller', 'shipping.other-carrier', {
      ...named,
      told: row.carrier,
      asked: parcel.carrier,
    });
  if (row.tracking !== tracking)
    return new ChannelFault('caller', 'shipping.other-tracking', {
      order,
      parcel: parcel.parcel ?? '–',
      told: row.tracking || '–',
      asked: tracking || '–',
    });
  const told = row.lines === null ? null : (JSON.parse(row.lines) as ParcelLine[]);
  if (JSON.stringify(insideOf(told)) !== JSON.stringify(insideOf(lines)))
    return new ChannelFault('caller', 'shipping.other-lines', named);
  return undefined;
}

interface Ended {
  key: string;
  owner: string;
  outcome:
    | { state: 'shipped'; result: 'shipped' | 'already'; id: string | null }
    | { state: 'refused'; result: string; params: MessageParams }
    /** Without a result it is unknown whether the channel took it. */
    | { state: 'sending'; result: typeof notTaken | null };
}

const recordHandler: CommandHandler<Ended, number> = {
  name: 'shipments.record',
  async run(tx, commands) {
    await tx.update(
      'channel_shipments',
      commands.map(({ key, owner: who, outcome }) => ({
        key: { key, owner: who },
        set: {
          // A call that was given up may still get through: nobody looks for the parcel before.
          claimed_until: outcome.result === null ? tx.now + restMs : null,
          state: outcome.state,
          result: outcome.result,
          ...(outcome.state !== 'sending' && {
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
 * Tells a channel of a parcel, once: the parcel is written down before the call. An attempt whose answer was lost is made
 * again with the same key, after the channel was looked at; a parcel that was told is answered as it was then. What was
 * refused may be tried again, and what nobody but a person can find out about when that person says so.
 *
 * @throws ChannelFault; of kind `caller` when the channel refuses it: among these `shipping.other-carrier`,
 *   `shipping.other-tracking`, `shipping.other-lines` for a parcel that was told otherwise, `channel.outcome-unknown` where
 *   nobody but a person can find out whether the channel has it. HubError `shipping.under-way` while another one tells it,
 *   or an answer was lost a moment ago
 */
export async function shipParcel(
  store: Store,
  target: ShipmentTarget,
  given: Parcel,
  signal: AbortSignal,
): Promise<ShippedParcel> {
  const parcel = { ...given, lines: given.lines && summed(given.lines) };
  const { carrier, tracking, channelOrderId, lines } = parcel;
  const key = parcelKey(parcel);
  const claim = await store.execute(claimHandler, { parcel, key, owner, alone: hasOneProcess(store) });
  if (claim.told) {
    const { channel_shipment_id: channelShipmentId, result, finished_at: at } = claim.told;
    const already = result === 'already';
    return { state: 'shipped', key, carrier, tracking, channelShipmentId, already, replayed: true, at: at! };
  }
  const { lost, others } = claim;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(longestCallMs)]);
  let mayBeThere = lost;
  const looked = (): void => {
    mayBeThere = false;
  };
  const shipment = { channelOrderId, carrier, tracking, lines, key, lost, looked, others };
  const outcome = await target.ship(shipment, limit).then(
    ({ kind, channelShipmentId }) => ({ kind, channelShipmentId }),
    async (error: unknown) => {
      await store.execute(recordHandler, { key, owner, outcome: failureOf(error, mayBeThere) });
      throw error;
    },
  );
  const { kind, channelShipmentId } = outcome;
  const at = await store.execute(recordHandler, {
    key,
    owner,
    outcome: { state: 'shipped', result: kind, id: channelShipmentId },
  });
  const already = kind === 'already';
  return { state: 'shipped', key, carrier, tracking, channelShipmentId, already, replayed: false, at };
}

/** @param mayBeThere whether an attempt before this one may have got through */
function failureOf(error: unknown, mayBeThere: boolean): Ended['outcome'] {
  if (!ChannelFault.is(error) || error.kind === 'platform') return { state: 'sending', result: null };
  const { code, params } = error;
  if (code === outcomeUnknown) return { state: 'refused', result: code, params };
  // Who could not look for it knows no more than before.
  if (mayBeThere) return { state: 'sending', result: null };
  if (isRefused(error)) return { state: 'refused', result: code, params };
  // Who is refused for his credentials or sent away for a while has told nothing.
  return { state: 'sending', result: notTaken };
}

/** Whether it takes somebody to change the parcel; what is amiss at the address says nothing of it. */
export function isRefused(error: unknown): error is ChannelFault {
  return ChannelFault.is(error) && error.kind === 'caller' && !error.retryable;
}

/** Each line once. */
function summed(lines: readonly ParcelLine[]): ParcelLine[] {
  const units = new Map<string, number>();
  for (const { lineId, quantity } of lines) units.set(lineId, (units.get(lineId) ?? 0) + quantity);
  return [...units].map(([lineId, quantity]) => ({ lineId, quantity }));
}

/** What is inside, the same however its lines are sorted. */
function insideOf(lines: readonly ParcelLine[] | null): (readonly [string, number])[] | null {
  return (
    lines?.map(({ lineId, quantity }) => [lineId, quantity] as const).sort(([a], [b]) => (a < b ? -1 : 1)) ??
    null
  );
}

/** The same for each attempt at a parcel, and no other. */
function parcelKey({ account, orderKey, tracking, parcel, lines }: Parcel): string {
  const named = parcel ? [account, orderKey, { parcel }] : [account, orderKey, tracking, insideOf(lines)];
  return createHash('sha256').update(JSON.stringify(named)).digest('hex');
}
