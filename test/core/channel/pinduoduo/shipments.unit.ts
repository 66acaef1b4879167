import assert from 'node:assert/strict';
import type { Shipment } from '../../../../core/channel/connection/shipment-target.ts';
import { connectPinduoduo } from '../../../../core/channel/pinduoduo/connection.ts';
import { type Answer, answeringChannel, faultOf, idle } from '../answering-channel.ts';
import { formOf } from '../open-platform.ts';

const shipment: Shipment = {
  channelOrderId: '260901-100000000000001',
  carrier: '44',
  tracking: 'SF1',
  lines: null,
  key: 'k',
};

const waiting = {
  order_sn: shipment.channelOrderId,
  order_status: 1,
  tracking_number: '',
  extra_delivery_list: [],
  item_list: [{ goods_id: 600000000001, sku_id: 1500000000001, goods_count: 2 }],
  gift_list: [{ goods_id: 600000000009, sku_id: 1500000000009, goods_count: 1 }],
};

function shop(
  order: object | null = {},
  sent: Answer = { body: { logistics_online_send_response: { is_success: true } } },
) {
  const { connection, asked } = answeringChannel(connectPinduoduo, (_url, { name }) => {
    if (name === 'pdd.logistics.online.send') return sent;
    if (order === null) return { body: { error_response: { error_code: 50001, sub_msg: '订单不存在' } } };
    return { body: { order_info_get_response: { order_info: { ...waiting, ...order } } } };
  });
  return { target: connection.shipments!, sent: () => asked.slice(1).map(formOf), asked };
}

describe('shipments on Pinduoduo', () => {
  it('are of whole orders, and not repeated by themselves', async () => {
    const { target, sent, asked } = shop();
    assert.equal(target.partial, 'none');
    assert.deepEqual(await target.ship(shipment, idle), { kind: 'shipped', channelShipmentId: null });
    const [{ type, order_sn, logistics_id, tracking_number, redelivery_type } = {}] = sent();
    assert.deepEqual(
      { type, order_sn, logistics_id, tracking_number, redelivery_type },
      {
        type: 'pdd.logistics.online.send',
        order_sn: '260901-100000000000001',
        logistics_id: '44',
        tracking_number: 'SF1',
        redelivery_type: undefined,
      },
    );
    assert.equal(asked[1]!.repeatable, false);
  });

  it('of a part are refused; all that was bought is the whole, with the gift or without', async () => {
    const { target, sent } = shop();
    const part = { ...shipment, lines: [{ lineId: '1500000000001', quantity: 1 }] };
    assert.equal((await faultOf(target.ship(part, idle))).code, 'pinduoduo.whole-orders-only');
    assert.deepEqual(sent(), []);
    const all = { ...shipment, lines: [{ lineId: '1500000000001', quantity: 2 }] };
    assert.equal((await target.ship(all, idle)).kind, 'shipped');
    const gift = { ...all, lines: [...all.lines, { lineId: '1500000000009', quantity: 1 }] };
    assert.equal((await target.ship(gift, idle)).kind, 'shipped');
  });

  it('name lines as the preset does: by the goods where they have no SKU, further ones by number', async () => {
    const goods = { goods_id: 600000000001, sku_id: 0, goods_count: 1 };
    const { target } = shop({ item_list: [goods, goods] });
    const lines = ['600000000001', '600000000001-2'].map((lineId) => ({ lineId, quantity: 1 }));
    assert.equal((await target.ship({ ...shipment, lines }, idle)).kind, 'shipped');
  });

  it('that the platform has already are not sent again', async () => {
    for (const order of [
      { order_status: 2, tracking_number: 'SF1' },
      { order_status: 3, tracking_number: 'SF0', extra_delivery_list: [{ tracking_number: 'SF1' }] },
    ]) {
      const { target, sent } = shop(order);
      assert.deepEqual(await target.ship(shipment, idle), { kind: 'already', channelShipmentId: null });
      assert.deepEqual(sent(), []);
    }
  });

  it('of a second parcel are refused with what a person can do', async () => {
    const { target, sent } = shop({ order_status: 2, tracking_number: 'SF0' });
    const fault = await faultOf(target.ship(shipment, idle));
    assert.equal(fault.code, 'pinduoduo.shipped-otherwise');
    assert.deepEqual([fault.params.shipped, fault.params.tracking], ['SF0', 'SF1']);
    assert.match(fault.message, /seller pages/);
    assert.deepEqual(sent(), []);
  });

  it('need a carrier’s number and a waybill', async () => {
    const { target, asked } = shop();
    const codeOf = async (change: Partial<Shipment>) =>
      (await faultOf(target.ship({ ...shipment, ...change }, idle))).code;
    assert.equal(await codeOf({ carrier: 'SF' }), 'pinduoduo.carrier-not-id');
    assert.equal(await codeOf({ carrier: '' }), 'pinduoduo.carrier-not-id');
    assert.equal(await codeOf({ tracking: '' }), 'pinduoduo.waybill-missing');
    assert.deepEqual(asked, [], 'asked before it was looked at');
  });

  it('are refused with the platform’s reason, and where there is no such order', async () => {
    const refusal = { body: { error_response: { error_code: 50001, sub_msg: '订单正在审核，不允许发货' } } };
    const fault = await faultOf(shop({}, refusal).target.ship(shipment, idle));
    assert.equal(fault.kind, 'caller');
    assert.match(fault.message, /订单正在审核/);
    const failed = { body: { logistics_online_send_response: { is_success: false } } };
    assert.equal((await faultOf(shop({}, failed).target.ship(shipment, idle))).kind, 'caller');
    assert.equal((await faultOf(shop(null).target.ship(shipment, idle))).code, 'channel.order-unknown');
  });

  it('name the carriers that can be used', async () => {
    const { connection } = answeringChannel(connectPinduoduo, () => ({
      body: {
        logistics_companies_get_response: {
          logistics_companies: [
            { id: 44, code: 'SF', logistics_company: '顺丰速运', available: 1 },
            { id: 9, code: 'OLD', logistics_company: '停用快递', available: 0 },
          ],
        },
      },
    }));
    assert.deepEqual(await connection.shipments!.carriers!(idle), [{ code: '44', name: '顺丰速运' }]);
  });
});
