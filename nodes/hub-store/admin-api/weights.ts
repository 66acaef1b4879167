import type { NodeAPI } from 'node-red';
import { isoTime, told } from '../../../core/insight/query/asking.ts';
import { requiredText } from '../../../core/insight/query/parameters.ts';
import { writeDown } from './acts.ts';
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
  const act = { actor, act: 'weight.lift', object: `order:${orderKey}`, detail: { reason } };
  const written = answer.replayed ? {} : await writeDown(call, act);
  return {
    orderKey,
    ...answer,
    explanation: told(answer.explanation, call),
    lifted: { ...answer.lifted, at: isoTime(answer.lifted.at) },
    ...written,
  };
}

async function setWeights(call: Call): Promise<object> {
  const { body, actor } = call;
  const answer = await call.hub().weights.setWeights(body, actor);
  if (answer.changed.length === 0) return answer;
  const detail = { changed: answer.changed };
  const act = { actor, act: 'sku-weights.set', object: 'sku-weights', detail };
  return { ...answer, ...(await writeDown(call, act)) };
}
