import { actorOf } from '../shared/actor.ts';
import { defineNode } from '../shared/define-node.ts';
import { type HoldActConfig, heldLines } from '../shared/held-lines.ts';
import { orderOf, orderOpKey } from '../shared/message-order.ts';

export default defineNode<HoldActConfig>({
  type: 'stock-release',
  version: 1,
  usesHub: true,
  setup({ RED, node, config, hub, status }) {
    let released = 0;
    return {
      async input(message, send) {
        const { stock } = await hub.ready();
        const order = orderOf(message);
        const lines = await heldLines(RED, node, config, message);
        const pool = config.pool || 'main';
        const answer = await stock.release({
          pool,
          opKey: orderOpKey(message, node, { act: 'release', orderKey: order.key, pool }),
          actor: actorOf(message, node.id),
          orderKey: order.key,
          ...(lines && { lines }),
        });
        message.stock = answer;
        if (answer.state === 'released') {
          released += 1;
          status.ok(released);
          send([message, null]);
        } else {
          status.refused();
          send([null, message]);
        }
      },
    };
  },
});
