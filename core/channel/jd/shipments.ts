import { ChannelFault } from '../connection/fault.ts';
import type { Shipment, ShipmentResult, ShipmentTarget } from '../connection/shipment-target.ts';
import { isWholeOrder } from '../connection/whole-order.ts';
import { type Row, rowsAt, textAt } from '../json-fields.ts';
import { assertSuccess, type Jos } from './call.ts';
import './messages.ts';
import { orderOf } from './orders.ts';

const ship = 'jingdong.pop.order.shipment';
/** Several parcels of one order stand in one request, carriers and waybills joined alike. */
const joint = '|';
/** The seller delivers by himself: there is no waybill. */
const sellerDelivers = '1274';

/** Carriers with their ids; JD knows more, and has no list of them to be asked for. */
const carriers = [
  { code: '467', name: '顺丰速运' },
  { code: '463', name: '圆通速递' },
  { code: '470', name: '申通快递' },
  { code: '1327', name: '韵达快递' },
  { code: '1499', name: '中通快递' },
  { code: '2087', name: '京东快递' },
  { code: '465', name: '邮政EMS' },
  { code: '3046', name: '德邦快递' },
  { code: sellerDelivers, name: '商家自送' },
];

/** Whole orders only: JD has no parts, but takes several waybills, joined by `|`. */
export function shipmentsOf(jos: Jos): ShipmentTarget {
  return {
    partial: 'none',
    async ship(shipment, signal) {
      const { channelOrderId, lines } = shipment;
      const parcels = parcelsOf(shipment);
      const order = await orderOf(jos, channelOrderId, signal);
      if (!order) throw new ChannelFault('caller', 'jd.order-unknown', { order: channelOrderId });
      if (lines !== null && !isWholeOrder(lines, orderedIn(order)))
        throw new ChannelFault('caller', 'jd.whole-orders-only', { order: channelOrderId });
      // From an attempt whose answer was lost, or by a person in the seller's pages.
      if (isShippedSo(order, shipment.tracking)) return { kind: 'already', channelShipmentId: null };
      shipment.looked?.();
      return jos<ShipmentResult>(
        { method: ship, parameters: { orderId: channelOrderId, ...parcels }, repeatable: false },
        ({ data }) => {
          assertSuccess(data.sopjosshipment_result, ship);
          return { kind: 'shipped', channelShipmentId: null };
        },
        signal,
      );
    },
    carriers: async () => carriers,
  };
}

function parcelsOf({ carrier, tracking }: Shipment): { logiCoprId: string; logiNo?: string } {
  const waybills = tracking === '' ? [] : tracking.split(joint).map((one) => one.trim());
  const named = carrier === '' && waybills.length === 0 ? [sellerDelivers] : carrier.split(joint);
  const ids = named.map((one) => one.trim());
  const wrong = ids.find((id) => !/^\d{1,10}$/.test(id));
  if (wrong !== undefined) throw new ChannelFault('caller', 'jd.carrier-not-id', { carrier: wrong || '–' });
  if (waybills.length === 0) {
    if (ids.some((id) => id !== sellerDelivers))
      throw new ChannelFault('caller', 'jd.waybill-missing', { carrier });
    return { logiCoprId: sellerDelivers };
  }
  // One carrier for all parcels is named once by whoever ships.
  const all = ids.length === 1 ? waybills.map(() => ids[0]) : ids;
  if (all.length !== waybills.length)
    throw new ChannelFault('caller', 'jd.carriers-differ', {
      carriers: ids.length,
      waybills: waybills.length,
    });
  return { logiCoprId: all.join(joint), logiNo: waybills.join(joint) };
}

/** JD's lines have no id but their SKU's. */
function orderedIn(order: Row): { lineId: string; quantity: number }[] {
  return rowsAt(order, 'itemInfoList').map((item) => ({
    lineId: textAt(item, 'skuId'),
    quantity: Number(textAt(item, 'itemTotal')),
  }));
}

function isShippedSo(order: Row, tracking: string): boolean {
  const isShipped = /^(?:WAIT_GOODS_RECEIVE_CONFIRM|FINISHED_L)$/.test(textAt(order, 'orderState'));
  return isShipped && waybillsIn(textAt(order, 'waybill')) === waybillsIn(tracking);
}

function waybillsIn(text: string): string {
  return text
    .split(/[|,]/)
    .map((one) => one.trim())
    .sort()
    .join(joint);
}
