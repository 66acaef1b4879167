import type { NodeAPI } from 'node-red';
import { HubError } from '../../../core/errors.ts';
import {
  askDeadCount,
  askDeliveries,
  askDelivery,
  deadFilter,
} from '../../../core/insight/query/deliveries.ts';
import { idOf, limitOf, requiredText } from '../../../core/insight/query/parameters.ts';
import { type Call, serve } from './request.ts';

/**
 * `GET deliveries?state=&subscriber=&key=&limit=&after=`, `GET deliveries/count` (dead ones by filter),
 * `GET deliveries/<id>`, `POST deliveries/<id>/retry {payload?}`, `POST deliveries/<id>/dismiss {reason}`, and
 * `POST deliveries/retry {cap, subscriber?, topic?, key?, code?, since?, until?}`.
 */
export function serveDeliveries(RED: NodeAPI): void {
  serve(RED, 'get', 'deliveries', 'order-hub.read', ({ asked, asking }) => askDeliveries(asked, asking()));
  serve(RED, 'get', 'deliveries/count', 'order-hub.read', ({ asked, asking }) =>
    askDeadCount(asked, asking()),
  );
  serve(RED, 'get', 'deliveries/:id', 'order-hub.read', ({ params, asking }) =>
    askDelivery(params, asking()),
  );
  serve(RED, 'post', 'deliveries/retry', 'order-hub.write', retryMany);
  serve(RED, 'post', 'deliveries/:id/retry', 'order-hub.write', retryOne);
  serve(RED, 'post', 'deliveries/:id/dismiss', 'order-hub.write', dismiss);
}

async function retryOne({ params, body, actor, hub }: Call): Promise<object> {
  const id = rowId(params);
  const payload = payloadFrom(body.payload);
  const retriedAs = await hub().deadLetters.retryOne(id, {
    actor,
    ...(payload !== undefined && { payload }),
  });
  return { id, retriedAs };
}

async function dismiss({ params, body, actor, hub }: Call): Promise<object> {
  const id = rowId(params);
  await hub().deadLetters.dismiss(id, { actor, reason: requiredText(body, 'reason') });
  return { id, dismissed: true };
}

/** The cap has to be named: who retries many says how many he has counted on. */
async function retryMany({ body, actor, hub }: Call): Promise<object> {
  requiredText(body, 'cap');
  const cap = limitOf(body, 'cap');
  const { trail: _, ...filter } = deadFilter(body);
  const { deadLetters } = hub();
  const retried = await deadLetters.retryMany(filter, cap, actor);
  return { retried, remaining: await deadLetters.count(filter) };
}

function rowId(params: Call['params']): number {
  const id = idOf(params, 'id');
  if (id === undefined) throw new HubError('query.missing', { field: 'id' });
  return id;
}

/** The text that takes the message's place: as it is, or an object as JSON. */
function payloadFrom(payload: unknown): string | undefined {
  if (payload === undefined || payload === null) return undefined;
  return typeof payload === 'string' ? payload : JSON.stringify(payload);
}
