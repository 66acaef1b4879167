import { findRepeated, lastRecord } from '../store/queries/inbox.ts';
import type { CommandHandler, Store, Tx } from '../store/store.ts';
import { enqueue, type NewDelivery } from './enqueue.ts';

/** A record as a channel sent it. */
export interface Receipt {
  /** Path of the channel account it came in by. */
  account: string;
  topic: string;
  /** The sender's id of this delivery, if it gives one. */
  deliveryKey: string | null;
  /** Hash of what was sent. */
  contentKey: string | null;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Uint8Array;
  /** Epoch milliseconds. */
  receivedAt: number;
  /** Who gets it. */
  subscriber: string;
  /**
   * Records of one key are handed over one after another. By default each has a key of its own: versions of one
   * order may come in any order anyway, and saving an order judges them by their version.
   */
  key?: string;
}

export interface Received {
  /** Id of the record; of the first one when it is a repeat. */
  id: number;
  /** True when the same delivery or the same content was received before; nothing was written then. */
  repeated: boolean;
}

export interface LastRecord {
  id: number;
  topic: string;
  body: Uint8Array;
  /** Epoch milliseconds. */
  receivedAt: number;
}

/** Headers that hold secrets of who sent or relayed a request. */
const secretHeaders: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
]);

/** How far back the last record of an account is looked for. */
const recentRecords = 10_000;

/** Where raw records become durable before anybody is told that they arrived. */
export class Inbox {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Stores a record and its delivery once; resolves when both are durable. */
  receive(receipt: Receipt): Promise<Received> {
    return this.#store.execute(receiveHandler, receipt);
  }

  /**
   * Stores several records that came in one request. Rejects when one of them could not be stored: those that
   * could are repeats when the request comes again.
   */
  async receiveAll(receipts: readonly Receipt[]): Promise<Received[]> {
    const answers = await this.#store.executeAll(receiveHandler, receipts);
    return answers.map((answer) => {
      if (answer.status === 'rejected') throw answer.reason;
      return answer.value;
    });
  }

  /** The account's last record, if it is among the inbox's last 10,000. */
  async last(account: string): Promise<LastRecord | null> {
    const row = await lastRecord(this.#store.read, account, recentRecords);
    return row ? { id: row.id, topic: row.topic, body: row.body, receivedAt: row.received_at } : null;
  }

  /** When the account's last record was received; epoch milliseconds. */
  async lastReceivedAt(account: string): Promise<number | null> {
    return (await this.last(account))?.receivedAt ?? null;
  }
}

const receiveHandler: CommandHandler<Receipt, Received> = { name: 'inbox.receive', run: receive };

/** Stores records and their deliveries in a transaction that writes more than these. */
export async function receive(tx: Tx, receipts: readonly Receipt[]): Promise<Received[]> {
  const answers = await storeOnce(tx, receipts);
  const deliveries: NewDelivery[] = [];
  for (const [index, { id, repeated }] of answers.entries()) {
    if (repeated) continue;
    const { subscriber, key = `inbox:${id}` } = receipts[index]!;
    deliveries.push({ topic: 'inbox', subscriber, key, ref: id });
  }
  await enqueue(tx, deliveries);
  return answers;
}

/** Stores records without handing them to anybody. */
export async function storeOnce(tx: Tx, receipts: readonly Receipt[]): Promise<Received[]> {
  const ids = await tx.insertNew(
    'inbox',
    receipts.map((receipt) => ({
      account: receipt.account,
      topic: receipt.topic,
      delivery_key: receipt.deliveryKey,
      content_key: receipt.contentKey,
      headers: keptHeaders(receipt.headers),
      body: receipt.body,
      received_at: receipt.receivedAt,
    })),
  );
  const answers: Received[] = [];
  for (const [index, receipt] of receipts.entries()) {
    const id = ids[index]!;
    answers.push(id === null ? { id: await firstOf(tx, receipt), repeated: true } : { id, repeated: false });
  }
  return answers;
}

async function firstOf(tx: Tx, receipt: Receipt): Promise<number> {
  const id = await findRepeated(tx.db, receipt.account, receipt.deliveryKey, receipt.contentKey);
  if (id === undefined) throw new Error('A record was refused as a repeat, but what it repeats is not there');
  return id;
}

function keptHeaders(headers: Receipt['headers']): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(headers).filter(([name]) => !secretHeaders.has(name.toLowerCase()))),
  );
}
