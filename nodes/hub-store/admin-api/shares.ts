import type { NodeAPI } from 'node-red';
import { requiredText } from '../../../core/insight/query/parameters.ts';
import { askListings, askShares, askShareWarnings } from '../../../core/insight/query/shares.ts';
import { sentence } from '../../../core/message.ts';
import { writeDown } from './acts.ts';
import { type Call, serve } from './request.ts';

/**
 * `GET shares?share=&channel=&sku=&pushed=&limit=&after=`, `GET shares/warnings?limit=`,
 * `GET listings?channel=&shop=&unmapped=&limit=&after=`, `POST listings {listings: [{channel, shop, listing, sku}]}`
 * `POST shares/send-all {share}` and `POST shares/close-left {share, channel, shop}`.
 */
export function serveShares(RED: NodeAPI): void {
  serve(RED, 'get', 'shares', 'order-hub.read', ({ asked, asking }) => askShares(asked, asking()));
  serve(RED, 'get', 'shares/warnings', 'order-hub.read', ({ asked, asking }) =>
    askShareWarnings(asked, asking()),
  );
  serve(RED, 'get', 'listings', 'order-hub.read', ({ asked, asking }) => askListings(asked, asking()));
  serve(RED, 'post', 'listings', 'order-hub.write', tellListings);
  serve(RED, 'post', 'shares/send-all', 'order-hub.write', sendAll);
  serve(RED, 'post', 'shares/close-left', 'order-hub.write', closeLeft);
}

async function tellListings(call: Call): Promise<object> {
  const { saved, refusals } = await call.hub().shares.tellListings(call.body.listings);
  const told = refusals.map((one) => ({ ...one, sentence: sentence(one.code, one.params, call.language) }));
  const { actor } = call;
  const act = { actor, act: 'listings.tell', object: 'listings', detail: { saved, refused: told.length } };
  return { saved, refusals: told, ...(saved > 0 ? await writeDown(call, act) : {}) };
}

async function sendAll(call: Call): Promise<object> {
  const share = requiredText(call.body, 'share');
  const sent = await call.hub().shares.sendAll(share);
  const act = { actor: call.actor, act: 'shares.send-all', object: share, detail: { sent } };
  return { sent, ...(await writeDown(call, act)) };
}

/** Closes the listings of a shop that the rules no longer name. */
async function closeLeft(call: Call): Promise<object> {
  const [share, channel, shop] = ['share', 'channel', 'shop'].map((name) => requiredText(call.body, name));
  const closed = await call.hub().shares.closeLeft(share!, { channel: channel!, shop: shop! });
  const detail = { channel, shop, closed };
  const act = { actor: call.actor, act: 'shares.close-left', object: share!, detail };
  return { closed, ...(await writeDown(call, act)) };
}
