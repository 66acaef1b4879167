import type { LockLine } from '../../core/stock/stock.ts';
import { actorOf } from '../shared/actor.ts';
import { defineNode } from '../shared/define-node.ts';
import { type HoldActConfig, heldLines } from '../shared/held-lines.ts';
import { orderOf, orderOpKey } from '../shared/message-order.ts';

export interface StockDeductConfig extends Omit<HoldActConfig, 'what'> {
  /** `counter`: a sale over the counter, straight from what is available. */
  what: 'all' | 'lines' | 'counter';
}

export default defineNode<StockDeductConfig>({
  type: 'stock-deduct',
  version: 1,
  usesHub: true,
  setup({ RED, node, config, hub, status }) {
    const overCounter = config.what === 'counter';
    const what = config.what === 'all' ? 'all' : 'lines';
    let deducted = 0;
    return {
      async input(message, send) {
        const { stock } = await hub.ready();
        const order = orderOf(message);
        const lines = await heldLines(RED, node, { ...config, what }, message);
        const pool = config.pool || 'main';
        const act = {
          pool,
          opKey: orderOpKey(message, node, { act: 'deduct', orderKey: order.key, pool }),
          actor: actorOf(message, node.id),
          orderKey: order.key,
        };
        const answer = await stock.deduct(
          overCounter
            ? { ...act, lines: lines as readonly LockLine[], withoutHold: true }
            : { ...act, ...(lines && { lines }) },
        );
        message.stock = answer;
        if (answer.state === 'deducted') {
          deducted += 1;
          status.ok(deducted);
          send([message, null]);
        } else {
          status.refused();
          send([null, message]);
        }
      },
    };
  },
});
