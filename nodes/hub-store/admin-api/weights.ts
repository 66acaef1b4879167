import type { NodeAPI } from 'node-red';
import { recordAct } from '../../../core/insight/acts.ts';
import { isoTime, told } from '../../../core/insight/query/asking.ts';
import { requiredText } from '../../../core/insight/query/parameters.ts';
import { type Call, decodedKey, keyPath, serve } from './request.ts';

/**
 * `POST weight-blocks/<order key>/lift {reason}` and `PUT sku-weights` with a list of `{sku, grams}` or weights by
 * SKU.
 */
export function serveWeights(RED: NodeAPI): void {
  serve(RED, 'post', keyPath('weight-blocks', '/lift'), 'order-hub.weight.lift', lift);
  serve(RED, 'put', 'sku-weights', 'order-hub.write', setWeights);
}

async function lift(call: Call): Promise<object> {
  const { params, body, actor } = call;
  const hub = call.hub();
  const orderKey = decodedKey(params);
  const reason = requiredText(body, 'reason');
  const answer = await hub.weights.lift({ orderKey, actor, reason });
  if (!answer.replayed) {
    await recordAct(hub.store, {
      actor,
      act: 'weight.lift',
      object: `order:${orderKey}`,
      detail: { reason },
    });
  }
  return {
    orderKey,
    ...answer,
    explanation: told(answer.explanation, call),
    lifted: { ...answer.lifted, at: isoTime(answer.lifted.at) },
  };
}

async function setWeights({ body, actor, hub }: Call): Promise<object> {
  const { weights, store } = hub();
  const answer = await weights.setWeights(body, actor);
  if (answer.changed.length > 0) {
    const detail = { changed: answer.changed };
    await recordAct(store, { actor, act: 'sku-weights.set', object: 'sku-weights', detail });
  }
  return answer;
}
