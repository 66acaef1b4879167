import { HubError } from '../../core/errors.ts';
import type { HubMessage } from './define-node.ts';
import './messages.ts';

/** Which order a message is about; it travels along from the first node that knows it. */
export interface MessageOrder {
  key: string;
  channel?: string;
  channelOrderId?: string;
  version?: number;
}

/** The order a message is about. @throws HubError node.no-order when it names none */
export function orderOf(message: HubMessage): MessageOrder {
  const order = message.order as Partial<MessageOrder> | undefined;
  if (typeof order?.key !== 'string' || order.key === '') throw new HubError('node.no-order');
  return order as MessageOrder;
}

/**
 * Tells one attempt from the next in the keys that make an act happen once: the event that caused the message
 * (a redelivery carries the same one), else what the flow set in `msg.attempt`, else the first attempt.
 */
export function attemptOf(message: HubMessage): string {
  const event = message.event as { id?: number | string } | undefined;
  const attempt = message.attempt ?? event?.id ?? 0;
  return String(attempt);
}
