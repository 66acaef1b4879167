import { ChannelFault } from '../connection/fault.ts';
import { maybeThere, type ParcelThere, sameLines } from '../connection/parcels-there.ts';
import type { Shipment, ShipmentResult, ShipmentTarget } from '../connection/shipment-target.ts';
import { isNotFound, listIn, type Rest } from './rest.ts';
import './messages.ts';

/**
 * A shop takes a parcel in the first of three ways that it has: WooCommerce's own fulfillments (a feature that has to
 * be on), the Shipment Tracking extension, or, where there is neither, a note to the buyer and the state "completed".
 * Parts of an order can be told by the first way only.
 *
 * None of the three has a key that makes a call unique, so each looks first whether the parcel is there already.
 */
export function shipmentsOf(rest: Rest): ShipmentTarget {
  return {
    partial: 'quantities',
    async ship(shipment, signal) {
      const order = `wc/v3/orders/${encodeURIComponent(shipment.channelOrderId)}`;
      return (
        (await byFulfillment(rest, order, shipment, signal)) ??
        (await byTrackingExtension(rest, shipment, signal)) ??
        (await byNote(rest, order, shipment, signal))
      );
    },
  };
}

type Row = Record<string, unknown>;

/** Undefined when the shop does not have the feature. */
async function byFulfillment(
  rest: Rest,
  order: string,
  shipment: Shipment,
  signal: AbortSignal,
): Promise<ShipmentResult | undefined> {
  const { carrier, tracking, lines, lost } = shipment;
  const path = `${order}/fulfillments`;
  const all = await rowsAt(rest, path, 'fulfillments', signal);
  if (all === undefined) return undefined;
  const there = all.filter((row) => !isDraft(row));
  const candidates = maybeThere(shipment, there.map(parcelThere));
  if (lines === null && lost && candidates[0]) return alreadyThere(candidates[0]);
  const items = lines ?? (await unshippedLines(rest, order, there, signal));
  const known = lines ? candidates.find((parcel) => sameLines(parcel.lines, lines)) : candidates[0];
  if (known && (lines || items.length === 0)) return alreadyThere(known);
  shipment.looked?.();
  await mustBeShippable(rest, order, signal);
  if (items.length === 0) throw new ChannelFault('caller', 'woocommerce.nothing-to-ship', {});
  const { data } = await rest(
    {
      method: 'POST',
      path,
      params: { notify_customer: 'true' },
      body: {
        status: 'fulfilled',
        is_fulfilled: true,
        meta_data: [
          {
            key: '_items',
            value: items.map(({ lineId, quantity }) => ({ item_id: Number(lineId), qty: quantity })),
          },
          { key: '_tracking_number', value: tracking },
          { key: '_shipment_provider', value: carrier },
        ],
      },
    },
    signal,
  );
  return { kind: 'shipped', channelShipmentId: textOf(idIn(data)) };
}

/** A parcel that somebody is packing: nothing left with it, and its buyer knows nothing of it. */
function isDraft({ is_fulfilled: isFulfilled, status }: Row): boolean {
  return isFulfilled === false || status === 'unfulfilled';
}

function parcelThere(row: Row): ParcelThere & { lines: { lineId: string; quantity: number }[] } {
  const items = itemsIn(metaOf(row, '_items'));
  return {
    id: textOf(row.id) ?? '',
    tracking: textOf(metaOf(row, '_tracking_number')) ?? '',
    lines: items.map(({ item_id: id, qty }) => ({ lineId: String(id), quantity: Number(qty) })),
  };
}

function alreadyThere({ id }: ParcelThere): ShipmentResult {
  return { kind: 'already', channelShipmentId: id || null };
}

/** Undefined when the shop does not have the extension. */
async function byTrackingExtension(
  rest: Rest,
  shipment: Shipment,
  signal: AbortSignal,
): Promise<ShipmentResult | undefined> {
  const { channelOrderId, carrier, tracking, lines } = shipment;
  const path = `wc-shipment-tracking/v3/orders/${encodeURIComponent(channelOrderId)}/shipment-trackings`;
  const there = await rowsAt(rest, path, 'shipment-trackings', signal);
  if (there === undefined) return undefined;
  wholeOnly(lines);
  const order = `wc/v3/orders/${encodeURIComponent(channelOrderId)}`;
  await mustBeShippable(rest, order, signal);
  const [known] = maybeThere(
    shipment,
    there.map((row) => ({ id: textOf(row.tracking_id) ?? '', tracking: textOf(row.tracking_number) ?? '' })),
  );
  if (!known) shipment.looked?.();
  const body = { custom_tracking_provider: carrier, tracking_number: tracking };
  const id = known?.id ?? textOf((await created(rest, path, body, signal)).tracking_id);
  await completed(rest, order, signal);
  return { kind: known ? 'already' : 'shipped', channelShipmentId: id };
}

async function byNote(
  rest: Rest,
  order: string,
  shipment: Shipment,
  signal: AbortSignal,
): Promise<ShipmentResult> {
  const { carrier, tracking, lines } = shipment;
  wholeOnly(lines);
  await mustBeShippable(rest, order, signal);
  const text = tracking ? `${carrier} ${tracking}` : carrier;
  const path = `${order}/notes`;
  const notes = listIn(await rest({ method: 'GET', path }, signal), `GET ${path}`);
  const told = notes.filter(({ note }) => note === text);
  const [known] = maybeThere(
    shipment,
    told.map((note) => ({ id: textOf(note.id) ?? '', tracking })),
  );
  if (!known) shipment.looked?.();
  const body = { note: text, customer_note: true };
  const id = known?.id ?? textOf((await created(rest, path, body, signal)).id);
  await completed(rest, order, signal);
  return { kind: known ? 'already' : 'shipped', channelShipmentId: id };
}

/** Rows at a path; undefined when the shop has no such route. An order that is not there is a fault. */
async function rowsAt(
  rest: Rest,
  path: string,
  field: string,
  signal: AbortSignal,
): Promise<Row[] | undefined> {
  try {
    const answer = await rest({ method: 'GET', path }, signal);
    const { data } = answer;
    const list = Array.isArray(data) ? data : (data as Row | null)?.[field];
    return listIn({ ...answer, data: list }, `GET ${path}`);
  } catch (error) {
    if (isNotFound(error) && error.params.code === 'rest_no_route') return undefined;
    throw error;
  }
}

/** What no parcel holds yet, of an order's lines. */
async function unshippedLines(
  rest: Rest,
  order: string,
  fulfillments: readonly Row[],
  signal: AbortSignal,
): Promise<{ lineId: string; quantity: number }[]> {
  const params = { _fields: 'line_items,refunds' };
  const { data } = await rest({ method: 'GET', path: order, params }, signal);
  const { line_items: ordered = [], refunds = [] } = data as { line_items?: Row[]; refunds?: Row[] };
  const gone = new Map<string, number>();
  const take = (id: unknown, units: unknown): void => {
    gone.set(String(id), (gone.get(String(id)) ?? 0) + Math.abs(Number(units)));
  };
  for (const row of fulfillments)
    for (const { item_id: id, qty } of itemsIn(metaOf(row, '_items'))) take(id, qty);
  if (refunds.length > 0)
    for (const { id, quantity } of await refundedLines(rest, order, signal)) take(id, quantity);
  const lines = ordered.map(({ id, quantity }) => ({
    lineId: String(id),
    quantity: Number(quantity) - (gone.get(String(id)) ?? 0),
  }));
  return lines.filter(({ quantity }) => quantity > 0);
}

/** The order's lines of which units were paid back; the order only tells that there are refunds. */
async function refundedLines(
  rest: Rest,
  order: string,
  signal: AbortSignal,
): Promise<{ id: unknown; quantity: unknown }[]> {
  const path = `${order}/refunds`;
  const refunds = listIn(
    await rest({ method: 'GET', path, params: { per_page: '100' } }, signal),
    `GET ${path}`,
  );
  const lines = refunds.flatMap(({ line_items: rows }) => (Array.isArray(rows) ? (rows as Row[]) : []));
  return lines.map((line) => ({ id: metaOf(line, '_refunded_item_id'), quantity: line.quantity }));
}

async function created(rest: Rest, path: string, body: object, signal: AbortSignal): Promise<Row> {
  const { data } = await rest({ method: 'POST', path, body }, signal);
  return data as Row;
}

/** A state in which nothing leaves any more: to complete such an order would tell its buyer that it was shipped. */
const ended = new Set(['cancelled', 'refunded', 'failed', 'trash']);

/** @throws ChannelFault `woocommerce.not-to-ship` */
async function mustBeShippable(rest: Rest, order: string, signal: AbortSignal): Promise<void> {
  const { data } = await rest({ method: 'GET', path: order, params: { _fields: 'status' } }, signal);
  const status = String((data as Row | null)?.status ?? '');
  if (ended.has(status)) throw new ChannelFault('caller', 'woocommerce.not-to-ship', { status });
}

/**
 * Completes the order of a parcel that the shop has by now. What goes wrong here leaves the parcel half told, so that it
 * is no fault which says that the shop has nothing of it.
 *
 * @throws ChannelFault of kind `platform`; `caller` where the shop refuses it
 */
async function completed(rest: Rest, order: string, signal: AbortSignal): Promise<void> {
  try {
    await rest({ method: 'PUT', path: order, body: { status: 'completed' } }, signal);
  } catch (error) {
    if (!ChannelFault.is(error) || error.kind === 'platform' || error.kind === 'caller') throw error;
    const { code, params, retryAfterMs } = error;
    throw new ChannelFault('platform', code, params, { retryAfterMs, cause: error });
  }
}

function wholeOnly(lines: Shipment['lines']): void {
  if (lines !== null) throw new ChannelFault('caller', 'woocommerce.whole-orders-only', {});
}

function metaOf(row: Row, key: string): unknown {
  const meta = Array.isArray(row.meta_data) ? (row.meta_data as Row[]) : [];
  return meta.find((one) => one.key === key)?.value;
}

function itemsIn(value: unknown): { item_id?: unknown; qty?: unknown }[] {
  return Array.isArray(value) ? value : [];
}

function idIn(data: unknown): unknown {
  const { id, fulfillment } = (data ?? {}) as { id?: unknown; fulfillment?: { id?: unknown } };
  return id ?? fulfillment?.id;
}

function textOf(id: unknown): string | null {
  return id === undefined || id === null ? null : String(id);
}
