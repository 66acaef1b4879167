import type { AlertMessage } from '../../core/insight/alert/channel.ts';
import type { TemplateContext } from '../../core/insight/alert/template.ts';
import type { Order } from '../../core/order/schema.ts';
import type { HubMessage } from '../shared/define-node.ts';

/** What a message says of the event that caused it. */
interface MessageEvent {
  id?: number | string;
  type?: string;
  at?: number | string;
  data?: unknown;
}

/** The order in a message; undefined for a payload that is none. */
export function orderIn(value: unknown): Order | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { channelOrderId, lines } = value as Partial<Order>;
  return typeof channelOrderId === 'string' && Array.isArray(lines) ? (value as Order) : undefined;
}

/**
 * What tells one happening of an order from the next: what the dialog's property says, else what happened with the
 * order's version. Undefined when a message says nothing of the kind.
 */
export function eventKey(chosen: unknown, message: HubMessage): string | undefined {
  if ((typeof chosen === 'string' && chosen.trim() !== '') || typeof chosen === 'number')
    return String(chosen);
  const { type } = eventOf(message);
  const version = (message.order as { version?: unknown } | undefined)?.version;
  if (typeof version === 'number') return `${type ?? 'order'}#${version}`;
  if (type) return type;
  return message.order ? 'order' : undefined;
}

/** What the wording can name. */
export function alertContext(
  message: HubMessage,
  order: Order | undefined,
  rule: string,
  now: number,
): TemplateContext {
  const { id, ...event } = eventOf(message);
  return {
    order,
    event: { ...event, sequence: id },
    rule: { name: rule },
    now,
    weight: message.weight,
    stock: message.stock,
    msg: message,
  };
}

/** What programs read beside the text. */
export function alertData(
  message: HubMessage,
  about: { rule: string; orderKey: string | null; event: string },
): NonNullable<AlertMessage['data']> {
  const { type } = eventOf(message);
  return { rule: about.rule, order: about.orderKey, event: about.event, ...(type && { what: type }) };
}

function eventOf(message: HubMessage): MessageEvent {
  return typeof message.event === 'object' && message.event !== null ? message.event : {};
}
