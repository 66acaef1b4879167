import type { NodeAPI } from 'node-red';
import { HubError } from '../../core/errors.ts';
import type { Hub } from '../../core/hub.ts';
import type { Order } from '../../core/order/schema.ts';
import { orderRows } from '../../core/store/queries/orders.ts';
import { languageOf, type RouteRequest, type RouteResponse, route } from '../shared/admin-route.ts';
import type { HubStoreApi } from '../shared/hub-lease.ts';
import { apiOf } from '../shared/node-api.ts';
import { fieldChoices, type PreviewRequest, previewAlert } from './preview.ts';

type Request = RouteRequest & { body?: PreviewRequest };

/** What the dialog of order-alert asks for: the fields of an order, and the wording filled in with one. */
export function servePreview(RED: NodeAPI): void {
  const mayRead = RED.auth.needsPermission('order-hub.read');
  const fields = route<RouteRequest, RouteResponse>((request, response) =>
    response.json({ fields: fieldChoices(languageOf(request)) }),
  );
  const preview = route<Request, RouteResponse>(async (request, response) => {
    const wanted = request.body ?? {};
    const sample = await lastOrder(hubOf(RED, wanted.store));
    response.json(previewAlert(wanted, sample, languageOf(request), Date.now()));
  });
  RED.httpAdmin.get('/order-hub/v1/alerts/fields', mayRead, fields as never);
  RED.httpAdmin.post('/order-hub/v1/alerts/preview', mayRead, preview as never);
}

async function lastOrder(hub: Hub | undefined): Promise<{ key: string; order: Order } | undefined> {
  if (!hub) return undefined;
  const [row] = await orderRows(hub.store.read, { limit: 1 });
  return row && { key: row.key, order: JSON.parse(row.document) as Order };
}

/** The store's hub; none when it is not deployed or not open, and the built-in sample does. */
function hubOf(RED: NodeAPI, store: string | undefined): Hub | undefined {
  try {
    return apiOf<HubStoreApi>(RED, store, 'hub-store').current();
  } catch (error) {
    if (HubError.is(error)) return undefined;
    throw error;
  }
}
