import { ChannelFault } from '../connection/fault.ts';
import { maybeThere, type ParcelThere, sameLines } from '../connection/parcels-there.ts';
import type { Shipment, ShipmentTarget } from '../connection/shipment-target.ts';
import { fulfilmentLines } from './fulfilment-lines.ts';
import {
  allNodes,
  type Connection,
  type GraphQl,
  gidOf,
  numberOf,
  refusedBy,
  type UserError,
} from './graphql.ts';
import './messages.ts';

interface FulfillmentOrder {
  id: string;
  status: string;
  assignedLocation: { name: string } | null;
  lineItems: Connection<FulfillmentOrderLine>;
}

interface FulfillmentOrderLine {
  id: string;
  remainingQuantity: number;
  lineItem: { id: string };
}

/** What is still to be shipped of one fulfillment order. */
interface Open {
  id: string;
  /** The name of the location it leaves from. */
  place: string;
  lines: FulfillmentOrderLine[];
}

interface Fulfillment {
  id: string;
  status: string;
  trackingInfo: { number: string | null }[];
}

interface OrderToShip {
  fulfillments: Fulfillment[];
  fulfillmentOrders: Connection<FulfillmentOrder>;
}

const shippable = new Set(['OPEN', 'IN_PROGRESS']);

/** Few enough for what one question may cost; the rest is asked for page by page. */
const ordersOfPage = 5;
const linesOfPage = 30;
/** An order's parcels come as a list without pages; it takes no larger number. */
const mostFulfillments = 250;

const pageInfo = 'pageInfo { hasNextPage endCursor }';
const openLines = `nodes { id remainingQuantity lineItem { id } } ${pageInfo}`;
const openOrders = `nodes { id status assignedLocation { name }
  lineItems(first: ${linesOfPage}) { ${openLines} } } ${pageInfo}`;

/**
 * Parcels of a Shopify shop, by lines and quantities. `fulfillmentCreate` has no key of its own, so the same parcel is
 * looked for first.
 */
export function fulfilmentsOf(graphQl: GraphQl): ShipmentTarget {
  return {
    partial: 'quantities',
    async ship(shipment, signal) {
      const order = await orderToShip(graphQl, shipment.channelOrderId, signal);
      const open = await whatIsOpen(graphQl, order, shipment.channelOrderId, signal);
      const known = await knownParcel(graphQl, shipment, order.fulfillments, open, signal);
      if (known) return { kind: 'already', channelShipmentId: known.id };
      shipment.looked?.();
      const { tracking, carrier } = shipment;
      const name = 'fulfillmentCreate';
      const query = `mutation ship($fulfillment: FulfillmentInput!) {
        fulfillmentCreate(fulfillment: $fulfillment) { fulfillment { id } userErrors { field message } } }`;
      const fulfillment = {
        lineItemsByFulfillmentOrder: partsOf(open, shipment),
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

async function orderToShip(graphQl: GraphQl, id: string, signal: AbortSignal): Promise<OrderToShip> {
  const query = `query toShip($id: ID!) { order(id: $id) {
    fulfillments(first: ${mostFulfillments}) { id status trackingInfo { number } }
    fulfillmentOrders(first: ${ordersOfPage}) { ${openOrders} } } }`;
  const { order } = await graphQl.ask<{ order: OrderToShip | null }>(
    { name: 'order', query, variables: { id: gidOf('Order', id) } },
    signal,
  );
  if (!order) throw new ChannelFault('caller', 'channel.order-unknown', { platform: 'Shopify', order: id });
  return order;
}

/** All that is still to be shipped, in the shop's order. */
async function whatIsOpen(
  graphQl: GraphQl,
  { fulfillmentOrders }: OrderToShip,
  channelOrderId: string,
  signal: AbortSignal,
): Promise<Open[]> {
  const id = gidOf('Order', channelOrderId);
  const moreOrders = `query moreToShip($id: ID!, $after: String) { order(id: $id) {
    fulfillmentOrders(first: ${ordersOfPage}, after: $after) { ${openOrders} } } }`;
  const all = await allNodes('fulfillmentOrders', fulfillmentOrders, async (after) => {
    const { order } = await graphQl.ask<{ order: Pick<OrderToShip, 'fulfillmentOrders'> | null }>(
      { name: 'order', query: moreOrders, variables: { id, after } },
      signal,
    );
    return order?.fulfillmentOrders;
  });
  const moreLines = `query moreLines($id: ID!, $after: String) { fulfillmentOrder(id: $id) {
    lineItems(first: ${linesOfPage}, after: $after) { ${openLines} } } }`;
  const open: Open[] = [];
  for (const order of all) {
    if (!shippable.has(order.status)) continue;
    const lines = await allNodes('fulfillmentOrder.lineItems', order.lineItems, async (after) => {
      const { fulfillmentOrder } = await graphQl.ask<{ fulfillmentOrder: FulfillmentOrder | null }>(
        { name: 'fulfillmentOrder', query: moreLines, variables: { id: order.id, after } },
        signal,
      );
      return fulfillmentOrder?.lineItems;
    });
    const place = order.assignedLocation?.name ?? '';
    open.push({ id: order.id, place, lines: lines.filter(({ remainingQuantity }) => remainingQuantity > 0) });
  }
  return open;
}

/** The parcel of the shop that the shipment is; undefined when it has to be told. */
async function knownParcel(
  graphQl: GraphQl,
  shipment: Shipment,
  fulfillments: readonly Fulfillment[],
  open: readonly Open[],
  signal: AbortSignal,
): Promise<ParcelThere | undefined> {
  const parcels = fulfillments
    .filter(({ status }) => status === 'SUCCESS')
    .flatMap(({ id, trackingInfo }): ParcelThere[] => {
      const numbers = trackingInfo.map(({ number }) => number ?? '');
      return (numbers.length > 0 ? numbers : ['']).map((tracking) => ({ id: numberOf(id), tracking }));
    });
  const candidates = maybeThere(shipment, parcels);
  const { lines, lost } = shipment;
  // All that was left then left with it; what is open now came later, or was never in this parcel.
  if (lines === null) return lost || open.every((one) => one.lines.length === 0) ? candidates[0] : undefined;
  for (const candidate of candidates)
    if (sameLines(await linesOf(graphQl, candidate.id, signal), lines)) return candidate;
  return undefined;
}

async function linesOf(
  graphQl: GraphQl,
  id: string,
  signal: AbortSignal,
): Promise<{ lineId: string; quantity: number }[]> {
  const lines = await fulfilmentLines(graphQl, gidOf('Fulfillment', id), signal);
  return lines.map(({ quantity, lineItem }) => ({ lineId: numberOf(lineItem.id), quantity }));
}

interface Part {
  fulfillmentOrderId: string;
  fulfillmentOrderLineItems: { id: string; quantity: number }[];
}

/**
 * The parts of fulfillment orders that a parcel is made of: those of one location, for Shopify takes no others together.
 *
 * @throws ChannelFault `shopify.nothing-to-ship`, `shopify.several-locations`
 */
function partsOf(open: readonly Open[], { lines, channelOrderId: order }: Shipment): Part[] {
  const { parts, short } = sharedOut(open, lines);
  if (short || parts.length === 0)
    throw new ChannelFault('caller', 'shopify.nothing-to-ship', {
      order,
      line: short?.lineId ?? '–',
      units: short?.units ?? 0,
    });
  const places = new Map<string, Open[]>();
  for (const one of open)
    if (one.lines.length > 0) places.set(one.place, [...(places.get(one.place) ?? []), one]);
  if (places.size === 1) return parts;
  // A part may lie in one place, though others have some of its lines, too.
  const one = lines && [...places.values()].map((there) => sharedOut(there, lines)).find((all) => !all.short);
  if (one) return one.parts;
  throw new ChannelFault('caller', 'shopify.several-locations', { order, places: toldPlaces(places) });
}

/** Shares a parcel's lines out over what is still to be shipped, in the shop's order; and what of them is not there. */
function sharedOut(
  open: readonly Open[],
  lines: Shipment['lines'],
): { parts: Part[]; short: { lineId: string; units: number } | undefined } {
  const wanted = lines && new Map(lines.map(({ lineId, quantity }) => [lineId, quantity]));
  const parts: Part[] = [];
  for (const order of open) {
    const items: Part['fulfillmentOrderLineItems'] = [];
    for (const line of order.lines) {
      const lineId = numberOf(line.lineItem.id);
      const left = wanted ? (wanted.get(lineId) ?? 0) : line.remainingQuantity;
      const quantity = Math.min(left, line.remainingQuantity);
      if (quantity <= 0) continue;
      wanted?.set(lineId, left - quantity);
      items.push({ id: line.id, quantity });
    }
    if (items.length > 0) parts.push({ fulfillmentOrderId: order.id, fulfillmentOrderLineItems: items });
  }
  const [short] = [...(wanted ?? [])].flatMap(([lineId, units]) => (units > 0 ? [{ lineId, units }] : []));
  return { parts, short };
}

/** Such as `Shop: 101 × 2, 102 × 1; Warehouse: 103 × 4`. */
function toldPlaces(places: ReadonlyMap<string, readonly Open[]>): string {
  return [...places]
    .map(([place, orders]) => {
      const lines = orders.flatMap((order) => order.lines);
      const told = lines.map((line) => `${numberOf(line.lineItem.id)} × ${line.remainingQuantity}`);
      return `${place || '–'}: ${told.join(', ')}`;
    })
    .join('; ');
}
