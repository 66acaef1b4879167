import assert from 'node:assert/strict';
import type { Shipment } from '../../../../core/channel/connection/shipment-target.ts';
import { connectJd } from '../../../../core/channel/jd/connection.ts';
import { answeringChannel, faultOf, idle } from '../answering-channel.ts';
import { formOf } from '../open-platform.ts';

const shipment: Shipment = {
  channelOrderId: '300000000001',
  carrier: '467',
  tracking: 'SF1',
  lines: null,
  key: 'k',
};

function shop(order: object | null = {}, result: object = { success: 'true' }) {
  const { connection, asked } = answeringChannel(connectJd, (_url, { name }) =>
    name === 'jingdong.pop.order.shipment'
      ? { body: { jingdong_pop_order_shipment_responce: { sopjosshipment_result: result } } }
      : {
          body: {
            jingdong_pop_order_enGet_responce: {
              orderDetailInfo: {
                apiResult: { success: true },
                orderInfo: order && {
                  orderId: '300000000001',
                  orderState: 'WAIT_SELLER_STOCK_OUT',
                  waybill: '',
                  itemInfoList: [
                    { skuId: '100000000001', itemTotal: '1' },
                    { skuId: '100000000002', itemTotal: '2' },
                  ],
                  ...order,
                },
              },
            },
          },
        },
  );
  const sent = () => asked.slice(1).map((request) => JSON.parse(formOf(request)['360buy_param_json']!));
  return { target: connection.shipments!, sent, asked };
}

describe('shipments on JD', () => {
  it('are of whole orders, and not repeated by themselves', async () => {
    const { target, sent, asked } = shop();
    assert.equal(target.partial, 'none');
    assert.deepEqual(await target.ship(shipment, idle), { kind: 'shipped', channelShipmentId: null });
    assert.deepEqual(sent(), [{ orderId: '300000000001', logiCoprId: '467', logiNo: 'SF1' }]);
    assert.equal(asked[1]!.repeatable, false);
  });

  it('of several parcels join carriers and waybills alike', async () => {
    const { target, sent } = shop();
    await target.ship({ ...shipment, tracking: 'SF1|SF2' }, idle);
    assert.deepEqual(sent(), [{ orderId: '300000000001', logiCoprId: '467|467', logiNo: 'SF1|SF2' }]);
    const codes = { ...shipment, carrier: '467|463', tracking: 'A|B|C' };
    assert.equal((await faultOf(target.ship(codes, idle))).code, 'jd.carriers-differ');
  });

  it('that the seller delivers have no waybill, and no others', async () => {
    const { target, sent } = shop();
    await target.ship({ ...shipment, carrier: '1274', tracking: '' }, idle);
    await target.ship({ ...shipment, carrier: '', tracking: '' }, idle);
    assert.deepEqual(
      sent().filter(({ logiCoprId }) => logiCoprId !== undefined),
      [
        { orderId: '300000000001', logiCoprId: '1274' },
        { orderId: '300000000001', logiCoprId: '1274' },
      ],
    );
    assert.equal(
      (await faultOf(target.ship({ ...shipment, tracking: '' }, idle))).code,
      'jd.waybill-missing',
    );
  });

  it('name carriers by their number', async () => {
    const { target } = shop();
    const fault = await faultOf(target.ship({ ...shipment, carrier: 'SF' }, idle));
    assert.equal(fault.code, 'jd.carrier-not-id');
    const carriers = await target.carriers!(idle);
    assert.ok(carriers.some(({ code }) => code === '467'));
  });

  it('of a part are refused; all lines by name are the whole', async () => {
    const { target } = shop();
    const part = { ...shipment, lines: [{ lineId: '100000000002', quantity: 2 }] };
    assert.equal((await faultOf(target.ship(part, idle))).code, 'jd.whole-orders-only');
    const all = { ...part, lines: [...part.lines, { lineId: '100000000001', quantity: 1 }] };
    assert.equal((await target.ship(all, idle)).kind, 'shipped');
  });

  it('that JD has already are not sent again', async () => {
    const { target, sent } = shop({ orderState: 'WAIT_GOODS_RECEIVE_CONFIRM', waybill: 'SF2,SF1' });
    assert.equal((await target.ship({ ...shipment, tracking: 'SF1|SF2' }, idle)).kind, 'already');
    assert.deepEqual(sent(), []);
  });

  it('are refused with JD’s reason, and where there is no such order', async () => {
    const { target } = shop({}, { success: 'false', chineseErrCode: '订单已锁定' });
    const fault = await faultOf(target.ship(shipment, idle));
    assert.equal(fault.kind, 'caller');
    assert.match(fault.message, /订单已锁定/);
    assert.equal((await faultOf(shop(null).target.ship(shipment, idle))).code, 'jd.order-unknown');
  });
});
