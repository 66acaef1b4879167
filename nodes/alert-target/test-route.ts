import type { NodeAPI } from 'node-red';
import { HubError } from '../../core/errors.ts';
import { recordAct } from '../../core/insight/acts.ts';
import { sentence } from '../../core/message.ts';
import { languageOf, type RouteRequest, type RouteResponse, route } from '../shared/admin-route.ts';
import { withEnvironment } from '../shared/environment-values.ts';
import type { HubStoreApi } from '../shared/hub-lease.ts';
import { credentialsFor } from '../shared/kept-credentials.ts';
import { apiOf } from '../shared/node-api.ts';
import { credentialNames } from './target-fields.ts';
import type { AlertTargetConfig } from './target-settings.ts';
import { sendTest } from './test-alert.ts';

interface TestRequest extends RouteRequest {
  params: { id: string };
  body?: {
    /** Settings that are not deployed yet; without them the deployed ones are tested. */
    config?: AlertTargetConfig;
    /** Credentials typed into the dialog; what is not here is taken from those that are kept. */
    credentials?: Record<string, string>;
  };
  user?: { username?: string };
}

type Next = (request: TestRequest, response: RouteResponse, next: () => void) => void;

/** `POST order-hub/v1/alert-targets/<id>/test`: sends a test message and answers what came of it. */
export function serveTest(RED: NodeAPI): void {
  const mayEdit = RED.auth.needsPermission('flows.write') as unknown as Next;
  const act = route<TestRequest, RouteResponse>(async (request, response) => {
    const { id } = request.params;
    const language = languageOf(request);
    const config = request.body?.config ?? deployedConfig(RED, id);
    if (!config) {
      const code = 'alert-target.not-deployed';
      response.status(404).json({ code, params: {}, sentence: sentence(code, {}, language) });
      return;
    }
    const node = RED.nodes.getNode(id) ?? undefined;
    const credentials = credentialsFor(RED, id, credentialNames, request.body?.credentials);
    const outcome = await sendTest(
      withEnvironment(RED, config, node),
      withEnvironment(RED, credentials, node),
      language,
    );
    await tellOfTest(RED, config, {
      actor: request.user?.username ?? 'anonymous',
      act: 'alert-target.test',
      object: id,
      detail: { kind: config.kind, sent: outcome.sent, code: outcome.code },
    });
    response.json(outcome);
  });
  // Other settings with the kept secrets would send those wherever the settings say: that is for people who may
  // deploy such settings anyway.
  const mayUseOwnSettings: Next = (request, response, next) =>
    request.body?.config ? mayEdit(request, response, next) : next();
  RED.httpAdmin.post(
    '/order-hub/v1/alert-targets/:id/test',
    RED.auth.needsPermission('order-hub.write'),
    mayUseOwnSettings as never,
    act as never,
  );
}

/** The settings of the running flows, as they were saved. */
function deployedConfig(RED: NodeAPI, id: string): AlertTargetConfig | undefined {
  let found: AlertTargetConfig | undefined;
  RED.nodes.eachNode((node) => {
    if (node.id === id && node.type === 'alert-target') found = node as unknown as AlertTargetConfig;
  });
  return found;
}

/** Who sent a test is written down where the target's store is at hand; a test does not need one. */
async function tellOfTest(
  RED: NodeAPI,
  { store }: AlertTargetConfig,
  act: Parameters<typeof recordAct>[1],
): Promise<void> {
  try {
    const hub = apiOf<HubStoreApi>(RED, store, 'hub-store').current();
    if (hub) await recordAct(hub.store, act);
  } catch (error) {
    if (!HubError.is(error)) throw error;
    RED.log.warn(error.message);
  }
}
