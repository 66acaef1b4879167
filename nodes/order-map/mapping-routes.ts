import type { NodeAPI } from 'node-red';
import { sentence } from '../../core/message.ts';
import { presetOffers } from '../../core/order/mapping/presets/presets.ts';
import { previewMapping } from '../../core/order/mapping/preview.ts';
import { describeTargets } from '../../core/order/mapping/targets.ts';
import type { MapContext, Mapping } from '../../core/order/mapping/types.ts';
import { languageOf, route } from '../shared/admin-route.ts';
import type { HubStoreApi } from '../shared/hub-lease.ts';
import { apiOf } from '../shared/node-api.ts';

const base = '/order-hub/v1/mapping';

interface PreviewRequest {
  mapping: Mapping;
  /** The sample's text. */
  sample: string;
  account?: MapContext['account'];
}

/** What the dialog of order-map asks for; only people who may edit flows see samples. */
export function serveMapping(RED: NodeAPI): void {
  const mayEdit = RED.auth.needsPermission('flows.write');
  RED.httpAdmin.get(`${base}/choices`, mayEdit, (_request, response) => {
    response.json({ targets: describeTargets(), presets: presetOffers });
  });
  RED.httpAdmin.get(
    `${base}/sample`,
    mayEdit,
    route(async (request, response) => {
      const account = String(request.query.account ?? '');
      for (const hub of openHubs(RED)) {
        const last = await hub.inbox.last(account);
        if (last) {
          response.json({
            body: Buffer.from(last.body).toString('utf8'),
            topic: last.topic,
            receivedAt: last.receivedAt,
          });
          return;
        }
      }
      // Nothing received yet is no fault: every new dialog asks.
      response.json(null);
    }),
  );
  RED.httpAdmin.post(
    `${base}/preview`,
    mayEdit,
    route(async (request, response) => {
      const { mapping, sample, account } = request.body as PreviewRequest;
      const language = languageOf(request);
      const preview = await previewMapping(mapping, sample, {
        account: account ?? { channel: '', shop: '' },
      });
      const told = <P extends { code: string; params: Parameters<typeof sentence>[1] }>(problem: P): P => ({
        ...problem,
        sentence: sentence(problem.code, problem.params, language),
      });
      response.json({
        ...preview,
        problems: preview.problems.map(told),
        rows: preview.rows.map((row) => ({
          ...row,
          ...(row.problem && { problem: told(row.problem) }),
          ...(row.warning && { warning: told(row.warning) }),
        })),
      });
    }),
  );
}

function openHubs(RED: NodeAPI) {
  const stores: string[] = [];
  RED.nodes.eachNode((node) => {
    if (node.type === 'hub-store') stores.push(node.id);
  });
  return stores.flatMap((id) => {
    try {
      return apiOf<HubStoreApi>(RED, id, 'hub-store').current() ?? [];
    } catch {
      // A store that is not deployed or is in error has no samples.
      return [];
    }
  });
}
