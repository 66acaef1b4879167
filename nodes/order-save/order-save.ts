import { sentence } from '../../core/message.ts';
import { type Order, validateOrder } from '../../core/order/schema.ts';
import { type BaseConfig, defineNode } from '../shared/define-node.ts';
import { failDelivery } from '../shared/flow-tracking.ts';
import './messages.ts';
import { readProperty } from '../shared/typed-property.ts';
import { notValid } from './not-valid.ts';

export interface OrderSaveConfig extends BaseConfig {
  /** Where the canonical order is read. */
  order: string;
  orderType: string;
}

export default defineNode<OrderSaveConfig>({
  type: 'order-save',
  version: 1,
  usesHub: true,
  setup({ RED, node, config, hub, status }) {
    const property = { value: config.order || 'payload', type: config.orderType || 'msg' };
    let saved = 0;
    return {
      async input(message, send) {
        const { orders } = await hub.ready();
        const value = await readProperty(RED, node, property, message, 'order');
        const problems = validateOrder(value);
        if (problems.length > 0) {
          const params = { problems: problems.map((problem) => problem.sentence).join(' ') };
          message.saved = {
            outcome: 'refused',
            reason: { code: 'order.not-valid', params, sentence: sentence('order.not-valid', params) },
            problems,
          };
          status.refused('order-save.status.invalid');
          // Nothing of it is in the hub: whether or not anybody listens to the port, it must not be done with.
          failDelivery(message, notValid(problems), node);
          send([null, null, message]);
          return;
        }
        const order = value as Order;
        const inbox = message.inbox as { id?: number; receivedAt?: number } | undefined;
        const answer = await orders.save({
          order,
          inboxId: inbox?.id ?? null,
          arrivedAt: inbox?.receivedAt ?? Date.now(),
        });
        message.order = {
          key: answer.key,
          channel: order.channel,
          channelOrderId: order.channelOrderId,
          version: answer.version,
        };
        message.saved = answer;
        if (answer.outcome === 'changed') {
          saved += 1;
          status.ok(saved);
          send([message, null, null]);
        } else if (answer.outcome === 'refused') {
          status.refused();
          send([null, null, message]);
        } else {
          send([null, message, null]);
        }
      },
    };
  },
});
