import type { NodeAPI } from 'node-red';
import { HubError } from '../../../core/errors.ts';
import { isoTime } from '../../../core/insight/query/asking.ts';
import { backlogs } from '../../../core/store/queries/health.ts';
import { type Call, serve } from './request.ts';

/** `GET subscribers`, and `DELETE subscribers/<id>`: forgets one for good with what waits for it. */
export function serveSubscribers(RED: NodeAPI): void {
  serve(RED, 'get', 'subscribers', 'order-hub.read', list);
  serve(RED, 'delete', 'subscribers/:id', 'order-hub.purge', forget);
}

async function list({ hub }: Call): Promise<object> {
  const { subscribers, store } = hub();
  const [known, waiting] = await Promise.all([subscribers.list(), backlogs(store.read)]);
  const none = { ready: 0, leased: 0, dead: 0, oldestAt: null };
  return {
    subscribers: known.map((subscriber) => {
      const { ready, leased, dead, oldestAt } =
        waiting.find((row) => row.subscriber === subscriber.id) ?? none;
      return {
        ...subscriber,
        createdAt: isoTime(subscriber.createdAt),
        lastSeenAt: isoTime(subscriber.lastSeenAt),
        ready,
        leased,
        dead,
        oldestAt: isoTime(oldestAt),
      };
    }),
  };
}

async function forget({ params, actor, hub }: Call): Promise<object> {
  const id = params.id ?? '';
  const { subscribers } = hub();
  const known = (await subscribers.list()).some((subscriber) => subscriber.id === id);
  const removed = await subscribers.forget(id, actor);
  if (!known && removed === 0) throw new HubError('api.subscriber-unknown', { id });
  return { id, removed };
}
