import assert from 'node:assert/strict';
import { Inbox, type Receipt } from '../../../core/delivery/inbox.ts';
import type { Store } from '../../../core/store/store.ts';
import { type AnyPlace, onEachStore } from '../store/each-store.ts';
import { rowsFor } from './deliveries.ts';

function receipt(more: Partial<Receipt> = {}): Receipt {
  return {
    account: 'shop-one',
    topic: 'orders/paid',
    deliveryKey: 'd-1',
    contentKey: 'c-1',
    headers: { 'content-type': 'application/json' },
    body: Buffer.from('{"id":1}'),
    receivedAt: Date.UTC(2026, 0, 5),
    subscriber: 'webhook:shop-one',
    ...more,
  };
}

onEachStore('inbox', (makePlace) => {
  let place: AnyPlace;
  let store: Store;
  let inbox: Inbox;

  beforeEach(async () => {
    place = await makePlace();
    store = await place.open();
    inbox = new Inbox(store);
  });
  afterEach(() => place.dispose());

  const records = () => store.read.selectFrom('inbox').selectAll().orderBy('id').execute();

  it('stores the bytes as they came, with one delivery', async () => {
    const body = Buffer.from([0x7b, 0x22, 0xff, 0x00, 0x80]);
    const { id, repeated } = await inbox.receive(receipt({ body }));
    assert.equal(repeated, false);
    const [record, ...others] = await records();
    assert.equal(others.length, 0);
    assert.deepEqual(Buffer.from(record!.body), body);
    assert.equal(record!.id, id);
    const deliveries = await rowsFor(store, 'webhook:shop-one');
    assert.deepEqual(
      deliveries.map(({ topic, key, ref, state }) => ({ topic, key, ref, state })),
      [{ topic: 'inbox', key: `inbox:${id}`, ref: id, state: 'ready' }],
    );
  });

  it('takes any view of bytes', async () => {
    const bytes = new Uint8Array([1, 2, 3, 4, 5, 6]).subarray(2, 5);
    await inbox.receive(receipt({ body: bytes }));
    assert.deepEqual([...(await records())[0]!.body], [3, 4, 5]);
  });

  it('keeps headers and signatures, never what authorises a caller', async () => {
    await inbox.receive(
      receipt({
        headers: {
          Authorization: 'Basic c2VjcmV0',
          'proxy-authorization': 'x',
          Cookie: 'session=1',
          'set-cookie': ['a=1'],
          'x-shopify-hmac-sha256': 'c2ln',
          'x-forwarded-for': ['203.0.113.9', '203.0.113.10'],
          'x-missing': undefined,
        },
      }),
    );
    assert.deepEqual(JSON.parse((await records())[0]!.headers), {
      'x-shopify-hmac-sha256': 'c2ln',
      'x-forwarded-for': ['203.0.113.9', '203.0.113.10'],
    });
  });

  it('knows a repeat by the delivery id and by the content, and answers the first id', async () => {
    const first = await inbox.receive(receipt());
    const repeats = [
      await inbox.receive(receipt({ contentKey: 'other' })),
      await inbox.receive(receipt({ deliveryKey: 'other' })),
      await inbox.receive(receipt({ deliveryKey: null })),
    ];
    for (const repeat of repeats) assert.deepEqual(repeat, { id: first.id, repeated: true });
    assert.equal((await records()).length, 1);
    assert.equal((await rowsFor(store, 'webhook:shop-one')).length, 1);
  });

  it('names the record with the same delivery id when the content is that of another one', async () => {
    const one = await inbox.receive(receipt());
    await inbox.receive(receipt({ deliveryKey: 'd-2', contentKey: 'c-2' }));
    const mixed = await inbox.receive(receipt({ deliveryKey: 'd-1', contentKey: 'c-2' }));
    assert.deepEqual(mixed, { id: one.id, repeated: true });
  });

  it('does not take another account for the same sender', async () => {
    await inbox.receive(receipt());
    const other = await inbox.receive(receipt({ account: 'shop-two', subscriber: 'webhook:shop-two' }));
    assert.equal(other.repeated, false);
  });

  it('takes records without any key as new each time', async () => {
    const bare = receipt({ deliveryKey: null, contentKey: null });
    const ids = [(await inbox.receive(bare)).id, (await inbox.receive(bare)).id];
    assert.equal(new Set(ids).size, 2);
  });

  it('hands records of one key over one after another when the caller says so', async () => {
    await inbox.receive(receipt({ key: 'shopify/main/1001' }));
    assert.deepEqual(
      (await rowsFor(store, 'webhook:shop-one')).map((row) => row.key),
      ['shopify/main/1001'],
    );
  });

  it('stores each of 200 messages that arrive at once, repeats among them, once', async () => {
    const sent = Array.from({ length: 200 }, (_, index) => {
      const number = index % 80;
      return receipt({ deliveryKey: `d-${number}`, contentKey: `c-${number}` });
    });
    const answers = await Promise.all(sent.map((one) => inbox.receive(one)));
    assert.equal(answers.filter(({ repeated }) => !repeated).length, 80);
    const stored = await records();
    assert.equal(stored.length, 80);
    const idOf = new Map(stored.map((record) => [record.delivery_key, record.id]));
    answers.forEach(({ id }, index) => {
      assert.equal(id, idOf.get(sent[index]!.deliveryKey));
    });
    const refs = (await rowsFor(store, 'webhook:shop-one')).map((row) => row.ref);
    assert.deepEqual(
      refs,
      stored.map((record) => record.id),
    );
  });

  it('stores an array of records, each with its own answer', async () => {
    const [one] = await inbox.receiveAll([receipt()]);
    const answers = await inbox.receiveAll([
      receipt({ deliveryKey: 'd-2', contentKey: 'c-2' }),
      receipt(),
      receipt({ deliveryKey: 'd-3', contentKey: 'c-3' }),
    ]);
    assert.deepEqual(
      answers.map(({ repeated }) => repeated),
      [false, true, false],
    );
    assert.equal(answers[1]!.id, one!.id);
  });

  it('refuses the whole array when one record cannot be stored', async () => {
    const broken = receipt({ topic: null as unknown as string, deliveryKey: 'd-9', contentKey: 'c-9' });
    await assert.rejects(inbox.receiveAll([receipt(), broken]), /not.null/i);
    const [again] = await inbox.receiveAll([receipt()]);
    assert.equal(again!.repeated, true);
  });

  it('wakes the subscriber once it is durable', async () => {
    const woken: string[] = [];
    store.onWake((subscriber) => woken.push(subscriber));
    await inbox.receive(receipt());
    await inbox.receive(receipt());
    assert.deepEqual(woken, ['webhook:shop-one']);
  });

  it('knows when the last record of an account was received', async () => {
    assert.equal(await inbox.lastReceivedAt('shop-one'), null);
    await inbox.receive(receipt());
    await inbox.receive(receipt({ deliveryKey: 'd-2', contentKey: 'c-2', receivedAt: Date.UTC(2026, 0, 6) }));
    await inbox.receive(receipt({ account: 'shop-two', receivedAt: Date.UTC(2026, 0, 7) }));
    assert.equal(await inbox.lastReceivedAt('shop-one'), Date.UTC(2026, 0, 6));
  });
});
