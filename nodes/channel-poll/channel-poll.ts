import { pollSubscriber } from '../../core/channel/polling/account.ts';
import type { PollState } from '../../core/channel/polling/channel-poller.ts';
import type { RunningPoll } from '../../core/channel/polling/channel-polls.ts';
import { HubError, reasonOf } from '../../core/errors.ts';
import type { Hub } from '../../core/hub.ts';
import { toldCensus, toldRun } from '../../core/insight/query/channels.ts';
import { sentence } from '../../core/message.ts';
import type { ChannelAccountApi } from '../channel-account/channel-account.ts';
import { handOver } from '../shared/channel-record.ts';
import { type BaseConfig, defineNode, type HubMessage } from '../shared/define-node.ts';
import { runSource, type SourceSettings } from '../shared/delivery-source.ts';
import { apiOf } from '../shared/node-api.ts';
import { isEmpty, numberIn } from '../shared/number-field.ts';
import { sourceFault } from '../shared/source-fields.ts';
import { dateOf, obey } from './commands.ts';
import { takeTurn } from './one-per-account.ts';
import { type PollFields, pollBounds, pollFault } from './poll-fields.ts';
import { showPoll } from './poll-status.ts';

export interface ChannelPollConfig extends BaseConfig, SourceSettings, PollFields {
  account: string;
  /** Whether to take the platform's messages, too. */
  messages: boolean;
}

const minute = 60_000;

export default defineNode<ChannelPollConfig>({
  type: 'channel-poll',
  version: 1,
  usesHub: true,
  check(config) {
    const fault = pollFault(config) ?? sourceFault(config);
    if (fault) throw fault;
  },
  setup(context) {
    const { RED, node, config, status } = context;
    const account = apiOf<ChannelAccountApi>(RED, config.account, 'channel-account');
    const { path } = account;
    const polled = { path, ...account.channel };
    const subscriber = pollSubscriber(path);
    const closing = new AbortController();
    let source: ReturnType<typeof runSource> | undefined;
    let running: RunningPoll | undefined;
    let hubNow: Hub | undefined;
    let isIdle = true;
    let orders = 0;
    let told: string | undefined;

    const show = (): void => {
      const state = running?.poller.state();
      if (!state) return;
      // What waits in the store is shown as long as reading goes well.
      if (isIdle || state.trouble) showPoll(status, state, orders);
    };
    const onState = (state: PollState): void => {
      const code = state.trouble?.code;
      if (code !== undefined && code !== told) node.warn(sentence(code, state.trouble?.params));
      told = code;
      show();
    };
    const send = (topic: string, payload: object): void =>
      context.send([null, { topic, payload, channel: account.channel } as HubMessage]);

    const read = (opened: Hub): void => {
      running = opened.channels.run({
        account: polled,
        subscriber,
        connect: () => account.connection(opened),
        intervalMs: (numberIn(config.intervalSeconds) ?? pollBounds.intervalSeconds.usual) * 1_000,
        overlapMs: (numberIn(config.overlapMinutes) ?? 0) * minute,
        since: beginOf(config.since, polled.zone),
        census: { everyMs: (numberIn(config.censusMinutes) ?? pollBounds.censusMinutes.usual) * minute },
        messages: config.messages !== false,
        onState,
        onSheet(sheet) {
          orders += sheet.fresh + sheet.changed;
          send('run', toldRun(sheet));
        },
        onCensus: (sheet) => send(sheet.kind === 'day' ? 'census/day' : 'census', toldCensus(sheet, polled)),
      });
    };

    const turn = takeTurn(path, () => {
      source = runSource(context, {
        subscriber,
        settings: config,
        async opened(opened) {
          // A store that closed and opened again has a new hub.
          if (hubNow === opened) return;
          await running?.stop();
          hubNow = opened;
          if (context.open) read(opened);
        },
        idle() {
          isIdle = true;
          show();
        },
        message(delivery, opened) {
          isIdle = false;
          return handOver({ delivery, hub: opened, account, subscriber, signal: closing.signal });
        },
      });
    });
    if (turn.waits) {
      status.refused('channel-poll.status.twice');
      node.warn(new HubError('polling.account-twice', { account: path }).message);
    }

    return {
      async input(message, out) {
        if (!running) throw new HubError('polling.not-active', { account: path }, { retryable: true });
        try {
          const answer = await obey(running.poller, message, polled.zone);
          out([null, { ...message, poll: answer }]);
        } catch (error) {
          if (!HubError.is(error) || !error.code.startsWith('polling.')) throw error;
          const { code, params, message: told } = error;
          out([null, null, { ...message, poll: { code, params, sentence: told } }]);
        }
      },
      async close() {
        closing.abort();
        // Its end must not keep the deliveries in flight from theirs.
        const stopped = running?.stop().catch((error: unknown) => node.warn(reasonOf(error)));
        await source?.close();
        await stopped;
        turn.letGo();
      },
    };
  },
});

function beginOf(since: PollFields['since'], zone: string): number | null {
  return isEmpty(since) ? null : dateOf(since, zone);
}
