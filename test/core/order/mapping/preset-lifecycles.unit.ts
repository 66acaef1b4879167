import assert from 'node:assert/strict';
import { douyinMapping } from '../../../../core/order/mapping/presets/douyin.ts';
import { jdMapping } from '../../../../core/order/mapping/presets/jd.ts';
import { pinduoduoMapping } from '../../../../core/order/mapping/presets/pinduoduo.ts';
import { taobaoMapping } from '../../../../core/order/mapping/presets/taobao.ts';
import type { Mapping } from '../../../../core/order/mapping/types.ts';
import { decideSave, type StoredOrder } from '../../../../core/order/save.ts';
import { sampleRow } from '../samples.ts';
import { presetOf } from './preset-cases.ts';

type Step = [changes: Record<string, unknown>, happens: string[]];

const second = (number: number) => `2026-09-01 10:00:0${number}`;

/** Saves an order as its platform changes it, a second apart; each change has to be taken, and is told as it should. */
function lives(
  mapping: Mapping,
  first: Record<string, unknown>,
  modified: (number: number) => Record<string, unknown>,
  steps: readonly Step[],
): void {
  const preset = presetOf(mapping);
  let stored: StoredOrder | undefined;
  for (const [index, [changes, happens]] of steps.entries()) {
    const order = preset.mapped({ ...first, ...modified(index), ...changes });
    const decision = decideSave(stored, { order, arrivedAt: 0 });
    const what = `${mapping.name}, step ${index + 1}: ${JSON.stringify(changes)}`;
    assert.equal(decision.outcome, 'changed', what);
    if (decision.outcome !== 'changed') return;
    const told = decision.events.map(({ type }) => type).filter((type) => type !== 'changed');
    assert.deepEqual(told, happens, what);
    stored = { order, version: decision.version, modifiedAt: decision.modifiedAt };
  }
}

describe('the life of an order', () => {
  it('of Taobao, from deposit to the end', () => {
    const trade = sampleRow('taobao/trade_fullinfo_get.presale_deposit_paid.json', [
      'trade_fullinfo_get_response',
      'trade',
    ]);
    const both = { step_trade_status: 'FRONT_PAID_FINAL_PAID' };
    lives(taobaoMapping, trade, (number) => ({ modified: second(number) }), [
      [{ step_trade_status: 'FRONT_NOPAID_FINAL_NOPAID' }, ['created']],
      [{ step_trade_status: 'FRONT_PAID_FINAL_NOPAID' }, ['deposit-paid']],
      [{ ...both, status: 'PAID_FORBID_CONSIGN' }, ['paid', 'held']],
      [{ ...both, status: 'WAIT_SELLER_SEND_GOODS' }, ['released']],
      [{ ...both, status: 'SELLER_CONSIGNED_PART' }, ['part-shipped']],
      [{ ...both, status: 'WAIT_BUYER_CONFIRM_GOODS' }, ['shipped']],
      [{ ...both, status: 'TRADE_FINISHED' }, ['completed']],
    ]);
  });

  it('of JD, locked for a refund and cancelled', () => {
    const order = sampleRow('jd/pop_order_enGet.paid.json', [
      'jingdong_pop_order_enGet_responce',
      'orderDetailInfo',
      'orderInfo',
    ]);
    lives(jdMapping, order, (number) => ({ modified: second(number) }), [
      [{}, ['created', 'paid']],
      [{ orderState: 'LOCKED' }, ['held']],
      [{ orderState: 'WAIT_SELLER_STOCK_OUT' }, ['released']],
      [{ orderState: 'WAIT_GOODS_RECEIVE_CONFIRM', waybill: 'TEST0000000001' }, ['shipped']],
      [{ orderState: 'LOCKED', waybill: 'TEST0000000001' }, ['held']],
      [{ orderState: 'TRADE_CANCELED', waybill: 'TEST0000000001' }, ['cancelled']],
    ]);
  });

  it('of Pinduoduo, reviewed, shipped and paid back', () => {
    const order = sampleRow('pdd/order_information_get.paid.json', ['order_info_get_response', 'order_info']);
    lives(pinduoduoMapping, order, (number) => ({ updated_at: second(number) }), [
      [{ risk_control_status: 1 }, ['created', 'paid', 'held']],
      [{}, ['released']],
      [{ order_status: 2 }, ['shipped']],
      [{ order_status: 2, refund_status: 2 }, ['refund-requested']],
      [{ order_status: 3, refund_status: 1 }, ['completed', 'refund-withdrawn']],
      [{ order_status: 3, refund_status: 4 }, ['refunded']],
    ]);
  });

  it('of a Douyin shop, reviewed, received and paid back after that', () => {
    const order = sampleRow('douyin/order_orderDetail.paid_two_lines.json', ['data', 'shop_order_detail']);
    const standing = (order_status: number, main_status = order_status) => ({ order_status, main_status });
    lives(douyinMapping, order, (number) => ({ update_time: 1788224436 + number }), [
      [standing(1), ['created']],
      [standing(105), ['paid', 'held']],
      [standing(2), ['released']],
      [standing(101), ['part-shipped']],
      [standing(3), ['shipped']],
      [standing(5), ['completed']],
      [standing(4, 39), ['refunded']],
    ]);
  });
});
