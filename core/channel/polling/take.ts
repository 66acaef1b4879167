import { createHash } from 'node:crypto';
import { type Receipt, receive } from '../../delivery/inbox.ts';
import { orderKey } from '../../order/key.ts';
import { channelOrders, keepChannelOrders, savedModified } from '../../store/queries/channel-polls.ts';
import type { NewRow, Row } from '../../store/schema.ts';
import type { CommandHandler, Store, Tx } from '../../store/store.ts';
import type { ChannelRecord } from '../connection/order-source.ts';
import { contentKey } from '../content-key.ts';
import { type PolledAccount, recordTopic } from './account.ts';

/**
 * What a record told the hub. `fresh`: an order it did not know; `changed`: news of one it knew; `stale`: a state
 * older than the one it has; `repeated`: what it has already.
 */
export type Novelty = 'fresh' | 'changed' | 'stale' | 'repeated';

export interface Take {
  account: PolledAccount;
  subscriber: string;
  records: readonly ChannelRecord[];
  /** When the question was asked that they answer, epoch milliseconds. */
  askedAt: number;
  /** Whether they were asked for by their ids, so that a hint from before `askedAt` says nothing new. */
  byId: boolean;
}

/** Stored in one transaction at most: neither many records nor long ones may hold others up. */
const most = { records: 100, characters: 1_000_000 };

/**
 * Stores records of a channel and hands them on, each state of an order once, and keeps what is known of each order
 * in the same transaction. Answers in the records' order once everything is durable.
 */
export async function takeRecords(store: Store, take: Take): Promise<Novelty[]> {
  const answers: Novelty[] = [];
  // One after another: two states of one order may stand on two sides of a border.
  for (const records of partsOf(take.records))
    answers.push(...(await store.execute(takeHandler, { ...take, records })));
  return answers;
}

/** Parts small enough for a transaction, in none of which an order stands twice. */
function* partsOf(records: readonly ChannelRecord[]): Generator<ChannelRecord[]> {
  let part = new Map<string, ChannelRecord>();
  let characters = 0;
  for (const record of records) {
    const isFull = part.size >= most.records || characters + record.body.length > most.characters;
    if (part.has(record.channelOrderId) || (part.size > 0 && isFull)) {
      yield [...part.values()];
      part = new Map();
      characters = 0;
    }
    part.set(record.channelOrderId, record);
    characters += record.body.length;
  }
  if (part.size > 0) yield [...part.values()];
}

const takeHandler: CommandHandler<Take, Novelty[]> = {
  name: 'channel.take',
  async run(tx, commands) {
    const answers: Novelty[][] = [];
    for (const command of commands) answers.push(await taken(tx, command));
    return answers;
  },
};

type Known = NewRow<'channel_orders'>;

/** A record that says something else than the last one of its order. */
interface News {
  index: number;
  record: ChannelRecord;
  before: Known | undefined;
  digest: string;
  receipt: Receipt & { contentKey: string };
}

async function taken(tx: Tx, { account, subscriber, records, askedAt, byId }: Take): Promise<Novelty[]> {
  const known = await knownOf(tx, account, records);
  const answers = records.map((): Novelty => 'repeated');
  const kept: Known[] = [];
  const news: News[] = [];
  for (const [index, record] of records.entries()) {
    const before = known.rows.get(record.channelOrderId);
    const digest = createHash('sha256').update(record.body).digest('hex');
    if (before && before.digest === digest && before.modified_at === record.modifiedAt) {
      if (byId) kept.push({ ...before, reread_at: askedAt });
      continue;
    }
    const body = Buffer.from(record.body);
    const receipt = {
      account: account.path,
      topic: recordTopic,
      deliveryKey: null,
      contentKey: keyOf(record, before, body),
      headers: {},
      body,
      receivedAt: tx.now,
      subscriber,
    };
    news.push({ index, record, before, digest, receipt });
  }
  const received = await receive(
    tx,
    news.map(({ receipt }) => receipt),
  );
  for (const [at, { index, record, before, digest, receipt }] of news.entries()) {
    const { id, repeated } = received[at]!;
    const novelty = noveltyOf(record, before, known.saved.get(record.channelOrderId));
    answers[index] = repeated ? 'repeated' : novelty;
    if (before && novelty === 'stale') {
      if (byId) kept.push({ ...before, reread_at: askedAt });
      continue;
    }
    kept.push({
      account: account.path,
      channel_order_id: record.channelOrderId,
      modified_at: record.modifiedAt,
      digest,
      content_key: receipt.contentKey,
      inbox_id: id,
      received_at: tx.now,
      reread_at: byId ? askedAt : (before?.reread_at ?? null),
    });
  }
  await keepChannelOrders(tx.db, kept);
  return answers;
}

/** @param savedAt when the order last changed by what only others (a webhook) brought */
function noveltyOf(
  { modifiedAt }: ChannelRecord,
  before: Known | undefined,
  savedAt: number | undefined,
): Exclude<Novelty, 'repeated'> {
  if (before) {
    const last = before.modified_at;
    return modifiedAt !== null && typeof last === 'number' && modifiedAt < last ? 'stale' : 'changed';
  }
  if (savedAt === undefined) return 'fresh';
  return modifiedAt !== null && modifiedAt <= savedAt ? 'stale' : 'changed';
}

/** What came by polling before, and what only others (a webhook) brought. */
async function knownOf(
  tx: Tx,
  { path, channel, shop }: PolledAccount,
  records: readonly ChannelRecord[],
): Promise<{ rows: Map<string, Row<'channel_orders'>>; saved: Map<string, number> }> {
  const ids = [...new Set(records.map(({ channelOrderId }) => channelOrderId))];
  const rows = await channelOrders(tx.db, path, ids);
  const keys = new Map(ids.filter((id) => !rows.has(id)).map((id) => [orderKey(channel, shop, id), id]));
  const modified = await savedModified(tx.db, [...keys.keys()]);
  return { rows, saved: new Map([...modified].map(([key, at]) => [keys.get(key)!, at])) };
}

/**
 * Names a state of an order. Where the channel does not say when it changed, or says the same second for several
 * states, an order may come back to a state it had before, with the same bytes: there the name tells what it followed,
 * too.
 */
function keyOf(record: ChannelRecord, before: Known | undefined, body: Buffer): string {
  const { modifiedAt } = record;
  const isTold = modifiedAt !== null && modifiedAt !== before?.modified_at;
  const version = isTold
    ? String(modifiedAt)
    : `${modifiedAt ?? ''} after ${before?.content_key ?? 'nothing'}`;
  return contentKey([recordTopic, record.channelOrderId, version], body);
}
