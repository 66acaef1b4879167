import { HubError } from '../../core/errors.ts';
import { type BaseConfig, defineNode } from '../shared/define-node.ts';
import { finishDelivery } from '../shared/flow-tracking.ts';
import { readProperty } from '../shared/typed-property.ts';
import './messages.ts';

export interface OrderDoneConfig extends BaseConfig {
  /** `failed` is tried again as its source says; `aside` goes to the dead letters at once. */
  outcome: 'done' | 'failed' | 'aside';
  /** Why it failed; kept with the delivery. */
  reason: string;
  reasonType: string;
}

const outcomes: readonly string[] = ['done', 'failed', 'aside'];

export default defineNode<OrderDoneConfig>({
  type: 'order-done',
  version: 1,
  check({ outcome = 'done' }) {
    if (!outcomes.includes(outcome))
      throw new HubError('order-done.bad-outcome', { outcome: String(outcome) });
  },
  setup({ RED, node, config, status }) {
    const { outcome = 'done', reason = '', reasonType = 'str' } = config;
    let finished = 0;
    return {
      async input(message, send) {
        const error = outcome === 'done' ? undefined : await failure();
        if (finishDelivery(message as { _msgid: string }, node, error)) {
          finished += 1;
          if (outcome === 'done') status.ok(finished);
          else status.refused(finished);
        } else {
          status.working('order-done.status.no-delivery');
        }
        send(message);

        async function failure(): Promise<HubError> {
          const value = await readProperty(RED, node, { value: reason, type: reasonType }, message, 'reason');
          return new HubError(
            'order-done.failed',
            { reason: textOf(value) },
            { retryable: outcome === 'failed' },
          );
        }
      },
    };
  },
});

/** A reason as a person reads it; a catch node's `msg.error` is an object with the text in `message`. */
function textOf(value: unknown): string {
  if (value === undefined || value === null || value === '') return '–';
  if (typeof value !== 'object') return String(value);
  const { message } = value as { message?: unknown };
  return typeof message === 'string' ? message : JSON.stringify(value);
}
