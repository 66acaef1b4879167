import assert from 'node:assert/strict';
import { connectPinduoduo } from '../../../../core/channel/pinduoduo/connection.ts';
import { Chance } from '../../../support/seeded.ts';
import { answeringChannel, faultOf, idle } from '../answering-channel.ts';
import { formOf, pagesOf, sampleText } from '../open-platform.ts';
import { MovingOrders, numberOf } from './moving-orders.ts';

const minute = 60_000;
const now = Date.parse('2026-09-02T12:00:00Z');
/** 9:00 to 9:30 in Beijing, where the samples lie. */
const sampleHalf = { from: Date.UTC(2026, 8, 1, 1), until: Date.UTC(2026, 8, 1, 1, 30) };
const longPast = { from: now - 60 * minute, until: now - 30 * minute };

function opened(shop: MovingOrders) {
  const { connection } = answeringChannel(connectPinduoduo, (_url, request) => shop.answer(request), {
    now: () => shop.now,
  });
  return connection.orders!;
}

function counted(text: string, total: number): string {
  const changed = text.replace('"has_next": false', `"total_count": ${total}`);
  assert.notEqual(changed, text);
  return changed;
}

describe('orders of Pinduoduo', () => {
  it('of the sample keep their numbers and times, and are whole as the list has them', async () => {
    const body = counted(sampleText('pdd/order_number_list_increment_get.last_page'), 4);
    const { connection, asked } = answeringChannel(connectPinduoduo, () => ({ body }));
    const [page] = await pagesOf(connection.orders!, sampleHalf);
    assert.equal(page!.total, 4);
    assert.deepEqual(
      page!.records.map(({ channelOrderId, modifiedAt }) => [channelOrderId, modifiedAt]),
      [
        ['260901-100000000000001', Date.UTC(2026, 8, 1, 1, 0, 31)],
        ['260901-100000000000003', Date.UTC(2026, 8, 1, 1, 12, 1)],
        ['260901-100000000000004', Date.UTC(2026, 8, 1, 1, 20, 0)],
        ['260901-100000000000005', Date.UTC(2026, 8, 1, 1, 0, 31)],
      ],
    );
    const order = JSON.parse(page!.records[0]!.body) as { receiver_phone: string; order_sn: string };
    assert.equal(order.order_sn, '260901-100000000000001', 'not the bare order');
    assert.equal(order.receiver_phone, '$FAKECIPHERPHONE==$0$');
    assert.equal(asked.length, 1, 'the list has all there is');
    const {
      start_updated_at: from,
      end_updated_at: until,
      page_size: size,
      use_has_next,
    } = formOf(asked[0]!);
    assert.deepEqual([from, until], [String(sampleHalf.from / 1_000), String(sampleHalf.until / 1_000)]);
    assert.deepEqual([size, use_has_next], ['100', 'false']);
  });

  it('of which the list leaves out the goods are read in full', async () => {
    const full = sampleText('pdd/order_information_get.paid');
    const row = { order_sn: '260901-100000000000001', updated_at: '2026-09-01 09:00:31' };
    const { connection, asked } = answeringChannel(connectPinduoduo, (_url, { name }) => ({
      body:
        name === 'pdd.order.information.get'
          ? full
          : { order_sn_increment_get_response: { total_count: 2, order_sn_list: [row, { updated_at: '' }] } },
    }));
    const [page] = await pagesOf(connection.orders!, sampleHalf);
    assert.match(page!.records[0]!.body, /SKU-TEA-RED-250/);
    assert.deepEqual(
      page!.bad.map(({ at, code }) => [at, code]),
      [['order_sn_list[1]', 'channel.record-without-id']],
    );
    assert.equal(formOf(asked[1]!).order_sn, '260901-100000000000001');
  });

  it('one by one are read in full; one that is not there is none', async () => {
    const { connection, asked } = answeringChannel(connectPinduoduo, (_url, request) =>
      formOf(request).order_sn === '260901-100000000000001'
        ? { body: sampleText('pdd/order_information_get.paid') }
        : {
            body: { error_response: { error_code: 50001, error_msg: '业务服务错误', sub_msg: '订单不存在' } },
          },
    );
    const record = await connection.orders!.order('260901-100000000000001', idle);
    assert.equal(record!.modifiedAt, Date.UTC(2026, 8, 1, 1, 0, 31));
    assert.match(record!.body, /^\{"order_sn":/, 'not the bare order');
    assert.equal(await connection.orders!.order('260901-5', idle), null);
    assert.equal(await connection.orders!.order('no number', idle), null);
    assert.equal(asked.length, 2, 'what is no number was asked for');
  });

  it('are asked for no more than half an hour at once, and read from the last page to the first', async () => {
    const shop = new MovingOrders(now);
    for (let index = 0; index < 250; index += 1) shop.put(numberOf(index), longPast.from + index * 1_000);
    const orders = opened(shop);
    assert.equal(orders.window.mostMs, 30 * minute);
    assert.equal(orders.window.lagMs, 3 * minute);
    const pages = await pagesOf(orders, longPast);
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
        [1, 3, 250],
        [2, 3, 250],
        [3, 3, 250],
      ],
    );
  });

  it('of another window, and a page given again, are no answer', async () => {
    const body = counted(sampleText('pdd/order_number_list_increment_get.last_page'), 4);
    const { connection } = answeringChannel(connectPinduoduo, () => ({ body }));
    const later = { from: sampleHalf.until, until: sampleHalf.until + 30 * minute };
    assert.equal((await faultOf(pagesOf(connection.orders!, later))).code, 'channel.page-repeats');

    const shop = new MovingOrders(now);
    for (let index = 0; index < 350; index += 1) shop.put(numberOf(index), longPast.from + index * 1_000);
    let last: ReturnType<MovingOrders['answer']> | undefined;
    let count = 0;
    const repeating = answeringChannel(
      connectPinduoduo,
      (_url, request) => {
        count += 1;
        if (count === 3) return last!;
        last = shop.answer(request);
        return last;
      },
      { now: () => now },
    );
    const fault = await faultOf(pagesOf(repeating.connection.orders!, longPast));
    assert.equal(fault.code, 'channel.page-repeats');
    assert.ok(fault.retryable);
  });

  it('that are told without a count or a next page are no answer either', async () => {
    const { connection } = answeringChannel(connectPinduoduo, () => ({
      body: { order_sn_increment_get_response: { order_sn_list: [] } },
    }));
    const fault = await faultOf(pagesOf(connection.orders!, longPast));
    assert.deepEqual([fault.code, fault.params.field], ['channel.answer-unexpected', 'total_count']);
  });

  it('are all there in their last state, though 10,000 of them change while they are read', async () => {
    const draw = new Chance();
    const start = now - 120 * minute;
    const shop = new MovingOrders(start);
    const numbers = Array.from({ length: 10_000 }, (_, index) => numberOf(index));
    for (const [index, number] of numbers.entries())
      shop.put(number, start - 110 * minute + Math.floor((index * 105 * minute) / 10_000_000) * 1_000);
    shop.meanwhile = () => {
      shop.now += 500;
      for (let changes = 0; changes < 5; changes += 1)
        shop.put(draw.pick(numbers), Math.floor(shop.now / 1_000) * 1_000);
    };
    const orders = opened(shop);
    const states = new Map<string, number>();
    let next = start - 111 * minute;
    for (let round = 0; round < 12; round += 1) {
      if (round === 11) shop.meanwhile = () => {};
      shop.now += 20_000;
      while (next < shop.now) {
        const until = Math.min(next + orders.window.mostMs, Math.ceil((shop.now + 1) / 1_000) * 1_000);
        for (const { records, bad } of await pagesOf(orders, { from: next, until })) {
          assert.deepEqual(bad, []);
          for (const { channelOrderId, body } of records) {
            const { state } = JSON.parse(body) as { state: number };
            states.set(channelOrderId, Math.max(state, states.get(channelOrderId) ?? 0));
          }
        }
        next = until;
      }
      next -= orders.window.lagMs + orders.window.overlapMs;
    }
    const wrong = [...shop.orders.values()].filter(({ orderSn, state }) => states.get(orderSn) !== state);
    assert.deepEqual(wrong, [], `with ORDER_HUB_SEED=${draw.seed}`);
  });

  it('are counted by the same list', async () => {
    const shop = new MovingOrders(now);
    for (let index = 0; index < 130; index += 1) shop.put(numberOf(index), longPast.from + index * 1_000);
    const found = new Set<string>();
    for await (const { total, stamps } of opened(shop).stamps(longPast, idle)) {
      assert.equal(total, 130);
      for (const { channelOrderId } of stamps) found.add(channelOrderId);
    }
    assert.equal(found.size, 130);
  });
});
