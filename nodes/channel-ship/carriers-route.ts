import type { NodeAPI } from 'node-red';
import '../../core/channel/shipping/messages.ts';
import { ChannelFault } from '../../core/channel/connection/fault.ts';
import type { ChannelAccountApi } from '../channel-account/channel-account.ts';
import { type RouteRequest, type RouteResponse, route } from '../shared/admin-route.ts';
import { apiOf } from '../shared/node-api.ts';

interface CarriersRequest extends RouteRequest {
  params: { id: string };
}

const timeoutMs = 10_000;

/** `GET order-hub/v1/channel-accounts/<id>/carriers`: those the channel knows; null where it takes any name. */
export function serveCarriers(RED: NodeAPI): void {
  const act = route<CarriersRequest, RouteResponse>(async (request, response) => {
    const account = apiOf<ChannelAccountApi>(RED, request.params.id, 'channel-account');
    const { shipments } = await account.connection();
    if (!shipments) throw new ChannelFault('caller', 'shipping.no-shipments', { account: account.path });
    const carriers = (await shipments.carriers?.(AbortSignal.timeout(timeoutMs))) ?? null;
    response.json({ carriers });
  });
  RED.httpAdmin.get(
    '/order-hub/v1/channel-accounts/:id/carriers',
    RED.auth.needsPermission('order-hub.read'),
    act as never,
  );
}
