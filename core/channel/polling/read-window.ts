import { createHash } from 'node:crypto';
import { type PutAside, putAsideHandler } from '../../delivery/put-aside.ts';
import type { MessageParams } from '../../message.ts';
import type { Store } from '../../store/store.ts';
import { ChannelFault } from '../connection/fault.ts';
import type {
  BadRecord,
  ChannelRecord,
  OrderPage,
  OrderSource,
  TimeWindow,
} from '../connection/order-source.ts';
import { contentKey } from '../content-key.ts';
import { type PolledAccount, recordTopic } from './account.ts';
import { type Novelty, takeRecords } from './take.ts';
import './messages.ts';

/** What reading a window came to. Grows page by page, so that one that was broken off tells how far it came. */
export interface Tally extends Record<Novelty, number> {
  pages: number;
  /** Records of the pages, bad ones not among them. */
  records: number;
  bad: number;
  /** How many pages the window has, when the platform tells. */
  of: number | null;
}

export function emptyTally(): Tally {
  return { pages: 0, records: 0, fresh: 0, changed: 0, stale: 0, repeated: 0, bad: 0, of: null };
}

export interface ReadWindow {
  store: Store;
  account: PolledAccount;
  subscriber: string;
  source: OrderSource;
  window: TimeWindow;
  signal: AbortSignal;
  tally: Tally;
  /** Asked before each page is stored. Throws to break off. */
  goOn(): void;
  /** Told after each page. */
  onPage?(tally: Tally): void;
}

/** The same page so often within one window is a platform that goes round in a circle. */
const mostAlike = 3;
/** Empty pages in one window: some platforms pass over what they filter out, but they come to an end. */
const mostEmpty = 1_000;
const longestId = 255;

/**
 * Reads a window and stores it page by page. When it resolves, every record of the window is durable: as a message,
 * or put aside. When it throws, what was stored stays, and the window has to be read again.
 *
 * @throws ChannelFault, or the store's error
 */
export async function readWindow(read: ReadWindow): Promise<void> {
  const { source, window, signal, tally } = read;
  const seen = new Map<string, number>();
  const askedAt = read.store.now();
  for await (const page of source.changed(window, signal)) {
    read.goOn();
    refuseCircle(page, seen, read.account);
    const bad: BadRecord[] = [...page.bad];
    const good: ChannelRecord[] = [];
    for (const [index, record] of page.records.entries()) {
      if (isUsable(record)) good.push(record);
      else
        bad.push({
          at: `[${index}]`,
          code: 'polling.bad-id',
          params: { id: record.channelOrderId.slice(0, 80) },
          body: record.body,
        });
    }
    const { store, account, subscriber } = read;
    await putAside(read, bad);
    const novelties = await takeRecords(store, { account, subscriber, records: good, askedAt, byId: false });
    tally.pages += 1;
    tally.of = page.pages;
    tally.records += good.length;
    tally.bad += bad.length;
    for (const novelty of novelties) tally[novelty] += 1;
    read.onPage?.(tally);
  }
  read.goOn();
}

/** What cannot be part of an order's key, or of a column of the store, is no id. */
function isUsable({ channelOrderId: id }: ChannelRecord): boolean {
  return id.trim() !== '' && id.length <= longestId && !/[\p{Cc}\p{Cs}]/u.test(id);
}

async function putAside(
  { store, account, subscriber }: ReadWindow,
  bad: readonly BadRecord[],
): Promise<void> {
  if (bad.length === 0) return;
  const commands = bad.map(({ at, code, params, body }): PutAside => {
    const bytes = Buffer.from(body);
    return {
      receipt: {
        account: account.path,
        topic: recordTopic,
        deliveryKey: null,
        // The same bad record is met in every window that overlaps, and stands aside once.
        contentKey: contentKey(['put-aside'], bytes),
        headers: {},
        body: bytes,
        receivedAt: store.now(),
        subscriber,
      },
      code,
      params: { at, ...params } satisfies MessageParams,
    };
  });
  for (const answer of await store.executeAll(putAsideHandler, commands))
    if (answer.status === 'rejected') throw answer.reason;
}

/** @throws ChannelFault `polling.page-repeats` */
function refuseCircle(
  { records, bad, page }: OrderPage,
  seen: Map<string, number>,
  { channel, shop }: PolledAccount,
): void {
  const hash = createHash('sha256');
  for (const { channelOrderId, modifiedAt } of records) hash.update(`${channelOrderId}\n${modifiedAt}\n`);
  for (const { body } of bad) hash.update(body);
  const digest = hash.digest('base64');
  const times = (seen.get(digest) ?? 0) + 1;
  seen.set(digest, times);
  if (times >= (records.length + bad.length === 0 ? mostEmpty : mostAlike))
    throw new ChannelFault('platform', 'polling.page-repeats', { channel, shop, page });
}
