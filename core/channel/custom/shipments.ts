import { ChannelFault } from '../connection/fault.ts';
import type { ShipmentTarget } from '../connection/shipment-target.ts';
import { plainText, valueIn } from './answer-value.ts';
import type { ShipmentRules } from './config.ts';
import type { CustomInterface } from './interface.ts';
import { isTold } from './outcome.ts';
import { placeholdersOfRequest } from './read-config.ts';
import { filledJson } from './template.ts';

/** Shipments of a custom channel. */
export function shipmentsOf(api: CustomInterface, rules: ShipmentRules): ShipmentTarget {
  const idIn = valueIn(rules.id);
  // A channel that is told the key knows the shipment again; any other might take it for a second one.
  const repeatable = placeholdersOfRequest(rules.request).includes('key');
  return {
    partial: rules.partial,
    async ship({ channelOrderId, carrier, tracking, lines, key, lost, looked }, signal) {
      if (lines !== null && rules.partial === 'none')
        throw new ChannelFault('caller', 'custom.whole-orders-only', { platform: api.title });
      if (lost && !repeatable && rules.already.length === 0)
        throw new ChannelFault('caller', 'channel.outcome-unknown', {
          platform: api.title,
          order: channelOrderId,
          tracking: tracking || '–',
        });
      // The channel knows by itself whether it has it.
      looked?.();
      const items = lines?.map(({ lineId, quantity }) => filledJson(rules.item, { line: lineId, quantity }));
      const values = { order: channelOrderId, carrier, tracking, key, items };
      try {
        const answered = await api.send(rules.request, { values, repeatable }, signal);
        return { kind: 'shipped', channelShipmentId: plainText(idIn(answered)) || null };
      } catch (error) {
        const isKnown = ChannelFault.is(error) && error.kind === 'caller' && isTold(error, rules.already);
        if (!isKnown) throw error;
        return { kind: 'already', channelShipmentId: null };
      }
    },
  };
}
