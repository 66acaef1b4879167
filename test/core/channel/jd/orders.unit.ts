import assert from 'node:assert/strict';
import { connectJd } from '../../../../core/channel/jd/connection.ts';
import { Chance } from '../../../support/seeded.ts';
import { answeringChannel, faultOf, idle } from '../answering-channel.ts';
import { formOf, pagesOf, sampleText } from '../open-platform.ts';
import { MovingOrders } from './moving-orders.ts';

const hour = 3_600_000;
const now = Date.parse('2026-09-02T12:00:00Z');
const window = { from: now - 2 * hour, until: now };

function opened(shop: MovingOrders) {
  const { connection } = answeringChannel(connectJd, (_url, request) => shop.answer(request), {
    now: () => shop.now,
  });
  return connection.orders!;
}

describe('orders of JD', () => {
  it('of the sample keep their ids and times, whatever is text there', async () => {
    const text = sampleText('jd/pop_order_enSearch.page1').replace('"orderTotal": 3', '"orderTotal": "3"');
    const { connection, asked } = answeringChannel(connectJd, () => ({ body: text }));
    const day = { from: Date.UTC(2026, 8, 1, 0), until: Date.UTC(2026, 8, 1, 12) };
    const [page] = await pagesOf(connection.orders!, day);
    assert.equal(page!.total, 3);
    assert.deepEqual(
      page!.records.map(({ channelOrderId, modifiedAt }) => [channelOrderId, modifiedAt]),
      [
        ['300000000001', Date.UTC(2026, 8, 1, 1, 0, 45)],
        ['300000000002', Date.UTC(2026, 8, 1, 1, 10, 0)],
        ['300000000003', Date.UTC(2026, 8, 1, 1, 20, 0)],
      ],
    );
    assert.match(page!.records[0]!.body, /"orderEndTime":"0001-01-01 00:00:00"/);
    const sent = JSON.parse(formOf(asked[0]!)['360buy_param_json']!);
    assert.deepEqual(
      [sent.start_date, sent.end_date, sent.page, sent.page_size, sent.order_state, sent.dateType],
      ['2026-09-01 07:59:59', '2026-09-01 20:00:00', '1', '100', 'ALL', '0'],
    );
    assert.notEqual(sent.sortType, '1', 'descending');
    for (const name of [
      'itemInfoList',
      'consigneeInfo',
      'couponDetailList',
      'directParentOrderId',
      'modified',
    ])
      assert.ok(sent.optional_fields.split(',').includes(name), name);
  });

  it('without an id are put aside, each of them', async () => {
    const orders = [
      { modified: '2026-09-01 09:00:00', pin: 'a' },
      { modified: '2026-09-01 09:00:00', pin: 'b' },
    ];
    const result = { apiResult: { success: true }, orderTotal: 2, orderInfoList: orders };
    const { connection } = answeringChannel(connectJd, () => ({
      body: { jingdong_pop_order_enSearch_responce: { searchorderinfo_result: result } },
    }));
    const [page] = await pagesOf(connection.orders!, {
      from: Date.UTC(2026, 8, 1),
      until: Date.UTC(2026, 8, 2),
    });
    assert.deepEqual(
      page!.bad.map(({ at, code }) => [at, code]),
      [
        ['orderInfoList[0]', 'channel.record-without-id'],
        ['orderInfoList[1]', 'channel.record-without-id'],
      ],
    );
  });

  it('one by one are read in full; one that is not there is none', async () => {
    const { connection } = answeringChannel(connectJd, (_url, request) =>
      formOf(request)['360buy_param_json']!.includes('"300000000001"')
        ? { body: sampleText('jd/pop_order_enGet.paid') }
        : {
            body: {
              jingdong_pop_order_enGet_responce: {
                orderDetailInfo: { apiResult: { success: false, chineseErrCode: '订单不存在' } },
              },
            },
          },
    );
    const record = await connection.orders!.order('300000000001', idle);
    assert.equal(record!.modifiedAt, Date.UTC(2026, 8, 1, 1, 0, 45));
    assert.equal(await connection.orders!.order('5', idle), null);
    assert.equal(await connection.orders!.order('none', idle), null);
  });

  it('of more than a hundred pages are read without ever asking for the hundredth', async () => {
    const shop = new MovingOrders(now);
    for (let index = 0; index < 12_000; index += 1)
      shop.put(String(300_000_000_000 + index), window.from + Math.floor(index / 3) * 1_000);
    const pages = await pagesOf(opened(shop), window);
    const ids = pages.flatMap(({ records }) => records.map(({ channelOrderId }) => channelOrderId));
    assert.equal(new Set(ids).size, 12_000);
    assert.equal(ids.length, 12_000, 'some were handed on twice');
    assert.ok(Math.max(...shop.asked.map(({ page }) => page)) < 100);
  });

  it('of one second that fill pages are read by number', async () => {
    const shop = new MovingOrders(now);
    for (let index = 0; index < 450; index += 1) shop.put(String(300_000_000_000 + index), now - hour);
    for (let index = 0; index < 150; index += 1)
      shop.put(String(400_000_000_000 + index), now - hour + (index + 1) * 1_000);
    const pages = await pagesOf(opened(shop), window);
    const ids = new Set(pages.flatMap(({ records }) => records.map(({ channelOrderId }) => channelOrderId)));
    assert.equal(ids.size, 600);
  });

  it('are all there in their last state, though 10,000 of them change while they are read', async () => {
    const draw = new Chance();
    const start = now - 26 * hour;
    const shop = new MovingOrders(start);
    const ids = Array.from({ length: 10_000 }, (_, index) => String(300_000_000_000 + index));
    for (const [index, id] of ids.entries())
      shop.put(id, start - 23 * hour + Math.floor(index * 7.9) * 1_000);
    shop.meanwhile = () => {
      shop.now += 2_000;
      for (let changes = 0; changes < 5; changes += 1) shop.put(draw.pick(ids), shop.now);
    };
    const orders = opened(shop);
    const states = new Map<string, number>();
    let from = start - 24 * hour;
    for (let round = 0; round < 12; round += 1) {
      const until = shop.now + 1_000;
      for (const { records } of await pagesOf(orders, { from, until }))
        for (const { channelOrderId, body } of records) {
          const { state } = JSON.parse(body) as { state: number };
          states.set(channelOrderId, Math.max(state, states.get(channelOrderId) ?? 0));
        }
      if (round === 10) shop.meanwhile = () => {};
      from = until - orders.window.lagMs - orders.window.overlapMs;
    }
    const wrong = [...shop.orders.values()].filter(({ orderId, state }) => states.get(orderId) !== state);
    assert.deepEqual(wrong, [], `with ORDER_HUB_SEED=${draw.seed}`);
  });

  it('that were given for another question are asked for again', async () => {
    const shop = new MovingOrders(now);
    for (let index = 0; index < 500; index += 1)
      shop.put(String(300_000_000_000 + index), now - hour + index * 1_000);
    let last: ReturnType<MovingOrders['answer']> | undefined;
    let count = 0;
    const { connection } = answeringChannel(connectJd, (_url, request) => {
      count += 1;
      if (count === 3) return last!;
      last = shop.answer(request);
      return last;
    });
    const fault = await faultOf(pagesOf(connection.orders!, window));
    assert.equal(fault.code, 'channel.page-repeats');
    assert.ok(fault.retryable);
  });

  it('that are not sorted by their change are refused before any is passed over', async () => {
    const rows = [5, 3].map((minute) => ({
      orderId: String(minute),
      modified: `2026-09-02 19:0${minute}:00`,
    }));
    const { connection } = answeringChannel(connectJd, () => ({
      body: {
        jingdong_pop_order_enSearch_responce: {
          searchorderinfo_result: { apiResult: { success: true }, orderTotal: 2, orderInfoList: rows },
        },
      },
    }));
    const fault = await faultOf(pagesOf(connection.orders!, window));
    assert.equal(fault.code, 'channel.not-ascending');
    assert.equal(fault.params.order, '3');
  });

  it('are counted with nothing but number and time', async () => {
    const shop = new MovingOrders(now);
    for (let index = 0; index < 130; index += 1)
      shop.put(String(300_000_000_000 + index), now - hour + index * 1_000);
    const found: string[] = [];
    for await (const { total, stamps } of opened(shop).stamps(window, idle)) {
      assert.equal(total, 130);
      found.push(...stamps.map(({ channelOrderId }) => channelOrderId));
    }
    assert.equal(new Set(found).size, 130);
  });
});
