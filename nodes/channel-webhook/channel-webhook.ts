import { hintIn, hintKey } from '../../core/channel/polling/hint.ts';
import type { AccountState } from '../../core/channel/webhook-gate.ts';
import { HubError } from '../../core/errors.ts';
import type { Hub } from '../../core/hub.ts';
import { sentence } from '../../core/message.ts';
import type { ChannelAccountApi } from '../channel-account/channel-account.ts';
import { handOver } from '../shared/channel-record.ts';
import { type BaseConfig, defineNode } from '../shared/define-node.ts';
import { runSource, type SourceSettings } from '../shared/delivery-source.ts';
import { apiOf } from '../shared/node-api.ts';
import { sourceFault } from '../shared/source-fields.ts';
import { hookPath, liveHooks, serveHooks } from './hook-route.ts';
import { type LastDelivery, serveLastDelivery, showLastDelivery } from './last-delivery.ts';
import { RefusalLog } from './refusal-log.ts';
import './messages.ts';

export interface ChannelWebhookConfig extends BaseConfig, SourceSettings {
  account: string;
}

export default defineNode<ChannelWebhookConfig>({
  type: 'channel-webhook',
  version: 1,
  usesHub: true,
  load(RED) {
    serveHooks(RED);
    serveLastDelivery(RED);
  },
  check(config) {
    const fault = sourceFault(config);
    if (fault) throw fault;
  },
  setup(context) {
    const { RED, node, config, hub } = context;
    const account = apiOf<ChannelAccountApi>(RED, config.account, 'channel-account');
    const subscriber = `webhook:${account.path}`;
    const closing = new AbortController();
    let toldAsItIs = false;
    let open: Hub | undefined;
    const state: AccountState = {
      platform: account.platform,
      rules: account.rules,
      disabled: false,
      maxBodyBytes: account.maxBodyBytes,
    };
    const last: LastDelivery = { at: null, status: null, code: null, params: {}, counts: {} };
    const refusals = new RefusalLog((line) => node.warn(line));
    const release = liveHooks.open(account.path, {
      account: state,
      ready: () => open?.store.health().state === 'open',
      async store({ headers, receivedAt }, accepted) {
        const { inbox } = await hub.ready();
        const received = await inbox.receiveAll(
          accepted.map((record) => {
            const order = hintIn(record, account.platform);
            const key = order !== null && { key: hintKey(order) };
            return { ...record, account: account.path, headers, receivedAt, subscriber, ...key };
          }),
        );
        return { repeated: received.every(({ repeated }) => repeated) };
      },
      answered(answer) {
        last.at = Date.now();
        last.status = answer.status;
        last.code = answer.code;
        last.params = answer.params;
        last.counts[answer.status] = (last.counts[answer.status] ?? 0) + 1;
        if (answer.status >= 400) {
          const line = `${hookPath(account.path)}: ${answer.status}, ${sentence(answer.code, answer.params)}`;
          refusals.tell(answer.code, line);
        }
      },
    });
    if (!release) throw new HubError('webhook.account-taken', { path: account.path });
    const forget = showLastDelivery(node.id, last);
    const source = runSource(context, {
      subscriber,
      settings: config,
      async opened(hubNow) {
        open = hubNow;
        liveHooks.changed();
        last.at ??= await hubNow.inbox.lastReceivedAt(account.path);
      },
      message: (delivery, opened) =>
        handOver({
          delivery,
          hub: opened,
          account,
          subscriber,
          signal: closing.signal,
          asItIs({ message }) {
            if (!toldAsItIs) node.warn(sentence('webhook.hint-as-it-is', { reason: message }));
            toldAsItIs = true;
          },
        }),
    });
    return {
      async close() {
        closing.abort();
        open = undefined;
        release();
        forget();
        await source.close();
      },
    };
  },
});
