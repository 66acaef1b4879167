import type { NodeAPI } from 'node-red';
import { HubError } from '../../../core/errors.ts';
import {
  askCalls,
  askCensus,
  askChannelRuns,
  askChannelState,
  askChannels,
} from '../../../core/insight/query/channels.ts';
import { requiredText, timeOf } from '../../../core/insight/query/parameters.ts';
import { askPushes } from '../../../core/insight/query/pushes.ts';
import { writeDown } from './acts.ts';
import { type Call, serve } from './request.ts';

/**
 * `GET calls`, `GET channels`, `GET channels/<account>/state`, `GET channels/<account>/runs?limit=&before=`,
 * `GET channels/<account>/listings?listing=&result=&limit=&after=`,
 * `GET channels/<account>/census?kind=&day=&limit=&before=`, `POST channels/<account>/back-fill {from}` and
 * `POST channels/<account>/poll`.
 */
export function serveChannels(RED: NodeAPI): void {
  serve(RED, 'get', 'calls', 'order-hub.read', ({ asking }) => askCalls(asking()));
  serve(RED, 'get', 'channels', 'order-hub.read', ({ asking }) => askChannels(asking()));
  serve(RED, 'get', 'channels/:account/state', 'order-hub.read', ({ params, asking }) =>
    askChannelState(params.account ?? '', asking()),
  );
  serve(RED, 'get', 'channels/:account/runs', 'order-hub.read', ({ params, asked, asking }) =>
    askChannelRuns(params.account ?? '', asked, asking()),
  );
  serve(RED, 'get', 'channels/:account/census', 'order-hub.read', ({ params, asked, asking }) =>
    askCensus(params.account ?? '', asked, asking()),
  );
  serve(RED, 'get', 'channels/:account/listings', 'order-hub.read', ({ params, asked, asking }) =>
    askPushes(params.account ?? '', asked, asking()),
  );
  serve(RED, 'post', 'channels/:account/back-fill', 'order-hub.write', backfill);
  serve(RED, 'post', 'channels/:account/poll', 'order-hub.write', pollNow);
}

async function backfill(call: Call): Promise<object> {
  const { account, poller } = runningPoll(call);
  requiredText(call.body, 'from');
  const { from, until } = await poller.backfill(timeOf(call.body, 'from')!);
  const span = { from: new Date(from).toISOString(), until: new Date(until).toISOString() };
  const act = { actor: call.actor, act: 'channel.back-fill', object: account, detail: span };
  return { ...span, ...(await writeDown(call, act)) };
}

async function pollNow(call: Call): Promise<object> {
  const { account, poller } = runningPoll(call);
  poller.pollNow();
  const act = { actor: call.actor, act: 'channel.poll', object: account, detail: {} };
  return { asked: true, ...(await writeDown(call, act)) };
}

/** @throws HubError polling.unknown where no node of this process reads the account */
function runningPoll({ params, hub }: Call) {
  const account = params.account ?? '';
  const running = hub().channels.find(account);
  if (!running) throw new HubError('polling.unknown', { account });
  return { account, poller: running.poller };
}
