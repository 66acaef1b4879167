import type { Node } from 'node-red';
import { HubError } from '../../core/errors.ts';
import type { HubMessage } from './define-node.ts';
import './messages.ts';
import { stableId } from './stable-id.ts';

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
 * Tells one attempt from the next in the keys that make an act happen once: what the flow set in `msg.attempt`,
 * else the event that caused the message, else the delivery that brought it (a redelivery carries the same event
 * and the same delivery), else the message itself, so that each click on a button is an act of its own.
 */
export function attemptOf(message: HubMessage): string {
  const event = message.event as { id?: number | string } | null | undefined;
  return String(message.attempt ?? event?.id ?? deliveryOf(message)?.id ?? message._msgid);
}

/** The delivery a source handed over. */
export interface MessageDelivery {
  /** Names what is delivered, `<topic>:<id>`: the same in each attempt, after a restart and after a manual retry. */
  id: string;
  /** 1 for the first attempt. */
  attempt: number;
}

/** The delivery a message comes from, if a source of ours sent it. */
export function deliveryOf(message: HubMessage): MessageDelivery | undefined {
  const delivery = message.delivery as Partial<MessageDelivery> | null | undefined;
  return typeof delivery?.id === 'string' && delivery.id !== '' ? (delivery as MessageDelivery) : undefined;
}

/** What happens once in an order's stock: an act of one node in one pool. */
export interface OrderAct {
  act: 'lock' | 'release' | 'deduct' | 'apply';
  orderKey: string;
  pool: string;
}

/**
 * The key that makes an act of a node happen once an attempt. Two nodes, or two pools, that one event reaches
 * have keys of their own.
 */
export function orderOpKey(message: HubMessage, node: Node, { act, orderKey, pool }: OrderAct): string {
  return [orderKey, '*', act, pool, stableId(node), attemptOf(message)].join('|');
}
