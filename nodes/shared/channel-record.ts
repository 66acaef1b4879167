import { ChannelFault } from '../../core/channel/connection/fault.ts';
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
  /**
   * Told that the account cannot be called, so that what only hints at an order goes on as it is. Without it that is a
   * fault.
   */
  asItIs?: (fault: ChannelFault) => void;
}

/** Whether nobody has entered what the platform is called with. */
function isWithoutInterface(error: unknown): error is ChannelFault {
  return (
    ChannelFault.is(error) && ['channel.credential-missing', 'channel.no-interface'].includes(error.code)
  );
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
  asItIs,
}: HandOver): Promise<Partial<HubMessage> | undefined> {
  const record = delivery.inbox!;
  const what = kindOf(record, account.platform, subscriber === pollSubscriber(account.path));
  if (what.kind === 'none') return undefined;
  const message = {
    payload: record.body,
    topic: record.topic,
    channel: account.channel,
    inbox: { id: record.id, account: account.path, topic: record.topic, receivedAt: record.receivedAt },
  };
  if (what.kind !== 'hint') return message;
  const connection = await account.connection(hub).catch((error: unknown) => {
    if (asItIs && isWithoutInterface(error)) return asItIs(error);
    throw error;
  });
  if (!connection) return message;
  const { orders } = connection;
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
