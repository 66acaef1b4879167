import { ChannelFault } from '../connection/fault.ts';
import type { Shipment, ShipmentResult, ShipmentTarget } from '../connection/shipment-target.ts';
import { isWholeOrder } from '../connection/whole-order.ts';
import { type Row, rowsAt, textAt } from '../json-fields.ts';
import { type Pdd, refuseFailure, title } from './call.ts';
import './messages.ts';
import { itemsOf, orderOf } from './order.ts';

const send = 'pdd.logistics.online.send';
const companies = 'pdd.logistics.companies.get';

/**
 * Whole orders, one parcel each. Pinduoduo can be told of a parcel sent again (`redelivery_type`), but not so that it is
 * known whether that adds a parcel or replaces the first one: it is left to people.
 */
export function shipmentsOf(pdd: Pdd): ShipmentTarget {
  return {
    partial: 'none',
    async ship(shipment, signal) {
      const { channelOrderId, lines, tracking } = shipment;
      const parcel = parcelOf(shipment);
      const order = await orderOf(pdd, channelOrderId, signal);
      if (!order)
        throw new ChannelFault('caller', 'channel.order-unknown', { platform: title, order: channelOrderId });
      if (lines !== null && !isWholeOrder(lines, orderedIn(order)))
        throw new ChannelFault('caller', 'pinduoduo.whole-orders-only', { order: channelOrderId });
      const shipped = waybillsOf(order);
      // From an attempt whose answer was lost, or by a person in the seller's pages.
      if (shipped.includes(tracking)) return { kind: 'already', channelShipmentId: null };
      shipment.looked?.();
      if (isShipped(order))
        throw new ChannelFault('caller', 'pinduoduo.shipped-otherwise', {
          order: channelOrderId,
          shipped: shipped.join(', ') || '–',
          tracking,
        });
      return pdd<ShipmentResult>(
        { type: send, parameters: { order_sn: channelOrderId, ...parcel }, repeatable: false },
        ({ data }) => {
          refuseFailure(data, send);
          return { kind: 'shipped', channelShipmentId: null };
        },
        signal,
      );
    },
    carriers: (signal) =>
      pdd(
        { type: companies, parameters: {}, repeatable: true },
        ({ data }) =>
          rowsAt(data, 'logistics_companies')
            .filter((company) => textAt(company, 'available') === '1')
            .map((company) => ({ code: textAt(company, 'id'), name: textAt(company, 'logistics_company') })),
        signal,
      ),
  };
}

function parcelOf({ channelOrderId, carrier, tracking }: Shipment): {
  logistics_id: string;
  tracking_number: string;
} {
  if (!/^\d{1,10}$/.test(carrier))
    throw new ChannelFault('caller', 'pinduoduo.carrier-not-id', { carrier: carrier || '–' });
  if (tracking === '')
    throw new ChannelFault('caller', 'pinduoduo.waybill-missing', { order: channelOrderId });
  return { logistics_id: carrier, tracking_number: tracking };
}

/** What was bought, by the ids that the preset gives its lines; gifts go along with it. */
function orderedIn(order: Row): { lineId: string; quantity: number }[] {
  return itemsOf(order).map((item) => {
    const sku = textAt(item, 'sku_id');
    const lineId = sku !== '' && sku !== '0' ? sku : textAt(item, 'goods_id');
    return { lineId, quantity: Number(textAt(item, 'goods_count')) };
  });
}

function isShipped(order: Row): boolean {
  return /^[23]$/.test(textAt(order, 'order_status'));
}

function waybillsOf(order: Row): string[] {
  return [order, ...rowsAt(order, 'extra_delivery_list')]
    .map((parcel) => textAt(parcel, 'tracking_number'))
    .filter((waybill) => waybill !== '');
}
