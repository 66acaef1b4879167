import type { NodeAPI } from 'node-red';
import { HubError } from '../../../core/errors.ts';
import type { Hub } from '../../../core/hub.ts';
import type { Asking } from '../../../core/insight/query/asking.ts';
import { type Asked, textOf } from '../../../core/insight/query/parameters.ts';
import { type Language, sentence } from '../../../core/message.ts';
import { languageOf, type RouteRequest, type RouteResponse, route } from '../../shared/admin-route.ts';
import '../messages.ts';
import { type RunningStore, runningStore, runningStores } from '../store-directory.ts';

/** Below the admin root; the version is part of every address. */
export const root = '/order-hub/v1';

/** What of a request our routes use. */
export interface ApiRequest extends RouteRequest {
  params: Record<string, string>;
  body?: unknown;
  user?: { username?: string };
  authInfo?: { scope?: string | string[] };
}

export interface ApiResponse extends RouteResponse {
  type(contentType: string): ApiResponse;
  send(body: string): unknown;
}

/** One call of the API. */
export interface Call {
  asked: Asked;
  /** Fields of the body; empty when there is none. */
  body: Asked;
  params: Readonly<Record<string, string>>;
  language: Language;
  /** Who is logged in, or `anonymous` where nobody has to. */
  actor: string;
  /** Whether this caller sees names, phones, addresses and notes in full. */
  personal: boolean;
  /** The store that is meant, whether it is open or not. @throws HubError api.no-store, api.store-unknown */
  store(): RunningStore;
  /** Its hub. @throws HubError store.not-open with the reason */
  hub(): Hub;
  asking(): Asking;
}

/** HTTP status of refusals that are neither the caller's mistake (400) nor the store's fault (503). */
const statuses: Readonly<Record<string, number>> = {
  'query.no-order': 404,
  'query.no-sku': 404,
  'query.no-delivery': 404,
  'delivery.unknown': 404,
  'api.store-unknown': 404,
  'api.subscriber-unknown': 404,
  'count.unknown': 404,
  'shares.unknown': 404,
  'polling.unknown': 404,
  'api.no-store': 503,
  'audit.unknown-finding': 404,
  'audit.already-cleared': 409,
  'audit.already-right': 409,
  'audit.no-repair': 409,
  'audit.in-doubt': 409,
  'audit.op-key-reused': 409,
  'delivery.not-dead': 409,
  'delivery.already-retried': 409,
  'delivery.already-dismissed': 409,
  'count.still-open': 409,
  'count.nothing-waits': 409,
  'count.second-person': 403,
  'weight.lift-no-block': 409,
  'weight.lift-already': 409,
  // Not by this hub: the answer says how a person does it.
  'store.copy-by-hand': 501,
};

export type Method = 'get' | 'post' | 'put' | 'delete';

/** What a route answers: a JSON body with 200, or a status or a text of its own. */
export type Answer = object | { respond(response: ApiResponse): unknown };

/**
 * Registers a route, for those who have the permission. A refusal or fault becomes JSON
 * `{code, sentence, params}` in the caller's language.
 *
 * @param path below the API's root; a regular expression where a key with slashes stands in the address
 */
export function serve(
  RED: NodeAPI,
  method: Method,
  path: string | RegExp,
  permission: string,
  act: (call: Call) => Promise<Answer> | Answer,
): void {
  const handler = route<ApiRequest, ApiResponse>(async (request, response) => {
    const call = callOf(request);
    try {
      const answer = await act(call);
      if ('respond' in answer) await answer.respond(response);
      else response.json(answer);
    } catch (error) {
      const fault = faultOf(error, call);
      const status = HubError.is(fault) ? statuses[fault.code] : undefined;
      if (status === undefined || !HubError.is(fault)) throw fault;
      const { code, params, language } = { ...fault, language: call.language };
      response.status(status).json({ code, params, sentence: sentence(code, params, language) });
    }
  });
  // Only these four verbs: without an admin root Node-RED's httpAdmin is a stub that has no other.
  const register = RED.httpAdmin[method].bind(RED.httpAdmin) as (
    path: string | RegExp,
    ...handlers: unknown[]
  ) => void;
  register(
    typeof path === 'string' ? `${root}/${path}` : path,
    RED.auth.needsPermission(permission),
    handler,
  );
}

/** A path below the API's root that ends in an order key, with its slashes as they are or encoded. */
export function keyPath(before: string, after = ''): RegExp {
  return new RegExp(`^${root}/${before}/(.+)${after}$`);
}

/** The order key that a `keyPath` found in the address. */
export function decodedKey(params: Call['params']): string {
  // A key holds no spaces, only %20; express has decoded those of an address that was not encoded twice.
  return (params[0] ?? '').replace(/\s/g, encodeURIComponent);
}

/** An error that the store's file caused, told as such; any other as it is. */
function faultOf(error: unknown, call: Call): unknown {
  if (HubError.is(error)) return error;
  const known =
    [...runningStores()].find((store) => store.id === textOf(call.asked, 'store')) ?? runningStores()[0];
  return known?.connection.hub?.store.faultOf(error) ?? error;
}

function callOf(request: ApiRequest): Call {
  const language = languageOf(request);
  const asked = request.query;
  const personal = maySeePersonal(request);
  const store = () => storeOf(textOf(asked, 'store'));
  const hub = () => {
    const { connection } = store();
    if (connection.hub) return connection.hub;
    const reason = connection.failure.told(language);
    throw new HubError('store.not-open', { reason }, { retryable: true });
  };
  return {
    asked,
    body: (typeof request.body === 'object' && request.body !== null ? request.body : {}) as Asked,
    params: request.params,
    language,
    actor: request.user?.username ?? 'anonymous',
    personal,
    store,
    hub,
    asking: () => ({ hub: hub(), language, personal }),
  };
}

function storeOf(id: string | undefined): RunningStore {
  const found = id === undefined ? runningStores()[0] : runningStore(id);
  if (found) return found;
  throw id === undefined ? new HubError('api.no-store') : new HubError('api.store-unknown', { id });
}

/** The scope that lets a user see personal data. It ends neither in read nor in write, so it is granted by name. */
const personalScope = 'order-hub.personal';

/**
 * Users see personal data if they have the scope, unless they ask not to with `?personal=0`. Without users
 * (no adminAuth) everybody may, but has to ask with `?personal=1`.
 */
function maySeePersonal({ authInfo, query }: ApiRequest): boolean {
  const scope = authInfo?.scope;
  if (scope === undefined) return query.personal === '1';
  const scopes = typeof scope === 'string' ? [scope] : scope;
  return query.personal !== '0' && (scopes.includes('*') || scopes.includes(personalScope));
}
