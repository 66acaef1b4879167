import type { CallState } from '../../core/channel/connection/call/account-call.ts';
import { ChannelFault } from '../../core/channel/connection/fault.ts';
import { isRefused, type Parcel, shipParcel } from '../../core/channel/shipping/ship-parcel.ts';
import type { ChannelAccountApi } from '../channel-account/channel-account.ts';
import { showCalls } from '../shared/call-status.ts';
import { type BaseConfig, defineNode, type HubMessage } from '../shared/define-node.ts';
import { orderOf } from '../shared/message-order.ts';
import { apiOf } from '../shared/node-api.ts';
import { readOptionalProperty } from '../shared/optional-property.ts';
import { type CarrierRow, channelCarrier } from './carriers.ts';
import { serveCarriers } from './carriers-route.ts';

export interface ChannelShipConfig extends BaseConfig {
  account: string;
  carrier: string;
  carrierType: string;
  tracking: string;
  trackingType: string;
  /** Where the lines of a part are read: a list of {lineId, quantity}; nothing there means the whole order. */
  lines: string;
  linesType: string;
  /** Where your own number of the parcel is read, which parcels of one order without a tracking number are told apart by. */
  parcel: string;
  parcelType: string;
  carriers: readonly CarrierRow[];
}

const fields = ['carrier', 'tracking', 'lines', 'parcel'] as const;
type Given = Record<(typeof fields)[number], unknown>;

export default defineNode<ChannelShipConfig>({
  type: 'channel-ship',
  version: 1,
  usesHub: true,
  load: serveCarriers,
  setup({ RED, node, config, hub, status }) {
    const { path, channel, connection, onCalls } = apiOf<ChannelAccountApi>(
      RED,
      config.account,
      'channel-account',
    );
    const closing = new AbortController();
    let shipped = 0;
    let calls: CallState | undefined;
    const forgetCalls = onCalls((state) => {
      calls = state;
      if (showCalls(status, calls)) return;
      if (shipped > 0) status.ok(shipped);
      else status.ready();
    });

    async function givenBy(message: HubMessage): Promise<Given> {
      const given: Partial<Given> = {};
      for (const field of fields) {
        const property = {
          value: config[field] || `payload.${field}`,
          type: config[`${field}Type`] || 'msg',
        };
        given[field] = await readOptionalProperty(RED, node, property, message, field);
      }
      return given as Given;
    }

    function parcelOf(orderKey: string, { carrier, tracking, lines, parcel }: Given, again: boolean): Parcel {
      const shop = `${channel.channel}/${channel.shop}/`;
      if (!orderKey.startsWith(shop))
        throw new ChannelFault('caller', 'shipping.other-shop', { order: orderKey, shop: shop.slice(0, -1) });
      const name = textOf(carrier, 'carrier');
      if (name === '') throw new ChannelFault('caller', 'shipping.bad-parcel', { field: 'carrier' });
      return {
        account: path,
        orderKey,
        channelOrderId: orderKey.slice(shop.length),
        carrier: channelCarrier(name, config.carriers),
        tracking: textOf(tracking, 'tracking'),
        parcel: textOf(parcel, 'parcel') || undefined,
        lines: linesOf(lines),
        again,
      };
    }

    return {
      async input(message, send) {
        const opened = await hub.ready();
        const order = orderOf(message);
        try {
          const parcel = parcelOf(order.key, await givenBy(message), isAgain(message));
          const { shipments } = await connection(opened);
          if (!shipments) throw new ChannelFault('caller', 'shipping.no-shipments', { account: path });
          const { at, ...answer } = await shipParcel(opened.store, shipments, parcel, closing.signal);
          message.shipment = { ...answer, at: new Date(at).toISOString() };
          shipped += 1;
          status.ok(shipped);
          send([message, null]);
        } catch (error) {
          if (!isRefused(error)) throw error;
          const { code, params, message: told } = error;
          message.shipment = { state: 'refused', code, params, sentence: told };
          status.refused();
          send([null, message]);
        }
      },
      faultShown: () => showCalls(status, calls),
      close() {
        forgetCalls();
        closing.abort();
      },
    };
  },
});

/** Whether somebody looked in the shop and says that the parcel is not there. */
function isAgain({ payload }: HubMessage): boolean {
  return typeof payload === 'object' && payload !== null && 'again' in payload && payload.again === true;
}

function textOf(value: unknown, field: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string' || typeof value === 'number') return String(value).trim();
  throw new ChannelFault('caller', 'shipping.bad-parcel', { field });
}

function linesOf(value: unknown): Parcel['lines'] {
  if (value === undefined || value === null || value === '') return null;
  const rows = Array.isArray(value) ? (value as { lineId?: unknown; quantity?: unknown }[]) : [];
  const isFine = rows.every(
    (row) =>
      typeof row === 'object' &&
      row !== null &&
      typeof row.lineId === 'string' &&
      Number.isSafeInteger(row.quantity) &&
      (row.quantity as number) > 0,
  );
  if (rows.length === 0 || !isFine)
    throw new ChannelFault('caller', 'shipping.bad-parcel', { field: 'lines' });
  return rows.map(({ lineId, quantity }) => ({ lineId: lineId as string, quantity: quantity as number }));
}
