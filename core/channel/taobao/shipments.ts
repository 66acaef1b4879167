import { ChannelFault } from '../connection/fault.ts';
import type { Shipment, ShipmentResult, ShipmentTarget } from '../connection/shipment-target.ts';
import { fieldAt, isTrue, type Row, rowsAt, textAt } from '../json-fields.ts';
import type { Top, TopRequest } from './call.ts';
import './messages.ts';
import { linesOf, tradeOf } from './trade.ts';

/** Lines of one request, by the platform's catalogue. */
const mostLines = 20;
const neededFields = ['tid', 'tid_str', 'status', 'orders'];
const toShip = 'WAIT_SELLER_SEND_GOODS';

/** Whole orders, or whole lines of them. */
export function shipmentsOf(top: Top): ShipmentTarget {
  return {
    partial: 'lines',
    async ship(shipment, signal) {
      const trade = await tradeOf(top, shipment.channelOrderId, signal, neededFields);
      if (!trade)
        throw new ChannelFault('caller', 'taobao.order-unknown', { order: shipment.channelOrderId });
      const wanted = wantedLines(shipment, linesOf(trade));
      // From an attempt whose answer was lost, or by a person in the seller's pages.
      if (isShippedSo(shipment, wanted, linesOf(trade))) return { kind: 'already', channelShipmentId: null };
      shipment.looked?.();
      return send(top, requestFor(shipment, wanted, linesOf(trade)), shipment, signal);
    },
    async carriers(signal) {
      const request = {
        method: 'taobao.logistics.companies.get',
        parameters: { fields: 'code,name' },
        repeatable: true,
      };
      return top(
        request,
        ({ data }) =>
          rowsAt(data, 'logistics_companies', 'logistics_company').map((company) => ({
            code: textAt(company, 'code'),
            name: textAt(company, 'name'),
          })),
        signal,
      );
    },
  };
}

/** The lines of the trade that are in the parcel; all of them for the rest of a trade that has none left. */
function wantedLines({ channelOrderId, lines }: Shipment, ofTrade: readonly Row[]): Row[] {
  if (lines === null) {
    const left = ofTrade.filter(({ status }) => status === toShip);
    return left.length > 0 ? left : [...ofTrade];
  }
  return lines.map(({ lineId, quantity }) => {
    const found = ofTrade.find((line) => oidOf(line) === lineId);
    if (!found)
      throw new ChannelFault('caller', 'taobao.line-unknown', { order: channelOrderId, line: lineId });
    const ordered = Number(textAt(found, 'num'));
    if (quantity < ordered)
      throw new ChannelFault('caller', 'taobao.whole-lines-only', { line: lineId, ordered, asked: quantity });
    return found;
  });
}

function isShippedSo(
  { lines, tracking }: Shipment,
  wanted: readonly Row[],
  ofTrade: readonly Row[],
): boolean {
  const isInParcel = (line: Row): boolean =>
    /^(?:WAIT_BUYER_CONFIRM_GOODS|TRADE_BUYER_SIGNED|TRADE_FINISHED)$/.test(textAt(line, 'status')) &&
    textAt(line, 'invoice_no') === tracking;
  if (lines !== null) return wanted.length > 0 && wanted.every(isInParcel);
  // The rest went in this parcel when none is left, whatever went in others before.
  return !ofTrade.some(({ status }) => status === toShip) && ofTrade.some(isInParcel);
}

function requestFor(shipment: Shipment, wanted: readonly Row[], ofTrade: readonly Row[]): TopRequest {
  const { channelOrderId: tid, carrier, tracking } = shipment;
  const isSplit =
    wanted.length < ofTrade.filter((line) => !/^TRADE_CLOSED/.test(textAt(line, 'status'))).length;
  // What was sent before has no way to be told apart by the platform, so none is made twice by itself.
  const repeatable = false;
  if (tracking === '') {
    if (isSplit) throw new ChannelFault('caller', 'taobao.parts-need-carrier');
    return { method: 'taobao.logistics.dummy.send', parameters: { tid }, repeatable };
  }
  if (isSplit && wanted.length > mostLines)
    throw new ChannelFault('caller', 'taobao.too-many-lines', { most: mostLines, count: wanted.length });
  const parameters: Record<string, string> = { tid, out_sid: tracking, company_code: carrier };
  if (isSplit) {
    parameters.sub_tid = wanted.map(oidOf).join(',');
    parameters.is_split = '1';
  }
  return { method: 'taobao.logistics.online.send', parameters, repeatable };
}

function send(
  top: Top,
  request: TopRequest,
  { channelOrderId }: Shipment,
  signal: AbortSignal,
): Promise<ShipmentResult> {
  return top<ShipmentResult>(
    request,
    ({ data }) => {
      if (!isTrue(fieldAt(data, 'shipping', 'is_success')))
        throw new ChannelFault('caller', 'taobao.not-shipped', { order: channelOrderId });
      return { kind: 'shipped', channelShipmentId: null };
    },
    signal,
  );
}

function oidOf(line: Row): string {
  return textAt(line, 'oid_str') || textAt(line, 'oid');
}
