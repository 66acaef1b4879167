import assert from 'node:assert/strict';
import type { Shipment } from '../../../../core/channel/connection/shipment-target.ts';
import { connectTaobao } from '../../../../core/channel/taobao/connection.ts';
import { type Answer, answeringChannel, faultOf, idle } from '../answering-channel.ts';
import { formOf } from '../open-platform.ts';

const first = { oid: '4100000000000000124', num: 2, status: 'WAIT_SELLER_SEND_GOODS' };
const second = { oid: '4100000000000000125', num: 1, status: 'WAIT_SELLER_SEND_GOODS' };
const shipped = { ...second, status: 'WAIT_BUYER_CONFIRM_GOODS', invoice_no: 'SF1' };

const shipment: Shipment = {
  channelOrderId: '4100000000000000123',
  carrier: 'SF',
  tracking: 'SF1',
  lines: null,
  key: 'k',
};
const done = { shipping: { is_success: true } };

function shop(lines: readonly object[], sent: Answer | undefined = undefined) {
  const { connection, asked } = answeringChannel(connectTaobao, (_url, { name }) => {
    if (name === 'taobao.trade.fullinfo.get')
      return { body: { trade_fullinfo_get_response: { trade: { tid: '1', orders: { order: lines } } } } };
    const key = `${name.replace('taobao.', '').replaceAll('.', '_')}_response`;
    return sent ?? { body: { [key]: done } };
  });
  return { target: connection.shipments!, sent: () => asked.slice(1).map(formOf), asked };
}

describe('shipments on Taobao', () => {
  it('of whole orders name no lines, and are not repeated by themselves', async () => {
    const { target, sent, asked } = shop([first, second]);
    assert.equal(target.partial, 'lines');
    assert.deepEqual(await target.ship(shipment, idle), { kind: 'shipped', channelShipmentId: null });
    const [{ method, tid, out_sid, company_code, sub_tid, is_split } = {}] = sent();
    assert.deepEqual(
      { method, tid, out_sid, company_code, sub_tid, is_split },
      {
        method: 'taobao.logistics.online.send',
        tid: '4100000000000000123',
        out_sid: 'SF1',
        company_code: 'SF',
        sub_tid: undefined,
        is_split: undefined,
      },
    );
    assert.equal(asked[1]!.repeatable, false);
  });

  it('of what is left beside lines that were paid back are whole', async () => {
    const closed = { oid: '4100000000000000126', num: 1, status: 'TRADE_CLOSED' };
    const { target, sent } = shop([first, closed]);
    await target.ship({ ...shipment, tracking: '' }, idle);
    assert.equal(sent()[0]!.method, 'taobao.logistics.dummy.send');
  });

  it('of a part name its lines', async () => {
    const { target, sent } = shop([first, second]);
    await target.ship({ ...shipment, lines: [{ lineId: second.oid, quantity: 1 }] }, idle);
    assert.equal(sent()[0]!.sub_tid, second.oid);
    assert.equal(sent()[0]!.is_split, '1');
  });

  it('of all lines by name are whole', async () => {
    const { target, sent } = shop([first, second]);
    const lines = [first, second].map(({ oid, num }) => ({ lineId: oid, quantity: num }));
    await target.ship({ ...shipment, lines }, idle);
    assert.equal(sent()[0]!.sub_tid, undefined);
  });

  it('of what is left name the lines that are left', async () => {
    const { target, sent } = shop([first, shipped]);
    await target.ship({ ...shipment, tracking: 'SF2' }, idle);
    assert.equal(sent()[0]!.sub_tid, first.oid);
  });

  it('without a carrier are whole orders', async () => {
    const { target, sent } = shop([first, second]);
    await target.ship({ ...shipment, carrier: '', tracking: '' }, idle);
    assert.equal(sent()[0]!.method, 'taobao.logistics.dummy.send');
    const part = { ...shipment, tracking: '', lines: [{ lineId: second.oid, quantity: 1 }] };
    assert.equal((await faultOf(target.ship(part, idle))).code, 'taobao.parts-need-carrier');
  });

  it('that the platform has already are not sent again', async () => {
    const { target, sent } = shop([first, shipped]);
    const part = { ...shipment, lines: [{ lineId: second.oid, quantity: 1 }] };
    assert.deepEqual(await target.ship(part, idle), { kind: 'already', channelShipmentId: null });
    assert.deepEqual(sent(), []);
  });

  it('of what was left are not sent again, whatever went in other parcels before', async () => {
    const before = { ...first, status: 'WAIT_BUYER_CONFIRM_GOODS', invoice_no: 'SF0' };
    const closed = { oid: '4100000000000000126', num: 1, status: 'TRADE_CLOSED' };
    const { target, sent } = shop([before, shipped, closed]);
    assert.deepEqual(await target.ship({ ...shipment, lost: true }, idle), {
      kind: 'already',
      channelShipmentId: null,
    });
    assert.deepEqual(sent(), []);
  });

  it('are refused with the reason: parts of lines, unknown ones, too many, and what the platform says', async () => {
    const { target } = shop([first, second]);
    const codeOf = async (lines: Shipment['lines']) =>
      (await faultOf(target.ship({ ...shipment, lines }, idle))).code;
    assert.equal(await codeOf([{ lineId: first.oid, quantity: 1 }]), 'taobao.whole-lines-only');
    assert.equal(await codeOf([{ lineId: '5', quantity: 1 }]), 'taobao.line-unknown');
    const many = Array.from({ length: 22 }, (_, index) => ({ ...first, oid: String(index + 1), num: 1 }));
    const lines = many.slice(1).map(({ oid }) => ({ lineId: oid, quantity: 1 }));
    assert.equal(
      (await faultOf(shop(many).target.ship({ ...shipment, lines }, idle))).code,
      'taobao.too-many-lines',
    );
    const refusal = { code: 15, sub_code: 'isv.logistics-online-service-error:B04', sub_msg: '订单已退款' };
    const refused = await faultOf(
      shop([first], { body: { error_response: refusal } }).target.ship(shipment, idle),
    );
    assert.equal(refused.kind, 'caller');
    assert.match(refused.message, /订单已退款/);
    const silent = shop([first], { body: { logistics_online_send_response: { shipping: {} } } });
    assert.equal((await faultOf(silent.target.ship(shipment, idle))).code, 'taobao.not-shipped');
    const gone = { ...shipment, channelOrderId: 'none' };
    assert.equal((await faultOf(target.ship(gone, idle))).code, 'taobao.order-unknown');
  });

  it('name their carriers by the platform’s codes', async () => {
    const { connection } = answeringChannel(connectTaobao, () => ({
      body: {
        logistics_companies_get_response: {
          logistics_companies: { logistics_company: [{ code: 'SF', name: '顺丰速运' }] },
        },
      },
    }));
    assert.deepEqual(await connection.shipments!.carriers!(idle), [{ code: 'SF', name: '顺丰速运' }]);
  });
});
