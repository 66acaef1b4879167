import { HubError } from '../../core/errors.ts';
import type { Hub } from '../../core/hub.ts';
import { type BaseConfig, defineNode, type HubMessage } from '../shared/define-node.ts';
import { runSource, type SourceSettings } from '../shared/delivery-source.ts';
import type { MessageOrder } from '../shared/message-order.ts';
import { sourceFault } from '../shared/source-fields.ts';
import { stableId } from '../shared/stable-id.ts';
import { namesIn, type Start, sinceFault } from './event-fields.ts';
import './messages.ts';

export interface OrderEventConfig extends BaseConfig, SourceSettings {
  /** Event types to take; empty for all. */
  types: string[];
  /** Channels to take, as a list or with commas between them; empty for all. */
  channels: string | string[];
  /** Where a subscription that is new begins; one that is known keeps its place. */
  start: Start;
  /** ISO instant to begin at when `start` is `date`. */
  since: string;
}

export default defineNode<OrderEventConfig>({
  type: 'order-event',
  version: 1,
  usesHub: true,
  check(config) {
    const { types = [] } = config;
    if (!Array.isArray(types) || types.some((type) => typeof type !== 'string')) {
      throw new HubError('order-event.bad-types');
    }
    const fault = sinceFault(config.start, config.since) ?? sourceFault(config);
    if (fault) throw fault;
  },
  setup(context) {
    const { node, config } = context;
    const subscriber = `event:${stableId(node)}`;
    const types = config.types?.length ? config.types : null;
    const source = runSource(context, {
      subscriber,
      settings: config,
      async opened(hub) {
        await hub.subscribers.register({
          id: subscriber,
          topic: 'order',
          types,
          channels: namesIn(config.channels),
          label: node.name || (types ?? ['order-event']).join(', '),
          startFrom: config.start === 'date' ? Date.parse(config.since) : 'now',
        });
      },
      async message({ event }, hub) {
        if (!event) return undefined;
        const { id, type, at, data, orderKey, channel } = event;
        return {
          topic: type,
          event: { id, type, at, data },
          ...(orderKey === null ? { payload: null } : await orderOf(hub, orderKey, channel)),
        };
      },
    });
    return { close: () => source.close() };
  },
});

/** The order as it is now, which may be later than the event; null when it is not in the store. */
async function orderOf(hub: Hub, key: string, channel: string | null): Promise<Partial<HubMessage>> {
  const kept = await hub.orders.read(key);
  const order: MessageOrder = kept
    ? {
        key,
        channel: kept.order.channel,
        channelOrderId: kept.order.channelOrderId,
        version: kept.version,
      }
    : { key, ...(channel !== null && { channel }) };
  return { payload: kept?.order ?? null, order };
}
