import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NodeAPI } from 'node-red';
import type { WebhookRequest } from '../../core/channel/platform.ts';
import {
  type AccountState,
  judgeArrival,
  judgeWebhook,
  type WebhookAnswer,
} from '../../core/channel/webhook-gate.ts';
import { HubError, reasonOf } from '../../core/errors.ts';
import { runningAccount } from '../channel-account/running-accounts.ts';
import { putFirst } from './first-in-line.ts';
import { type LiveHook, LiveHooks } from './live-hooks.ts';
import { discardRest, readBody } from './request-body.ts';
import './messages.ts';

type Request = IncomingMessage & { params: Record<string, string>; _body?: boolean };

/** Seconds after which a sender comes back when the store could not take the webhook. */
const storeDownSeconds = 10;

/**
 * How long a webhook waits for its node while flows are deployed, milliseconds; the setting
 * `channelWebhookWaitMs` says otherwise. Shopify gives up after 5 s.
 */
const usualWaitMs = 2_500;

/** The hooks of this process: the one route serves them all. */
export const liveHooks = new LiveHooks();

/** Where an account's webhooks arrive, below Node-RED's root for http nodes. */
export const hookPath = (account: string): string => `/order-hub/hook/${account}`;

/** Registers the one route of the pack; the nodes come and go behind it. */
export function serveHooks(RED: NodeAPI): void {
  const settings = RED.settings as { channelWebhookWaitMs?: number };
  const waitMs = settings.channelWebhookWaitMs ?? usualWaitMs;
  liveHooks.flowsRun = false;
  RED.events.on('flows:started', () => {
    liveHooks.flowsRun = true;
  });
  RED.events.on('flows:stopping', () => {
    liveHooks.flowsRun = false;
  });
  // With `httpNodeRoot: false` there is no such server, and no webhook can arrive.
  const server = RED.httpNode as unknown as { all?: (path: string, act: unknown) => void } | undefined;
  const act = (request: Request, response: ServerResponse): void => {
    serve(request, response, waitMs).catch((error: unknown) => {
      // Nobody awaits a route: what is not caught here would end Node-RED.
      RED.log.error(`${request.url}: ${reasonOf(error)}`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  };
  server?.all?.('/order-hub/hook/:account', act);
  const root = String((RED.settings as { httpNodeRoot?: string }).httpNodeRoot ?? '/').replace(/\/$/, '');
  putFirst(RED, (request, response, next) => {
    const account = accountIn(request.url ?? '', root);
    if (account === undefined) return next();
    act(Object.assign(request, { params: { account } }) as Request, response);
  });
}

/** The account a URL names, if it is one of a webhook. */
function accountIn(url: string, root: string): string | undefined {
  const path = url.split('?', 1)[0] ?? '';
  const prefix = `${root}${hookPath('')}`;
  const account = path.startsWith(prefix) ? path.slice(prefix.length) : '';
  return /^[^/]+$/.test(account) ? account : undefined;
}

async function serve(request: Request, response: ServerResponse, waitMs: number): Promise<void> {
  const path = request.params.account ?? '';
  const hook = await liveHooks.find(path, waitMs);
  const length = request.headers['content-length'];
  const arrival = {
    account: hook?.account ?? accountWithoutHook(path),
    method: request.method ?? '',
    contentLength: length === undefined ? undefined : Number(length),
    bodyAlreadyParsed: request._body === true || request.readableEnded,
    ready: hook?.ready() ?? liveHooks.flowsRun,
  };
  const early = judgeArrival(arrival);
  if (early) return finish(request, response, hook, early);
  if (!hook) throw new Error('A hook that does not exist was accepted.');
  const body = await readBody(request, hook.account.maxBodyBytes ?? Number.POSITIVE_INFINITY);
  if (body === 'aborted') return;
  const tooLarge = body === 'too-large';
  const call: WebhookRequest = {
    headers: request.headers as Record<string, string | undefined>,
    body: tooLarge ? Buffer.alloc(0) : body,
    receivedAt: Date.now(),
  };
  const answer = judgeWebhook({ ...arrival, bodyTooLarge: tooLarge, request: call });
  finish(request, response, hook, answer.accept ? await stored(hook, call, answer, answer.accept) : answer);
}

/**
 * An account for which no node receives, because it is disabled or cannot start: the sender has to come back, for
 * many give an address up that is told not to exist.
 */
function accountWithoutHook(path: string): AccountState | undefined {
  const account = runningAccount(path);
  if (!account) return undefined;
  const { platform, rules, maxBodyBytes } = account;
  return { platform, rules, maxBodyBytes, disabled: liveHooks.flowsRun };
}

/** The answer to a webhook that has to be durable first. */
async function stored(
  hook: LiveHook,
  call: WebhookRequest,
  answer: WebhookAnswer,
  accepted: NonNullable<WebhookAnswer['accept']>,
): Promise<WebhookAnswer> {
  try {
    const { repeated } = await hook.store(call, accepted);
    if (!repeated) return answer;
    const body = hook.account.platform.success ?? { ...answer.body, repeated: true };
    return { ...answer, body, code: 'webhook.repeated' };
  } catch (error) {
    const told = HubError.is(error)
      ? { code: error.code, params: error.params }
      : { code: 'webhook.not-stored', params: { reason: reasonOf(error), seconds: storeDownSeconds } };
    return { status: 503, retryAfterSeconds: storeDownSeconds, body: { error: 'not-stored' }, ...told };
  }
}

function finish(
  request: Request,
  response: ServerResponse,
  hook: LiveHook | undefined,
  answer: WebhookAnswer,
): void {
  hook?.answered(answer);
  if (response.destroyed) return;
  response.statusCode = answer.status;
  response.setHeader('content-type', 'application/json');
  if (answer.retryAfterSeconds !== undefined) {
    response.setHeader('retry-after', String(answer.retryAfterSeconds));
  }
  if (answer.allow) response.setHeader('allow', answer.allow);
  discardRest(request);
  response.end(JSON.stringify(answer.body));
}
