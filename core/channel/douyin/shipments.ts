import { isRecord } from '../../order/mapping/path.ts';
import { ChannelFault } from '../connection/fault.ts';
import { maybeThere, type ParcelThere, sameLines } from '../connection/parcels-there.ts';
import type { Shipment, ShipmentTarget } from '../connection/shipment-target.ts';
import { type Row, rowsAt, textAt } from '../json-fields.ts';
import { title } from './answer.ts';
import type { Douyin, DouyinRequest } from './call.ts';
import './messages.ts';
import { linesOf, orderOf } from './order.ts';

const shipWhole = 'order.logisticsAdd';
const shipLines = 'order.logisticsAddSinglePack';
const shipParts = 'order.logisticsAddMultiPack';
const companies = 'order.logisticsCompanyList';

type Lines = NonNullable<Shipment['lines']>;

/** Parcels by units of lines, which are an order's sub-orders; each has to have a waybill. */
export function shipmentsOf(douyin: Douyin): ShipmentTarget {
  return {
    partial: 'quantities',
    async ship(shipment, signal) {
      const { channelOrderId, carrier, tracking } = shipment;
      if (carrier === '')
        throw new ChannelFault('caller', 'douyin.carrier-missing', { order: channelOrderId });
      if (tracking === '')
        throw new ChannelFault('caller', 'douyin.waybill-missing', { order: channelOrderId });
      const order = await orderOf(douyin, channelOrderId, signal);
      if (!order)
        throw new ChannelFault('caller', 'channel.order-unknown', { platform: title, order: channelOrderId });
      const known = knownParcel(order, shipment);
      if (known) return { kind: 'already', channelShipmentId: known.id || null };
      shipment.looked?.();
      const channelShipmentId = await douyin(
        requestFor(order, shipment),
        ({ data }) => textAt(data, 'pack_id') || textAt(rowsAt(data, 'pack_list')[0], 'pack_id') || null,
        signal,
      );
      return { kind: 'shipped', channelShipmentId };
    },
    carriers: (signal) =>
      douyin(
        { method: companies, parameters: {}, repeatable: true },
        ({ data }) =>
          companiesIn(data).map((company) => ({
            code: textAt(company, 'code'),
            name: textAt(company, 'name'),
          })),
        signal,
      ),
  };
}

/** The list itself, or the one list that an object holds: the documents show both. */
function companiesIn(data: unknown): Row[] {
  const list = isRecord(data) ? Object.values(data).find(Array.isArray) : data;
  return rowsAt({ list }, 'list').filter((company) => textAt(company, 'code') !== '');
}

interface OrderParcel extends ParcelThere {
  lines: Lines;
}

function parcelsOf(order: Row): OrderParcel[] {
  return rowsAt(order, 'logistics_info').map((parcel) => ({
    id: textAt(parcel, 'delivery_id'),
    tracking: textAt(parcel, 'tracking_no'),
    lines: rowsAt(parcel, 'product_info').map((product) => ({
      lineId: textAt(product, 'sku_order_id'),
      quantity: Number(textAt(product, 'product_count')),
    })),
  }));
}

/** The parcel of the order that the shipment is, from a person or an attempt whose answer was lost. */
function knownParcel(order: Row, shipment: Shipment): ParcelThere | undefined {
  const candidates = maybeThere(shipment, parcelsOf(order));
  const { lines, lost } = shipment;
  // All that was left then left with it; what is open now was never in this parcel.
  if (lines === null) return lost || !isOpen(order) ? candidates[0] : undefined;
  return candidates.find((parcel) => sameLines(parcel.lines, lines));
}

/** Whether something of it may still be sent: to ship, shipped in part. */
function isOpen(order: Row): boolean {
  return ['2', '101', '105'].includes(textAt(order, 'order_status'));
}

function requestFor(order: Row, shipment: Shipment): DouyinRequest {
  const { channelOrderId, carrier, tracking, lines, key } = shipment;
  const waybill = { company_code: carrier, logistics_code: tracking };
  if (lines === null)
    // It has no key of its own, so that it is not repeated before the order was looked at.
    return { method: shipWhole, parameters: { order_id: channelOrderId, ...waybill }, repeatable: false };
  const shipped = { shipped_order_info: lines.map(({ lineId, quantity }) => sent(order, lineId, quantity)) };
  // Told again with the same id, a parcel is answered as it was the first time.
  return areWholeLines(order, lines)
    ? {
        method: shipLines,
        parameters: { order_id_list: [channelOrderId], ...waybill, ...shipped, request_id: key },
        repeatable: true,
      }
    : {
        method: shipParts,
        parameters: { order_id: channelOrderId, pack_list: [{ ...waybill, ...shipped }], request_id: key },
        repeatable: true,
      };
}

function sent(order: Row, lineId: string, quantity: number): object {
  if (linesOf(order).some((line) => textAt(line, 'order_id') === lineId))
    return { shipped_order_id: lineId, shipped_num: quantity };
  throw new ChannelFault('caller', 'douyin.line-unknown', {
    order: textAt(order, 'order_id'),
    line: lineId,
  });
}

/** Whether a parcel holds its lines with all their units, none of which left before. */
function areWholeLines(order: Row, lines: Lines): boolean {
  const left = new Set(parcelsOf(order).flatMap((parcel) => parcel.lines.map(({ lineId }) => lineId)));
  return lines.every(({ lineId, quantity }) => {
    const line = linesOf(order).find((one) => textAt(one, 'order_id') === lineId);
    return !left.has(lineId) && Number(textAt(line, 'item_num')) === quantity;
  });
}
