import type { InboxRecord } from '../../delivery/delivery.ts';
import type { Receipt } from '../../delivery/inbox.ts';
import { HubError } from '../../errors.ts';
import { parseJson } from '../../json.ts';
import { channelOrders } from '../../store/queries/channel-polls.ts';
import type { Store } from '../../store/store.ts';
import type { ChannelMessage } from '../connection/messages-in.ts';
import type { OrderSource } from '../connection/order-source.ts';
import type { Platform } from '../platform.ts';
import { type PolledAccount, recordTopic } from './account.ts';
import { takeRecords } from './take.ts';
import './messages.ts';

/** Names the order that a message is about; empty for a message about none. */
const hintHeader = 'order-hub-hint';

/** The key of hints at one order, which wait for one another. */
export function hintKey(channelOrderId: string): string {
  return `hint:${channelOrderId}`;
}

/** A message of a channel as it is stored before it is acknowledged. */
export function hintReceipt(
  { id, topic, channelOrderId, body }: ChannelMessage,
  account: string,
  subscriber: string,
  receivedAt: number,
): Receipt {
  return {
    account,
    topic,
    deliveryKey: id,
    contentKey: null,
    headers: { [hintHeader]: channelOrderId ?? '' },
    body: Buffer.from(body),
    receivedAt,
    subscriber,
    ...(channelOrderId !== null && { key: hintKey(channelOrderId) }),
  };
}

/**
 * What a stored record is: `record`, an order itself; `hint`, with the id of the order to be read again; `none`, a
 * message about no order.
 *
 * @param taken whether it was taken by a connection of ours, and not sent as a webhook
 */
export function kindOf(
  { topic, headers, body }: Pick<InboxRecord, 'topic' | 'headers' | 'body'>,
  platform: Pick<Platform, 'hintOf'>,
  taken: boolean,
): { kind: 'record' | 'none' } | { kind: 'hint'; channelOrderId: string } {
  // A webhook's headers are its sender's.
  const named = taken ? headers[hintHeader] : undefined;
  if (typeof named === 'string')
    return named === '' ? { kind: 'none' } : { kind: 'hint', channelOrderId: named };
  if (topic === recordTopic) return { kind: 'record' };
  const channelOrderId = hintIn({ topic, body }, platform);
  return channelOrderId === null ? { kind: 'record' } : { kind: 'hint', channelOrderId };
}

/** The order that a platform's message only hints at; null for one that is the order itself, or about none. */
export function hintIn(
  { topic, body }: Pick<InboxRecord, 'topic' | 'body'>,
  { hintOf }: Pick<Platform, 'hintOf'>,
): string | null {
  return hintOf ? hintOf({ topic, body: jsonOf(body) }) : null;
}

function jsonOf(body: Buffer): unknown {
  try {
    return parseJson(body.toString());
  } catch {
    // What is not JSON hints at nothing; order-map says what is wrong with it.
    return undefined;
  }
}

export interface Reread {
  store: Store;
  account: PolledAccount;
  /** Who is handed the record. */
  subscriber: string;
  source: OrderSource;
  channelOrderId: string;
  /** When the hint was stored, epoch milliseconds: an order that was asked for since is not asked for again. */
  hintedAt: number;
  signal: AbortSignal;
}

/**
 * Reads the order that a hint is about and stores it as any record that was read. Several hints that waited end with
 * one question.
 *
 * @throws ChannelFault; HubError polling.order-unknown where the channel knows no such order yet
 */
export async function rereadOrder(reread: Reread): Promise<void> {
  const { store, account, subscriber, source, channelOrderId, hintedAt, signal } = reread;
  const known = await channelOrders(store.read, account.path, [channelOrderId]);
  if ((known.get(channelOrderId)?.reread_at ?? Number.NEGATIVE_INFINITY) >= hintedAt) return;
  const askedAt = store.now();
  const record = await source.order(channelOrderId, signal);
  if (!record) throw new HubError('polling.order-unknown', { order: channelOrderId }, { retryable: true });
  await takeRecords(store, { account, subscriber, records: [record], askedAt, byId: true });
}
