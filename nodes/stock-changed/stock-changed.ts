import { HubError, reasonOf } from '../../core/errors.ts';
import type { Hub } from '../../core/hub.ts';
import { sentence } from '../../core/message.ts';
import { subscriberOf } from '../../core/stock/shares/compute.ts';
import { percentSum, shopName } from '../../core/stock/shares/policy.ts';
import type { LeftBehind, ListingState } from '../../core/stock/shares/shares.ts';
import { type BaseConfig, defineNode, type HubMessage } from '../shared/define-node.ts';
import { runSource, type SourceSettings } from '../shared/delivery-source.ts';
import { sourceFault } from '../shared/source-fields.ts';
import { stableId } from '../shared/stable-id.ts';
import './messages.ts';
import { debounceOf, fieldsFault, listingsPerMessage, policyFrom, type ShareFields } from './share-fields.ts';

export interface StockChangedConfig extends BaseConfig, SourceSettings, ShareFields {}

/** A burst waits no longer than so many times the span that changes are gathered for. */
const mostSpans = 5;

export default defineNode<StockChangedConfig>({
  type: 'stock-changed',
  version: 1,
  usesHub: true,
  check(config) {
    const fault = fieldsFault(config) ?? sourceFault(config);
    if (fault) throw fault;
  },
  setup(context) {
    const { node, config, hub, status } = context;
    const share = stableId(node);
    const subscriber = subscriberOf(share);
    const policy = policyFrom(config);
    const label = node.name || 'stock-changed';
    const size = listingsPerMessage(config);
    let running: Hub | undefined;
    let left: readonly LeftBehind[] = [];

    const sum = percentSum(policy);
    if (sum > 100) node.warn(sentence('shares.over-percent', { sum }));

    /** Looks which shops that the table no longer names still show a number. */
    async function lookBehind(opened: Hub): Promise<void> {
      left = await opened.shares.leftBehind(share);
    }

    const source = runSource(context, {
      subscriber,
      settings: config,
      async opened(opened) {
        await opened.subscribers.register({
          id: subscriber,
          topic: 'stock',
          types: null,
          channels: null,
          label,
        });
        const debounceMs = debounceOf(config);
        running = opened;
        await opened.shares.run({ id: share, label, policy, debounceMs, maxWaitMs: debounceMs * mostSpans });
        await lookBehind(opened);
        for (const { listings, ...shop } of left)
          node.warn(sentence('shares.left-behind', { shop: shopName(shop), listings }));
        // Closed meanwhile: nobody would stop it any more.
        if (!context.open) await opened.shares.stop(share);
      },
      async message({ ref }, opened) {
        const state = await opened.shares.stateOf(ref);
        if (state && left.some((shop) => shopName(shop) === shopName(state))) await lookBehind(opened);
        return state && messageOf(state);
      },
      idle(done) {
        if (left.length > 0) status.refused('stock-changed.status.left-behind');
        else if (done > 0) status.ok(done);
        else status.ready();
      },
      ...(size > 1 && { together: { size, groupOf: shopOf, join: inOne } }),
    });

    return {
      async input(message, send) {
        const opened = await hub.ready();
        if (message.topic === 'send-all') {
          const sent = await opened.shares.sendAll(share);
          send([null, { ...message, stock: { sent } }]);
          return;
        }
        if (message.topic === 'close-removed') {
          const closed = await opened.shares.closeLeft(share);
          await lookBehind(opened);
          send([null, { ...message, stock: { closed } }]);
          return;
        }
        await takeListings(opened, message, (output, stock) =>
          send([...new Array<null>(output).fill(null), { ...message, stock } as HubMessage]),
        );
      },
      async close() {
        // Its end must not keep the deliveries in flight from theirs.
        const stopped = running?.shares.stop(share).catch((error: unknown) => node.warn(reasonOf(error)));
        await source.close();
        await stopped;
      },
    };
  },
});

function messageOf({ why, at, share, ...state }: ListingState): Partial<HubMessage> {
  return {
    topic: `${state.channel}/${state.shop}/${state.listing}`,
    payload: {
      ...state,
      why: { ...why, sentence: sentence(why.code, why.params) },
      at: new Date(at).toISOString(),
      share,
    },
  };
}

/** The shop that a message is about. */
function shopOf({ payload }: Partial<HubMessage>): string {
  return shopName(payload as { channel: string; shop: string });
}

/** Several states of one shop as one message: a list of what each would have been. */
function inOne(messages: readonly Partial<HubMessage>[]): Partial<HubMessage> {
  return { topic: messages[0] && shopOf(messages[0]), payload: messages.map(({ payload }) => payload) };
}

/** Listings of a message: what was taken in leaves by the second output, what is wrong by the third. */
async function takeListings(
  hub: Hub,
  { payload }: HubMessage,
  answer: (output: number, stock: object) => void,
): Promise<void> {
  try {
    const { saved, refusals } = await hub.shares.tellListings(payload);
    if (saved > 0 || refusals.length === 0) answer(1, { saved });
    const told = refusals.map((refusal) => ({
      ...refusal,
      sentence: sentence(refusal.code, refusal.params),
    }));
    if (told.length > 0) answer(2, { saved, refusals: told });
  } catch (error) {
    if (!HubError.is(error) || !error.code.startsWith('shares.')) throw error;
    const { code, params, message } = error;
    answer(2, { saved: 0, refusals: [{ code, params, sentence: message }] });
  }
}
