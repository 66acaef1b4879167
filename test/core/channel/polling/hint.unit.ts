import assert from 'node:assert/strict';
import { AccountCall } from '../../../../core/channel/connection/call/account-call.ts';
import { AccountPacing } from '../../../../core/channel/connection/call/account-pacing.ts';
import type { ChannelMessage, MessageSourceEvents } from '../../../../core/channel/connection/messages-in.ts';
import type { OrderSource } from '../../../../core/channel/connection/order-source.ts';
import { pollSubscriber } from '../../../../core/channel/polling/account.ts';
import { kindOf, rereadOrder } from '../../../../core/channel/polling/hint.ts';
import { MessageIntake, type MessageState } from '../../../../core/channel/polling/message-intake.ts';
import { DeliverySource } from '../../../../core/delivery/source.ts';
import { onEachStore } from '../../store/each-store.ts';
import { minute, throttled } from './fake-shop.ts';
import { account, PollingCase } from './polling-case.ts';

const subscriber = pollSubscriber(account.path);
const signal = new AbortController().signal;
const message = (id: string, order: string | null): ChannelMessage => ({
  id,
  topic: 'trade-paid',
  channelOrderId: order,
  body: JSON.stringify({ id, order }),
});

/** The pacing of an account whose platform wants no requests for so many milliseconds. */
function held(ms: number): AccountPacing {
  const pacing = new AccountPacing(1e6);
  pacing.hold(ms);
  return pacing;
}

onEachStore('messages of a channel', (makePlace) => {
  let one: PollingCase;
  let intake: MessageIntake;
  let events: MessageSourceEvents | undefined;
  let ended: boolean;
  let fault: Error | undefined;
  const states: MessageState[] = [];

  beforeEach(async () => {
    one = await PollingCase.begin(makePlace);
    events = undefined;
    ended = false;
    fault = undefined;
    states.length = 0;
    intake = new MessageIntake({
      store: one.store,
      candidacy: { leads: () => one.leads, resign: async () => undefined },
      timers: one.time,
      account,
      subscriber,
      onState: (state) => states.push(state),
      connect: async () => ({
        ...one.shop.connection(),
        messages: {
          transport: 'pull',
          listen: (given, until) =>
            new Promise((resolve, reject) => {
              if (fault) {
                reject(fault);
                return;
              }
              events = given;
              given.onState({ kind: 'open' });
              until.addEventListener('abort', () => {
                ended = true;
                resolve();
              });
            }),
        },
      }),
    });
    intake.start();
  });
  afterEach(async () => {
    await intake.stop();
    await one.end();
  });

  const open = () => one.until(() => events !== undefined, 'it listens');
  it('are durable before they are acknowledged, each once', async () => {
    await open();
    await events!.onMessages([message('m1', 'A'), message('m2', null)]);
    await events!.onMessages([message('m1', 'A')]);
    const rows = await one.store.read
      .selectFrom('inbox')
      .select(['topic', 'delivery_key'])
      .orderBy('id')
      .execute();
    assert.deepEqual(
      rows.map((row) => row.delivery_key),
      ['m1', 'm2'],
    );
    assert.deepEqual([intake.state().phase, intake.state().taken], ['open', 2]);
  });

  it('hint at an order that is read again, several that waited by one question', async () => {
    await open();
    one.shop.put('A', one.time.now(), 'paid');
    await events!.onMessages([message('m1', 'A'), message('m2', 'A'), message('m3', null)]);
    const hints = await one.store.read.selectFrom('inbox').selectAll().orderBy('id').execute();
    const kinds = hints.map((row) =>
      kindOf({ topic: row.topic, headers: JSON.parse(row.headers), body: Buffer.from(row.body) }, {}, true),
    );
    assert.deepEqual(kinds, [
      { kind: 'hint', channelOrderId: 'A' },
      { kind: 'hint', channelOrderId: 'A' },
      { kind: 'none' },
    ]);
    const deliveries = await one.store.read.selectFrom('deliveries').select('key').orderBy('id').execute();
    assert.deepEqual(
      deliveries.map(({ key }) => key.startsWith('hint:')),
      [true, true, false],
      'hints of one order wait for one another',
    );
    const reread = {
      store: one.store,
      account,
      subscriber,
      source: one.shop.source(),
      channelOrderId: 'A',
      hintedAt: one.time.now(),
      signal,
    };
    await rereadOrder(reread);
    await rereadOrder(reread);
    assert.equal(one.shop.asked.filter(({ what }) => what === 'order').length, 1);
    one.time.jump(1_000);
    await rereadOrder({ ...reread, hintedAt: one.time.now() });
    assert.equal(one.shop.asked.filter(({ what }) => what === 'order').length, 2, 'a later hint asks anew');
    const orders = await one.store.read
      .selectFrom('inbox')
      .select('id')
      .where('topic', '=', 'order')
      .execute();
    assert.equal(orders.length, 1, 'and brings the same state once');
  });

  it('fail to be read again with what the channel says, for the delivery to come again', async () => {
    const reread = {
      store: one.store,
      account,
      subscriber,
      source: one.shop.source(),
      channelOrderId: 'X',
      hintedAt: one.time.now(),
      signal,
    };
    await assert.rejects(rereadOrder(reread), { code: 'polling.order-unknown', retryable: true });
    one.shop.faults = [throttled(7_000)];
    await assert.rejects(rereadOrder(reread), { code: 'channel.throttled', retryAfterMs: 7_000 });
    one.shop.put('X', one.time.now());
    await rereadOrder(reread);
    assert.equal((await one.bodies())[0]?.id, 'X');
  });

  it('wait by their retry while the platform wants no requests, and keep nobody else waiting', async () => {
    const hold = 60 * minute;
    const { call } = new AccountCall({ platform: 'Fake', pacing: held(hold), attempts: 4 });
    const source: OrderSource = {
      ...one.shop.source(),
      window: one.shop.rules,
      order: (id, until) =>
        call(
          () => ({ name: 'order', method: 'GET', url: 'http://127.0.0.1:9/', repeatable: true }),
          () => ({ channelOrderId: id, modifiedAt: null, body: '{}' }),
          until,
        ),
    };
    await open();
    await events!.onMessages(Array.from({ length: 70 }, (_, n) => message(`m${n}`, `o-${n}`)));
    await events!.onMessages([message('none', null)]);
    let passed = 0;
    const handing = new DeliverySource(one.store, {
      subscriber,
      maxInFlight: 64,
      async handler({ inbox, createdAt }) {
        const what = kindOf(inbox!, {}, true);
        if (what.kind !== 'hint') {
          passed += 1;
          return 'done';
        }
        const { channelOrderId } = what;
        await rereadOrder({
          store: one.store,
          account,
          subscriber,
          source,
          channelOrderId,
          hintedAt: createdAt,
          signal,
        });
        return 'done';
      },
    });
    await handing.start();
    const deliveries = () =>
      one.store.read.selectFrom('deliveries').select(['state', 'available_at', 'last_error']).execute();
    try {
      await one.until(() => passed === 1, 'what needs no request went past 70 hints that wait');
    } finally {
      await handing.stop();
    }
    const waiting = (await deliveries()).filter(({ state }) => state === 'ready');
    assert.equal(waiting.length, 70);
    for (const { available_at: at, last_error: error } of waiting) {
      assert.match(error ?? '', /channel\.held/);
      assert.ok(at > one.time.now() + hold - minute, 'tried again when the platform wants requests');
    }
  });

  it('are taken by one process at a time', async () => {
    await open();
    one.leads = false;
    await one.time.advance(5_000);
    await one.until(() => ended && intake.state().phase === 'standby', 'it lets go');
  });

  it('are listened for again after a fault, later each time', async () => {
    await open();
    await intake.stop();
    fault = throttled(30_000);
    const again = new MessageIntake({
      store: one.store,
      candidacy: { leads: () => true, resign: async () => undefined },
      timers: one.time,
      account,
      subscriber,
      connect: async () => {
        throw fault;
      },
    });
    again.start();
    await one.until(() => again.state().phase === 'waiting', 'it waits');
    assert.equal(again.state().retryAt, one.time.now() + 30_000);
    assert.equal(again.state().trouble?.kind, 'throttled');
    await again.stop();
  });
});

describe('a webhook that only hints', () => {
  const platform = {
    hintOf: ({ topic, body }: { topic: string; body: unknown }) =>
      topic === 'trade' ? String((body as { tid: string }).tid) : null,
  };
  const record = (topic: string, body: string, headers: Record<string, string> = {}) =>
    kindOf({ topic, headers, body: Buffer.from(body) }, platform, false);

  it('is told from one that is the order itself', () => {
    assert.deepEqual(record('trade', '{"tid":9007199254740993123}'), {
      kind: 'hint',
      channelOrderId: '9007199254740993123',
    });
    assert.deepEqual(record('other', '{}'), { kind: 'record' });
    assert.deepEqual(record('order', '{"tid":1}'), { kind: 'record' }, 'what was read is no hint again');
  });

  it('cannot be made one by its sender', () => {
    assert.deepEqual(record('other', '{}', { 'order-hub-hint': 'X' }), { kind: 'record' });
  });
});
