import { pollSubscriber } from '../../core/channel/polling/account.ts';
import { kindOf, rereadOrder } from '../../core/channel/polling/hint.ts';
import type { ClaimedDelivery } from '../../core/delivery/queue.ts';
import { HubError } from '../../core/errors.ts';
import type { Hub } from '../../core/hub.ts';
import type { ChannelAccountApi } from '../channel-account/channel-account.ts';
import type { HubMessage } from './define-node.ts';

export interface HandOver {
  delivery: ClaimedDelivery;
  hub: Hub;
  account: ChannelAccountApi;
  /** Who is handed the order that a hint is about. */
  subscriber: string;
  signal: AbortSignal;
}

/**
 * The message that a stored record of a channel becomes. One that only hints at an order becomes none: the order is
 * read and stored, and comes as a record of its own.
 *
 * @throws ChannelFault and others, for the delivery to be tried again
 */
export async function handOver({
  delivery,
  hub,
  account,
  subscriber,
  signal,
}: HandOver): Promise<Partial<HubMessage> | undefined> {
  const record = delivery.inbox!;
  const what = kindOf(record, account.platform, subscriber === pollSubscriber(account.path));
  if (what.kind === 'none') return undefined;
  if (what.kind !== 'hint')
    return {
      payload: record.body,
      topic: record.topic,
      channel: account.channel,
      inbox: { id: record.id, account: account.path, topic: record.topic, receivedAt: record.receivedAt },
    };
  const { orders } = await account.connection(hub);
  if (!orders) throw new HubError('polling.cannot-read', { account: account.path });
  await rereadOrder({
    store: hub.store,
    account: { path: account.path, ...account.channel },
    subscriber,
    source: orders,
    channelOrderId: what.channelOrderId,
    hintedAt: delivery.createdAt,
    signal,
  });
  return undefined;
}
