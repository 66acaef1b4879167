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
 * What tells one happening of an order from the next: what the dialog's property says; else the block or the reading
 * at the scale (a parcel may be blocked twice without its order changing); else what happened with the order's
 * version; else the message of the source, which keeps its id when it is tried again. Undefined when a message says
 * nothing of the kind.
 */
export function eventKey(chosen: unknown, message: HubMessage): string | undefined {
  if ((typeof chosen === 'string' && chosen.trim() !== '') || typeof chosen === 'number')
    return String(chosen);
  const weighing = weighingKey(message.weight);
  if (weighing !== undefined) return weighing;
  const { type } = eventOf(message);
  const version = (message.order as { version?: unknown } | undefined)?.version;
  if (typeof version === 'number') return `${type ?? 'order'}#${version}`;
  const delivery = (message.delivery as { id?: unknown } | undefined)?.id;
  if (typeof delivery === 'string' && delivery !== '') return `${type ?? 'message'}@${delivery}`;
  if (type) return type;
  return message.order ? 'order' : undefined;
}

/** One alert for a block, however often the parcel is weighed within it; else one for each reading that differs. */
function weighingKey(weight: unknown): string | undefined {
  if (typeof weight !== 'object' || weight === null) return undefined;
  const { blockedAt, recordId, verdict } = weight as Record<string, unknown>;
  if (typeof blockedAt === 'number') return `blocked@${blockedAt}`;
  return typeof recordId === 'number' ? `${String(verdict)}@weighing:${recordId}` : undefined;
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
