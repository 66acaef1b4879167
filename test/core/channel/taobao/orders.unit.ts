import assert from 'node:assert/strict';
import { connectTaobao } from '../../../../core/channel/taobao/connection.ts';
import { parseJson } from '../../../../core/json.ts';
import { Chance } from '../../../support/seeded.ts';
import { answeringChannel, faultOf, idle } from '../answering-channel.ts';
import { formOf, pagesOf, sampleText } from '../open-platform.ts';
import { MovingTrades } from './moving-trades.ts';

const hour = 3_600_000;
const now = Date.parse('2026-09-02T12:00:00Z');
/** 11:30 to 12:30 in Beijing, where the samples lie. */
const sampleHour = { from: Date.UTC(2026, 8, 2, 3, 30), until: Date.UTC(2026, 8, 2, 4, 30) };

function opened(shop: MovingTrades) {
  const { connection, asked } = answeringChannel(connectTaobao, (_url, request) => shop.answer(request), {
    now: () => shop.now,
  });
  return { orders: connection.orders!, asked };
}

describe('trades of Taobao', () => {
  it('are asked for with the fields an order needs, in Beijing time, 50 a page', async () => {
    const { connection, asked } = answeringChannel(connectTaobao, () => ({
      body: { trades_sold_increment_get_response: { total_results: 0 } },
    }));
    const window = { from: Date.UTC(2026, 8, 1, 2), until: Date.UTC(2026, 8, 1, 3) };
    const pages = await pagesOf(connection.orders!, window);
    assert.deepEqual(pages, [{ records: [], bad: [], page: 1, pages: 1, total: 0 }]);
    const form = formOf(asked[0]!);
    assert.equal(form.start_modified, '2026-09-01 10:00:00');
    assert.equal(form.end_modified, '2026-09-01 11:00:00');
    assert.equal(form.page_size, '50');
    assert.equal(form.use_has_next, 'false');
    const fields = form.fields!.split(',');
    for (const name of [
      'oaid',
      'created',
      'receiver_name',
      'receiver_address',
      'receiver_mobile',
      'receiver_phone',
    ])
      assert.ok(fields.includes(name), `${name}, without which there is no oaid`);
    for (const name of ['orders', 'step_trade_status', 'payment', 'modified'])
      assert.ok(fields.includes(name), name);
  });

  it('of the sample keep their ids and times, and what the list lacks is read in full', async () => {
    const list = sampleText('taobao/trades_sold_increment_get.page2_has_next').replace(
      '"has_next": true',
      '"total_results": 5',
    );
    const full = sampleText('taobao/trade_fullinfo_get.presale_deposit_paid');
    const { connection, asked } = answeringChannel(connectTaobao, (_url, { name }) => ({
      body: name === 'taobao.trade.fullinfo.get' ? full : list,
    }));
    const [page] = await pagesOf(connection.orders!, sampleHour);
    assert.deepEqual(
      page!.records.map(({ channelOrderId }) => channelOrderId),
      [
        '4100000000000000369',
        '4100000000000000492',
        '4100000000000000493',
        '4100000000000000494',
        '4100000000000000246',
      ],
    );
    assert.equal(page!.records[0]!.modifiedAt, Date.UTC(2026, 8, 2, 4, 0, 1));
    assert.match(page!.records[0]!.body, /"tid":"4100000000000000369"/);
    // The presale, and no other.
    assert.deepEqual(
      asked.map(({ name }) => name),
      ['taobao.trades.sold.increment.get', 'taobao.trade.fullinfo.get'],
    );
    const presale = parseJson(page!.records[4]!.body) as Record<string, unknown>;
    assert.equal(presale.step_paid_fee, '50.00');
    assert.equal(presale.oaid, '1FakeOaidFakeOaidFakeOaidFakeOaidFakeOaid0001');
  });

  it('have no list at all where nothing changed', async () => {
    const empty = sampleText('taobao/trades_sold_increment_get.empty').replace(
      '"has_next": false',
      '"total_results": 0',
    );
    const { connection } = answeringChannel(connectTaobao, () => ({ body: empty }));
    const [page] = await pagesOf(connection.orders!, { from: now - hour, until: now });
    assert.deepEqual(page!.records, []);
  });

  it('are read from the last page to the first, counted once', async () => {
    const shop = new MovingTrades(now);
    for (let index = 0; index < 120; index += 1)
      shop.put(String(4_000 + index), now - 5 * hour + index * 1_000);
    const pages = await pagesOf(opened(shop).orders, { from: now - 6 * hour, until: now - 4 * hour });
    assert.deepEqual(
      shop.asked.map(({ page, counts }) => [page, counts]),
      [
        [1, true],
        [3, false],
        [2, false],
        [1, false],
      ],
    );
    assert.deepEqual(
      pages.map(({ page, pages: of, total }) => [page, of, total]),
      [
        [1, 3, 120],
        [2, 3, 120],
        [3, 3, 120],
      ],
    );
  });

  it('that came in since they were counted stand behind the last page, and are read as well', async () => {
    const shop = new MovingTrades(now);
    for (let index = 0; index < 100; index += 1)
      shop.put(String(4_000 + index), now - 5 * hour + index * 1_000);
    let late = 60;
    shop.meanwhile = () => {
      for (; late > 0; late -= 1) shop.put(String(9_000 + late), now - 6 * hour);
    };
    const pages = await pagesOf(opened(shop).orders, { from: now - 7 * hour, until: now - 4 * hour });
    const ids = new Set(pages.flatMap(({ records }) => records.map(({ channelOrderId }) => channelOrderId)));
    assert.equal(ids.size, 160);
  });

  it('of the last minutes are read apart, so that what enters late moves nobody past the page', async () => {
    const shop = new MovingTrades(now);
    for (let index = 0; index < 200; index += 1)
      shop.put(String(4_000 + index), now - 2 * hour + index * 30_000);
    let count = 0;
    // One enters the index late with each page, among the latest.
    shop.meanwhile = () => {
      count += 1;
      shop.put(String(8_000 + count), now - 30_000);
    };
    const pages = await pagesOf(opened(shop).orders, { from: now - 3 * hour, until: now });
    const ids = new Set(pages.flatMap(({ records }) => records.map(({ channelOrderId }) => channelOrderId)));
    for (let index = 0; index < 194; index += 1)
      assert.ok(ids.has(String(4_000 + index)), `${4_000 + index} of the settled part was passed over`);
    assert.ok(
      pages.every(({ total }) => total === 200),
      'the count is not that of the whole window',
    );
  });

  it('of another window are no answer to this one', async () => {
    const list = sampleText('taobao/trades_sold_increment_get.page2_has_next').replace(
      '"has_next": true',
      '"total_results": 5',
    );
    const { connection } = answeringChannel(connectTaobao, () => ({ body: list }));
    const later = { from: sampleHour.until, until: sampleHour.until + hour };
    assert.equal((await faultOf(pagesOf(connection.orders!, later))).code, 'channel.page-repeats');
  });

  it('that the page of another question was given for are asked for again', async () => {
    const shop = new MovingTrades(now);
    for (let index = 0; index < 150; index += 1)
      shop.put(String(4_000 + index), now - 5 * hour + index * 1_000);
    let last: ReturnType<MovingTrades['answer']> | undefined;
    let count = 0;
    const { connection } = answeringChannel(
      connectTaobao,
      (_url, request) => {
        count += 1;
        if (count === 3) return last!;
        last = shop.answer(request);
        return last;
      },
      { now: () => now },
    );
    const fault = await faultOf(pagesOf(connection.orders!, { from: now - 6 * hour, until: now - 4 * hour }));
    assert.equal(fault.code, 'channel.page-repeats');
    assert.ok(fault.retryable);
  });

  it('are all there in their last state, though 10,000 of them change while they are read', async () => {
    const draw = new Chance();
    const shop = new MovingTrades(now - 25 * hour);
    const tids = Array.from({ length: 10_000 }, (_, index) =>
      String(4_100_000_000_000_000_000n + BigInt(index)),
    );
    const start = shop.now;
    for (const [index, tid] of tids.entries())
      shop.put(tid, start - 23 * hour + Math.floor((index * 22 * hour) / 10_000));
    shop.meanwhile = () => {
      shop.now += 2_000;
      for (let changes = 0; changes < 5; changes += 1)
        shop.put(draw.pick(tids), Math.floor(shop.now / 1_000) * 1_000);
    };
    const { orders } = opened(shop);
    const states = new Map<string, number>();
    let from = start - 24 * hour;
    for (let round = 0; round < 12; round += 1) {
      const until = shop.now + 1_000;
      for (const { records, bad } of await pagesOf(orders, { from, until })) {
        assert.deepEqual(bad, []);
        for (const { channelOrderId, body } of records) {
          const { state } = JSON.parse(body) as { state: number };
          states.set(channelOrderId, Math.max(state, states.get(channelOrderId) ?? 0));
        }
      }
      if (round === 10) shop.meanwhile = () => {};
      from = until - orders.window.lagMs - orders.window.overlapMs;
    }
    const wrong = [...shop.trades.values()].filter(({ tid, state }) => states.get(tid) !== state);
    assert.deepEqual(wrong, [], `with ORDER_HUB_SEED=${draw.seed}`);
  });

  it('are counted with nothing but number and time', async () => {
    const shop = new MovingTrades(now);
    for (let index = 0; index < 70; index += 1)
      shop.put(String(4_000 + index), now - 5 * hour + index * 1_000);
    const { orders, asked } = opened(shop);
    const found: string[] = [];
    for await (const { total, stamps } of orders.stamps(
      { from: now - 6 * hour, until: now - 4 * hour },
      idle,
    )) {
      assert.equal(total, 70);
      found.push(...stamps.map(({ channelOrderId }) => channelOrderId));
    }
    assert.equal(new Set(found).size, 70);
    assert.ok(asked.every((request) => formOf(request).fields === 'tid,modified'));
  });

  it('one by one have all their fields; one that is not there is none', async () => {
    const shop = new MovingTrades(now);
    shop.put('4100000000000000123', now);
    const { orders, asked } = opened(shop);
    const record = await orders.order('4100000000000000123', idle);
    assert.match(record!.body, /急/);
    assert.ok(formOf(asked[0]!).fields!.includes('seller_memo'));
    assert.equal(formOf(asked[0]!).include_oaid, 'true');
    assert.equal(await orders.order('4100000000000000999', idle), null);
    assert.equal(await orders.order('no-number', idle), null);
  });

  it('whose note was once read keep it when they are listed again', async () => {
    const shop = new MovingTrades(now);
    shop.put('4100000000000000123', now - hour);
    const { orders } = opened(shop);
    await orders.order('4100000000000000123', idle);
    const [page] = await pagesOf(orders, { from: now - 2 * hour, until: now });
    assert.match(page!.records[0]!.body, /急/);
  });

  it('that were read in full are not read again while they rest, and are as soon as they change', async () => {
    const shop = new MovingTrades(now);
    shop.put('4100000000000000123', now - hour);
    const { orders, asked } = opened(shop);
    await orders.order('4100000000000000123', idle);
    const window = { from: now - 2 * hour, until: now + 1_000 };
    const details = (): number => asked.filter(({ name }) => name.endsWith('fullinfo.get')).length;
    await pagesOf(orders, window);
    assert.equal(details(), 1);
    // Right after a change the same second may hold two states.
    shop.put('4100000000000000123', now);
    for (const _ of [1, 2]) {
      const [page] = await pagesOf(orders, window);
      assert.match(page!.records[0]!.body, /"state":2/);
    }
    assert.equal(details(), 3);
  });

  it('that have no number, or that the platform refuses to show, stand aside; the page goes on', async () => {
    const { connection } = answeringChannel(connectTaobao, (_url, { name }) =>
      name === 'taobao.trade.fullinfo.get'
        ? { body: { error_response: { code: 15, sub_code: 'isv.trade-hidden', sub_msg: '不可见' } } }
        : {
            body: {
              trades_sold_increment_get_response: {
                total_results: 3,
                trades: {
                  trade: [
                    { modified: '2026-09-02 12:00:00', orders: { order: [{ oid: 1 }] } },
                    { tid: 5, modified: '2026-09-02 12:00:00', has_buyer_message: true },
                    { tid: 6, modified: '2026-09-02 12:00:00', orders: { order: [{ oid: 6 }] } },
                  ],
                },
              },
            },
          },
    );
    const [page] = await pagesOf(connection.orders!, sampleHour);
    assert.deepEqual(
      page!.records.map(({ channelOrderId }) => channelOrderId),
      ['6'],
    );
    assert.deepEqual(
      page!.bad.map(({ at, code }) => [at, code]),
      [
        ['trades.trade[0]', 'channel.record-without-id'],
        ['tid 5', 'channel.request-refused'],
      ],
    );
  });
});
