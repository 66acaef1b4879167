import { ChannelFault } from '../connection/fault.ts';
import type { Shipment, ShipmentTarget } from '../connection/shipment-target.ts';
import { type GraphQl, gidOf, numberOf, refusedBy, type UserError } from './graphql.ts';
import './messages.ts';

interface FulfillmentOrder {
  id: string;
  status: string;
  lineItems: { nodes: { id: string; remainingQuantity: number; lineItem: { id: string } }[] };
}

interface ShippedOrder {
  fulfillments: { id: string; status: string; trackingInfo: { number: string | null }[] }[];
  fulfillmentOrders: { nodes: FulfillmentOrder[] };
}

const shippable = new Set(['OPEN', 'IN_PROGRESS']);

/**
 * Parcels of a Shopify shop, by lines and quantities. `fulfillmentCreate` has no key of its own, so a parcel with the
 * same tracking number is looked for first.
 */
export function fulfilmentsOf(graphQl: GraphQl): ShipmentTarget {
  return {
    partial: 'quantities',
    async ship(shipment, signal) {
      const order = await orderToShip(graphQl, shipment.channelOrderId, signal);
      const { tracking, carrier } = shipment;
      const known = order.fulfillments.find(
        ({ status, trackingInfo }) =>
          status === 'SUCCESS' && tracking !== '' && trackingInfo.some(({ number }) => number === tracking),
      );
      if (known) return { kind: 'already', channelShipmentId: numberOf(known.id) };
      const parts = partsOf(order.fulfillmentOrders.nodes, shipment);
      const name = 'fulfillmentCreate';
      const query = `mutation ship($fulfillment: FulfillmentInput!) {
        fulfillmentCreate(fulfillment: $fulfillment) { fulfillment { id } userErrors { field message } } }`;
      const fulfillment = {
        lineItemsByFulfillmentOrder: parts,
        trackingInfo: { company: carrier, ...(tracking && { number: tracking }) },
        notifyCustomer: true,
      };
      const { fulfillmentCreate: answer } = await graphQl.ask<{
        fulfillmentCreate: { fulfillment: { id: string } | null; userErrors: UserError[] };
      }>({ name, query, variables: { fulfillment }, repeatable: false }, signal);
      const [error] = answer.userErrors;
      if (error) throw refusedBy(name, error);
      return { kind: 'shipped', channelShipmentId: answer.fulfillment && numberOf(answer.fulfillment.id) };
    },
  };
}

async function orderToShip(graphQl: GraphQl, id: string, signal: AbortSignal): Promise<ShippedOrder> {
  const query = `query toShip($id: ID!) { order(id: $id) {
    fulfillments(first: 50) { id status trackingInfo { number } }
    fulfillmentOrders(first: 20) { nodes { id status
      lineItems(first: 50) { nodes { id remainingQuantity lineItem { id } } } } } } }`;
  const { order } = await graphQl.ask<{ order: ShippedOrder | null }>(
    { name: 'order', query, variables: { id: gidOf('Order', id) } },
    signal,
  );
  if (!order) throw new ChannelFault('caller', 'channel.order-unknown', { platform: 'Shopify', order: id });
  return order;
}

interface Part {
  fulfillmentOrderId: string;
  fulfillmentOrderLineItems: { id: string; quantity: number }[];
}

/** Shares a parcel's lines out over what is still to be shipped, in the shop's order. */
function partsOf(orders: readonly FulfillmentOrder[], { lines, channelOrderId }: Shipment): Part[] {
  const wanted = lines && new Map(lines.map(({ lineId, quantity }) => [lineId, quantity]));
  const parts: Part[] = [];
  for (const { id, status, lineItems } of orders) {
    if (!shippable.has(status)) continue;
    const items: Part['fulfillmentOrderLineItems'] = [];
    for (const line of lineItems.nodes) {
      const lineId = numberOf(line.lineItem.id);
      const left = wanted ? (wanted.get(lineId) ?? 0) : line.remainingQuantity;
      const quantity = Math.min(left, line.remainingQuantity);
      if (quantity <= 0) continue;
      wanted?.set(lineId, left - quantity);
      items.push({ id: line.id, quantity });
    }
    if (items.length > 0) parts.push({ fulfillmentOrderId: id, fulfillmentOrderLineItems: items });
  }
  const short = [...(wanted ?? [])].find(([, left]) => left > 0);
  if (short || parts.length === 0)
    throw new ChannelFault('caller', 'shopify.nothing-to-ship', {
      order: channelOrderId,
      line: short?.[0] ?? '–',
      units: short?.[1] ?? 0,
    });
  return parts;
}
