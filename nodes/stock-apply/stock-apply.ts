import { HubError } from '../../core/errors.ts';
import type { PolicyAnswer } from '../../core/stock/policy/answer.ts';
import { applyPolicy } from '../../core/stock/policy/apply.ts';
import { actorOf } from '../shared/actor.ts';
import { type BaseConfig, defineNode, type HubMessage } from '../shared/define-node.ts';
import { orderOf, orderOpKey } from '../shared/message-order.ts';
import { apiOf, offeredBy } from '../shared/node-api.ts';
import type { StockPolicyApi } from '../stock-policy/stock-policy.ts';
import './messages.ts';

export interface StockApplyConfig extends BaseConfig {
  /** Id of the stock-policy. */
  policy: string;
}

/** The outputs, in their order. */
const ports = ['done', 'nothing', 'short', 'refused'] as const;

export default defineNode<StockApplyConfig>({
  type: 'stock-apply',
  version: 1,
  usesHub: true,
  setup({ RED, node, config, hub, status }) {
    let done = 0;
    let forget: (() => void) | undefined;
    // Others ask the policy too: the audit, and who explains a number. Without one each message says so.
    hub.whenOpen(({ policies }) => {
      forget?.();
      const offered = offeredBy<StockPolicyApi>(RED, config.policy);
      forget = offered && policies.add(offered.policy);
    });
    return {
      async input(message, send) {
        const { policy } = apiOf<StockPolicyApi>(RED, config.policy, 'stock-policy');
        const { store, stock } = await hub.ready();
        const { key } = orderOf(message);
        const answer = await applyPolicy(store, stock, policy, {
          orderKey: key,
          type: eventOf(message),
          order: message.payload,
          opKey: orderOpKey(message, node, { act: 'apply', orderKey: key, pool: policy.pool }),
          actor: actorOf(message, node.id),
        });
        message.stock = answer;
        const port = portOf(answer);
        if (port === 'done') done += 1;
        if (port === 'done' || port === 'nothing') status.ok(done);
        else if (answer.code === 'policy.paid-no-stock') status.refused('stock-apply.status.paid-no-stock');
        else if (answer.code === 'policy.shipped-no-stock')
          status.refused('stock-apply.status.shipped-no-stock');
        else status.refused(`stock-apply.status.${port}`);
        if (answer.code === 'policy.shipped-no-stock' && !answer.replayed) node.warn(answer.sentence ?? '');
        send(ports.map((one) => (one === port ? message : null)));
      },
      close() {
        forget?.();
      },
    };
  },
});

function portOf({ state }: PolicyAnswer): (typeof ports)[number] {
  return state === 'nothing' || state === 'short' || state === 'refused' ? state : 'done';
}

/** What happened to the order: the event that brought the message, else its topic. */
function eventOf(message: HubMessage): string {
  const event = message.event as { type?: unknown } | null | undefined;
  const type = event?.type ?? message.topic;
  if (typeof type !== 'string' || type.trim() === '') throw new HubError('stock-apply.no-event');
  return type.trim();
}
