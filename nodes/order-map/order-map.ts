import { compileMapping } from '../../core/order/mapping/compile.ts';
import type { RecordResult } from '../../core/order/mapping/record.ts';
import { readRecords } from '../../core/order/mapping/records.ts';
import type { MapContext, Mapping, MapResult } from '../../core/order/mapping/types.ts';
import type { ChannelAccountApi } from '../channel-account/channel-account.ts';
import { type BaseConfig, defineNode, type HubMessage } from '../shared/define-node.ts';
import { failDelivery } from '../shared/flow-tracking.ts';
import { apiOf } from '../shared/node-api.ts';
import { readProperty } from '../shared/typed-property.ts';
import { mappingFailure } from './mapping-failure.ts';
import { serveMapping } from './mapping-routes.ts';

export interface OrderMapConfig extends BaseConfig {
  /** Where the raw record is read. */
  record: string;
  recordType: string;
  /** Whose order it is when the message does not say: id of a channel-account, or empty. */
  account: string;
  mapping: Mapping;
}

export default defineNode<OrderMapConfig>({
  type: 'order-map',
  version: 1,
  load: serveMapping,
  setup({ RED, node, config, status }) {
    const mapping = compileMapping(config.mapping);
    const property = { value: config.record || 'payload', type: config.recordType || 'msg' };
    const fallback = config.account
      ? apiOf<ChannelAccountApi>(RED, config.account, 'channel-account').channel
      : undefined;
    let mapped = 0;

    async function mapOne(read: RecordResult, message: HubMessage): Promise<MapResult> {
      if (!read.ok) return { ok: false, problems: read.problems, mappingVersion: mapping.version };
      return mapping.map(read.record, contextOf(message, fallback));
    }

    return {
      async input(message, send) {
        const input = await readProperty(RED, node, property, message, 'record');
        const records = readRecords(input);
        let refused = 0;
        for (const [index, read] of records.entries()) {
          const result = await mapOne(read, message);
          // One message a record; the last one goes on as the message that came in.
          const out =
            index === records.length - 1
              ? message
              : RED.util.cloneMessage<HubMessage>({ ...message, payload: null });
          out.mapping = { name: mapping.name, version: mapping.version };
          if (result.ok) {
            mapped += 1;
            out.payload = result.order;
            if (result.warnings) out.warnings = result.warnings;
            send([out, null]);
          } else {
            refused += 1;
            out.payload = records.length > 1 && read.ok ? read.record : input;
            out.problems = result.problems;
            failDelivery(message, mappingFailure(config.mapping, result.problems));
            send([null, out]);
          }
        }
        if (refused > 0) status.refused();
        else status.ok(mapped);
      },
    };
  },
});

function contextOf(message: HubMessage, fallback: MapContext['account'] | undefined): MapContext {
  const channel = message.channel as MapContext['account'] | undefined;
  const inbox = message.inbox as { id?: number } | undefined;
  return {
    account: channel?.channel ? channel : (fallback ?? { channel: '', shop: '' }),
    ...(inbox?.id !== undefined && { inboxId: inbox.id }),
  };
}
