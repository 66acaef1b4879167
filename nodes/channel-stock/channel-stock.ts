import type { CallState } from '../../core/channel/connection/call/account-call.ts';
import { type GivenNumber, ownShare, readNumbers } from '../../core/channel/publishing/listing-number.ts';
import type { Difference } from '../../core/channel/publishing/read-back.ts';
import {
  type PusherState,
  type PushOutcome,
  StockPusher,
} from '../../core/channel/publishing/stock-pusher.ts';
import { HubError, reasonOf } from '../../core/errors.ts';
import type { Hub } from '../../core/hub.ts';
import { sentence } from '../../core/message.ts';
import type { ChannelAccountApi } from '../channel-account/channel-account.ts';
import { showCalls } from '../shared/call-status.ts';
import { type BaseConfig, defineNode, type HubMessage } from '../shared/define-node.ts';
import { apiOf } from '../shared/node-api.ts';
import { type PushFields, pushFaults, pushNumber } from './push-fields.ts';

export interface ChannelStockConfig extends BaseConfig, PushFields {
  account: string;
}

interface Refusal {
  listing?: string;
  version?: number;
  code: string;
  params: object;
  sentence: string;
}

export default defineNode<ChannelStockConfig>({
  type: 'channel-stock',
  version: 1,
  usesHub: true,
  check(config) {
    const fault =
      pushFaults.readBackPercent(config.readBackPercent) ??
      pushFaults.readBackPerMinute(config.readBackPerMinute);
    if (fault) throw fault;
  },
  setup({ RED, node, config, hub, status }) {
    const {
      path,
      channel: shop,
      connection,
      onCalls,
    } = apiOf<ChannelAccountApi>(RED, config.account, 'channel-account');
    const account = { account: path, channel: shop.channel, shop: shop.shop };
    let running: { hub: Hub; pusher: StockPusher } | undefined;
    let told: string | undefined;
    let calls: CallState | undefined;

    const show = (state: PusherState): void => {
      const { waiting, perMinute, pushed, refusal } = state;
      if (showCalls(status, calls)) return;
      if (refusal) status.refused(`1 × ${refusal.listing}`);
      else if (waiting > 0) status.working(`${waiting} ⧗ ${perMinute}/min`);
      else if (pushed > 0) status.ok(`${pushed} (${perMinute}/min)`);
    };
    const forgetCalls = onCalls((state) => {
      calls = state;
      if (running) show(running.pusher.state());
    });

    const pusherOf = (opened: Hub): StockPusher => {
      // A store that closed and opened again has a new hub.
      if (running?.hub === opened) return running.pusher;
      void running?.pusher.close();
      const pusher = new StockPusher({
        store: opened.store,
        account,
        connect: async () => (await connection(opened)).stock,
        readBackPercent: pushNumber('readBackPercent', config.readBackPercent),
        readBackPerMinute: pushNumber('readBackPerMinute', config.readBackPerMinute),
        onState: show,
        onDifference: (difference) => node.warn(differenceText(difference)),
        onTrouble(error) {
          const text = reasonOf(error);
          if (text !== told) node.warn(text);
          told = text;
        },
        async onAnswer({ share, listing, version }, { at, result }) {
          if (share === ownShare) return;
          const { channel, shop: name } = account;
          try {
            await opened.shares.pushed({ share, channel, shop: name, listing, version, at, result });
          } catch (error) {
            // A share that was worked out elsewhere, or is gone: what the channel shows stands all the same.
            const isUnknown =
              HubError.is(error) && /^shares\.(unknown-listing|bad-version)$/.test(error.code);
            if (!isUnknown) throw error;
          }
        },
      });
      running = { hub: opened, pusher };
      return pusher;
    };

    const isOurs = ({ channel, shop: name }: GivenNumber): boolean =>
      (channel === undefined || channel === account.channel) && (name === undefined || name === account.shop);

    return {
      async input(message, send) {
        const pusher = pusherOf(await hub.ready());
        let given: ReturnType<typeof readNumbers>;
        try {
          given = readNumbers(message.payload);
        } catch (error) {
          if (!HubError.is(error)) throw error;
          given = { numbers: [], refusals: [error] };
        }
        const ours = given.numbers.filter(isOurs);
        const others = given.numbers.filter((number) => !isOurs(number));
        const ends = await Promise.allSettled(ours.map((number) => pusher.push(number)));
        const pushed: object[] = [];
        const refusals: Refusal[] = given.refusals.map((error) => refusalOf(error));
        const troubles: unknown[] = [];
        ends.forEach((end, index) => {
          const number = ours[index]!;
          if (end.status === 'rejected') troubles.push(end.reason);
          else if (end.value.kind === 'refused') refusals.push(refusalOf(end.value.fault, number));
          else pushed.push(pushedOf(number, end.value));
        });
        if (refusals.length > 0) {
          if (given.refusals.length > 0) status.refused();
          send([null, { ...message, push: { account: path, refusals } } as HubMessage, null]);
        }
        if (troubles.length > 0) throw troubles[0];
        if (pushed.length > 0)
          send([{ ...message, push: { account: path, pushed } } as HubMessage, null, null]);
        if (others.length > 0) send([null, null, othersOf(message, others.length)]);
      },
      faultShown: () => showCalls(status, calls),
      async close() {
        forgetCalls();
        await running?.pusher.close();
      },
    };

    /** What is left of a message for the nodes of other shops. */
    function othersOf(message: HubMessage, count: number): HubMessage {
      if (!Array.isArray(message.payload) || message.payload.length === count) return message;
      const payload = (message.payload as unknown[]).filter((entry) => {
        const { channel, shop: name } = (entry ?? {}) as Partial<GivenNumber>;
        return (
          (channel !== undefined && channel !== account.channel) ||
          (name !== undefined && name !== account.shop)
        );
      });
      return { ...message, payload };
    }
  },
});

function pushedOf({ share, listing, version, sellable, open }: GivenNumber, outcome: PushOutcome): object {
  if (outcome.kind === 'pushed')
    return {
      share,
      listing,
      version,
      sellable,
      open,
      state: 'pushed',
      at: new Date(outcome.at).toISOString(),
    };
  return {
    share,
    listing,
    version,
    state: 'newer',
    newer: outcome.kind === 'newer' ? outcome.version : null,
  };
}

function refusalOf({ code, params, message }: HubError, number?: GivenNumber): Refusal {
  const about = number && { share: number.share, listing: number.listing, version: number.version };
  return { ...about, code, params, sentence: message };
}

function differenceText({ number, shown }: Difference): string {
  const { listing, sellable, version } = number;
  const isNumber = shown.sellable !== null && shown.sellable !== sellable;
  return isNumber
    ? sentence('pushes.differs', { listing, shown: shown.sellable, told: sellable, version })
    : sentence('pushes.still-open', { listing, version });
}
