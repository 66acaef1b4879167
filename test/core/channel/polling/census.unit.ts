import assert from 'node:assert/strict';
import { ChannelFault, callerFault, platformFault } from '../../../../core/channel/connection/fault.ts';
import { daysAfter, dueDay, spanOfDay } from '../../../../core/channel/polling/census/day.ts';
import { censusSentence } from '../../../../core/channel/polling/census/sheet.ts';
import { Orders } from '../../../../core/order/orders.ts';
import { anOrder } from '../../order/an-order.ts';
import { onEachStore } from '../../store/each-store.ts';
import { hour, minute, throttled } from './fake-shop.ts';
import { account, PollingCase } from './polling-case.ts';

describe('days of a census', () => {
  const iso = (day: string, zone: string) => {
    const { from, until } = spanOfDay(day, zone);
    return `${new Date(from).toISOString()} ${(until - from) / hour} h`;
  };

  it('begin and end where the shop is, whatever the zone of the server', () => {
    assert.equal(iso('2026-11-21', 'UTC'), '2026-11-21T00:00:00.000Z 24 h');
    assert.equal(iso('2026-11-21', 'Asia/Shanghai'), '2026-11-20T16:00:00.000Z 24 h');
    assert.equal(iso('2026-11-21', 'America/New_York'), '2026-11-21T05:00:00.000Z 24 h');
  });

  it('have 23 or 25 hours where the clocks change, and no gap between them', () => {
    assert.equal(iso('2026-03-08', 'America/New_York'), '2026-03-08T05:00:00.000Z 23 h');
    assert.equal(iso('2026-11-01', 'America/New_York'), '2026-11-01T04:00:00.000Z 25 h');
    // Midnight itself is skipped there: the day begins at one.
    assert.equal(iso('2026-03-28', 'Asia/Beirut'), '2026-03-27T22:00:00.000Z 24 h');
    assert.equal(iso('2026-03-29', 'Asia/Beirut'), '2026-03-28T22:00:00.000Z 23 h');
    for (const zone of ['America/New_York', 'Asia/Beirut', 'Asia/Shanghai', 'Australia/Lord_Howe'])
      for (let day = '2026-01-01'; day < '2027-01-01'; day = daysAfter(day, 1))
        assert.equal(spanOfDay(day, zone).until, spanOfDay(daysAfter(day, 1), zone).from, `${zone} ${day}`);
  });

  it('are due when they are over and read to their end, one after another, a week back at most', () => {
    const zone = 'Asia/Shanghai';
    const watermark = Date.parse('2026-11-22T16:10:00Z');
    const coveredFrom = Date.parse('2026-10-01T00:00:00Z');
    assert.equal(dueDay({ counted: '2026-11-21', watermark, coveredFrom }, zone), '2026-11-22');
    assert.equal(dueDay({ counted: '2026-11-22', watermark, coveredFrom }, zone), null);
    assert.equal(
      dueDay({ counted: '2026-11-22', watermark: watermark - 11 * minute, coveredFrom }, zone),
      null,
    );
    assert.equal(dueDay({ counted: null, watermark, coveredFrom }, zone), '2026-11-16');
    assert.equal(dueDay({ counted: '2026-10-03', watermark, coveredFrom }, zone), '2026-11-16');
    assert.equal(
      dueDay({ counted: null, watermark, coveredFrom: watermark }, zone),
      null,
      'not from before it read',
    );
  });
});

onEachStore('the census of a channel', (makePlace) => {
  let one: PollingCase;
  beforeEach(async () => {
    one = await PollingCase.begin(makePlace);
  });
  afterEach(() => one.end());

  const census = { everyMs: hour };

  /** Lets minutes go by until so many counts were made. */
  async function counts(count: number): Promise<void> {
    for (let minutes = 0; minutes < 200 && one.censuses.length < count; minutes += 1)
      await one.sheetAfter(minute);
    await one.until(() => one.censuses.length >= count, 'the orders were counted');
  }

  it('says that all are here', async () => {
    one.poller({ census });
    await one.nextSheet();
    for (let n = 0; n < 7; n += 1) one.shop.put(`o-${n}`, one.time.now() + n * minute);
    await counts(1);
    await counts(2);
    const sheet = one.censuses[1]!;
    assert.deepEqual(
      [sheet.kind, sheet.listed, sheet.total, sheet.had, sheet.missing],
      ['recent', 7, 7, 7, 0],
    );
    assert.equal(censusSentence(sheet, account, 'en-US'), 'fake/main: 7 of 7 orders are here.');
    assert.equal(sheet.saved, null, 'no flow saves orders here');
  });

  it('fetches at once what the list of the channel left out, and says so', async () => {
    one.poller({ census });
    await one.nextSheet();
    one.shop.put('A', one.time.now() + minute);
    one.shop.put('B', one.time.now() + minute);
    one.shop.hidden.add('B');
    await counts(2);
    const sheet = one.censuses.find(({ fetched }) => fetched > 0)!;
    assert.deepEqual([sheet.listed, sheet.had, sheet.fetched, sheet.missing], [2, 1, 1, 0]);
    assert.deepEqual(
      sheet.gaps.map(({ channelOrderId, was, became }) => [channelOrderId, was, became]),
      [['B', 'absent', 'fetched']],
    );
    assert.match(censusSentence(sheet, account, 'zh-CN'), /2 单中已有 2 单，其中 1 单缺失，已补取/);
    assert.deepEqual(
      (await one.bodies()).map(({ id }) => id),
      ['A', 'B'],
    );
  });

  it('fetches what is here in an older state, and knows what is gone', async () => {
    one.poller({ census });
    await one.nextSheet();
    const begun = one.time.now();
    one.shop.put('A', begun + minute);
    await one.sheetAfter(minute);
    await one.sheetAfter(minute);
    one.shop.put('A', begun + 3 * minute, 'shipped');
    one.shop.put('B', begun + 3 * minute);
    one.shop.hidden.add('A').add('B');
    const source = one.shop.connection().orders!;
    const { order } = source;
    await one.pollers[0]!.stop();
    const withoutB = {
      ...source,
      window: source.window,
      order: (id: string, signal: AbortSignal) => (id === 'B' ? Promise.resolve(null) : order(id, signal)),
    };
    one.poller({ census, connect: async () => ({ ...one.shop.connection(), orders: withoutB }) });
    await counts(2);
    const sheet = one.censuses.find(({ gone }) => gone > 0)!;
    assert.deepEqual([sheet.fetched, sheet.gone, sheet.missing], [1, 1, 0]);
    assert.ok((await one.bodies()).some(({ id, state }) => id === 'A' && state === 'shipped'));
  });

  it('names what stays missing and why, and goes on counting', async () => {
    one.poller({ census });
    await one.nextSheet();
    for (const id of ['A', 'B']) {
      one.shop.put(id, one.time.now() + minute);
      one.shop.hidden.add(id);
    }
    const refused = callerFault({
      platform: 'Fake',
      call: 'order',
      code: 'isv.trade',
      said: 'no such right',
    });
    const begun = one.shop.connection;
    one.shop.connection = () => {
      const connection = begun.call(one.shop);
      const source = connection.orders!;
      const order = (id: string, signal: AbortSignal) => {
        if (id === 'A') return Promise.reject(refused);
        return source.order(id, signal);
      };
      return { ...connection, orders: { ...source, window: source.window, order } };
    };
    await counts(2);
    const sheet = one.censuses.find(({ missing }) => missing > 0)!;
    assert.deepEqual([sheet.fetched, sheet.missing, sheet.fault], [1, 1, null]);
    assert.match(
      censusSentence(sheet, account, 'en-US'),
      /1 of 2 orders are here, 1 are missing\. First: A: .*no such right/,
    );
  });

  /** A shop that fails to show some orders one by one. */
  function failsFor(faultOf: (id: string) => Error | undefined): string[] {
    const fetched: string[] = [];
    const begun = one.shop.connection;
    one.shop.connection = () => {
      const connection = begun.call(one.shop);
      const source = connection.orders!;
      const order = (id: string, signal: AbortSignal) => {
        fetched.push(id);
        const fault = faultOf(id);
        return fault ? Promise.reject(fault) : source.order(id, signal);
      };
      return { ...connection, orders: { ...source, window: source.window, order } };
    };
    return fetched;
  }

  it('names an order that cannot be read, whatever the reason, and fetches all others', async () => {
    one.poller({ census });
    await one.nextSheet();
    for (const id of ['A', 'B', 'C', 'D']) {
      one.shop.put(id, one.time.now() + minute);
      one.shop.hidden.add(id);
    }
    const faults: Record<string, Error> = {
      A: platformFault({ platform: 'Fake', call: 'order', code: '500', said: 'broken' }),
      B: new TypeError("Cannot read properties of null (reading 'lines')"),
      C: new ChannelFault('platform', 'channel.record-without-id', { field: 'id' }),
    };
    failsFor((id) => faults[id]);
    await counts(2);
    const sheet = one.censuses.find(({ missing }) => missing > 0)!;
    assert.deepEqual([sheet.fetched, sheet.missing, sheet.fault], [1, 3, null]);
    assert.deepEqual(
      sheet.gaps.map(({ channelOrderId, became, code }) => [channelOrderId, became, code]),
      [
        ['A', 'missing', 'channel.platform-trouble'],
        ['B', 'missing', 'polling.order-broken'],
        ['C', 'missing', 'channel.record-without-id'],
        ['D', 'fetched', undefined],
      ],
    );
    assert.match(censusSentence(sheet, account, 'zh-CN'), /缺 3 单。例如：A：?/);
  });

  it('breaks off where order after order fails, and fetches the others first the next time', async () => {
    const fetched = failsFor((id) =>
      id < 'o-12' ? platformFault({ platform: 'Fake', call: 'order', code: '500', said: '' }) : undefined,
    );
    const tries: string[][] = [];
    one.poller({
      census,
      onCensus: (sheet) => {
        one.censuses.push(sheet);
        tries.push(fetched.splice(0));
      },
    });
    await one.nextSheet();
    for (let n = 0; n < 14; n += 1) {
      const id = `o-${String(n).padStart(2, '0')}`;
      one.shop.put(id, one.time.now() + minute);
      one.shop.hidden.add(id);
    }
    await counts(1);
    while (tries.flat().length === 0) await counts(one.censuses.length + 1);
    const broken = tries.findIndex((ids) => ids.length > 0);
    const { fault, missing, fetched: count } = one.censuses[broken]!;
    assert.deepEqual([fault?.code, missing, count], ['channel.platform-trouble', 14, 0]);
    assert.equal(tries[broken]!.length, 10);
    await counts(broken + 2);
    assert.equal(one.censuses[broken + 1]!.fetched, 2);
    assert.deepEqual(tries[broken + 1]!.slice(0, 4), ['o-10', 'o-11', 'o-12', 'o-13']);
  });

  it('is broken off by a throttling channel, with the sheet, while orders are read on', async () => {
    one.poller({ census });
    await one.nextSheet();
    one.shop.put('A', one.time.now() + minute);
    const connection = one.shop.connection;
    let isThrottled = true;
    one.shop.connection = () => {
      const made = connection.call(one.shop);
      const source = made.orders!;
      return {
        ...made,
        orders: {
          ...source,
          window: source.window,
          async *stamps(window, signal) {
            if (isThrottled) throw throttled(5_000);
            yield* source.stamps(window, signal);
          },
        },
      };
    };
    await counts(1);
    assert.equal(one.censuses[0]!.fault?.code, 'channel.throttled');
    const sheet = await one.sheetAfter(minute);
    assert.equal(sheet.fault, null);
    isThrottled = false;
    await counts(one.censuses.length + 1);
    assert.equal(one.censuses.at(-1)!.fault, null);
  });

  it('counts whole days of the shop once they are over, and what flows have saved of them', async () => {
    // 8 in the morning, UTC; in Shanghai the day ends in 8 hours.
    one.poller({ census: { everyMs: 24 * hour } });
    await one.nextSheet();
    const begun = one.time.now();
    const orders = new Orders(one.store);
    for (let n = 0; n < 4; n += 1) one.shop.put(`o-${n}`, begun + (n + 1) * hour);
    one.shop.put('tomorrow', begun + 9 * hour);
    for (let n = 0; n < 3; n += 1)
      await orders.save({
        order: anOrder({ channel: 'fake', shop: 'main', channelOrderId: `o-${n}` }),
        inboxId: null,
        arrivedAt: begun,
      });
    for (let minutes = 0; minutes < 10 * 6; minutes += 1) await one.sheetAfter(10 * minute);
    await one.until(() => one.censuses.some(({ kind }) => kind === 'day'), 'the day was counted');
    const days = one.censuses.filter(({ kind }) => kind === 'day');
    assert.equal(days.length, 1);
    const [day] = days;
    assert.deepEqual(
      [day!.day, day!.zone, day!.listed, day!.had, day!.saved],
      ['2026-01-05', 'Asia/Shanghai', 4, 4, 3],
    );
    assert.equal(new Date(day!.windowUntil).toISOString(), '2026-01-05T16:00:00.000Z');
    assert.equal(day!.windowFrom, begun, 'not what changed before it read');
    assert.deepEqual(day!.unsaved, [{ channelOrderId: 'o-3', why: 'waiting' }]);
  });
});
