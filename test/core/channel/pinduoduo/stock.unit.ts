import assert from 'node:assert/strict';
import { connectPinduoduo } from '../../../../core/channel/pinduoduo/connection.ts';
import { type Answering, answeringChannel, faultOf, idle } from '../answering-channel.ts';
import { formOf } from '../open-platform.ts';

function stockOf(answer: Answering) {
  const { connection, asked } = answeringChannel(connectPinduoduo, answer);
  return { stock: connection.stock!, asked };
}

const numbersOf = (...listings: string[]) =>
  listings.map((listing, index) => ({ listing, sellable: index + 3, version: 1, key: `k-${listing}` }));

const taken = { body: { goods_quantity_update_response: { is_success: true } } };
const listing = '600000000001/1500000000001';

describe('stock on Pinduoduo', () => {
  it('is set SKU by SKU, as it is to be', async () => {
    const { stock, asked } = stockOf(() => taken);
    assert.equal(stock.most, 1);
    assert.notEqual(stock.groupOf(listing), stock.groupOf('600000000001/1500000000002'));
    assert.equal(stock.read, undefined, 'Pinduoduo shows no stock');
    assert.deepEqual(await stock.set(numbersOf(listing), idle), [{ listing }]);
    const { type, goods_id, sku_id, quantity, update_type } = formOf(asked[0]!);
    assert.deepEqual(
      { type, goods_id, sku_id, quantity, update_type },
      {
        type: 'pdd.goods.quantity.update',
        goods_id: '600000000001',
        sku_id: '1500000000001',
        quantity: '3',
        update_type: '1',
      },
    );
    assert.equal(asked[0]!.repeatable, false, 'the first of two may get through after a newer one');
  });

  it('of nothing is 0, not left out', async () => {
    const { stock, asked } = stockOf(() => taken);
    await stock.set([{ ...numbersOf(listing)[0]!, sellable: 0 }], idle);
    assert.equal(formOf(asked[0]!).quantity, '0');
  });

  it('that is refused says why, and the others are set', async () => {
    const { stock } = stockOf((_url, request) => {
      const { sku_id: sku } = formOf(request);
      if (sku === '1')
        return { body: { error_response: { error_code: 50001, sub_msg: '活动商品不能减库存' } } };
      if (sku === '2') return { body: { goods_quantity_update_response: { is_success: false } } };
      return taken;
    });
    const [promoted, failed, unnamed, good] = await stock.set(numbersOf('6/1', '6/2', '6', listing), idle);
    assert.match(promoted!.fault!.message, /活动商品不能减库存/);
    assert.equal(failed!.fault!.params.code, 'is_success=false');
    assert.equal(unnamed!.fault!.code, 'pinduoduo.sku-missing');
    assert.deepEqual(good, { listing });
  });

  it('is unknown where the platform has trouble: that is thrown', async () => {
    const { stock } = stockOf(() => ({ body: { error_response: { error_code: 52102 } } }));
    assert.equal((await faultOf(stock.set(numbersOf(listing), idle))).kind, 'platform');
  });
});

describe('sale on Pinduoduo', () => {
  for (const [open, expected] of [
    [false, '0'],
    [true, '1'],
  ] as const)
    it(`${open ? 'begins' : 'ends'} for whole goods`, async () => {
      const { stock, asked } = stockOf(() => ({
        body: { goods_sale_status_set_response: { is_success: true } },
      }));
      assert.equal(stock.sale!.unitOf(listing), listing.split('/')[0]);
      await stock.sale!.set(listing, open, idle);
      const { type, goods_id, is_onsale, sku_id } = formOf(asked[0]!);
      assert.deepEqual(
        { type, goods_id, is_onsale, sku_id },
        {
          type: 'pdd.goods.sale.status.set',
          goods_id: '600000000001',
          is_onsale: expected,
          sku_id: undefined,
        },
      );
    });

  it('is refused with the platform’s reason', async () => {
    const { stock } = stockOf(() => ({
      body: { error_response: { error_code: 50001, sub_msg: '商品被平台下架' } },
    }));
    assert.match((await faultOf(stock.sale!.set(listing, true, idle))).message, /商品被平台下架/);
    const silent = stockOf(() => ({ body: { goods_sale_status_set_response: { is_success: false } } }));
    assert.equal((await faultOf(silent.stock.sale!.set(listing, true, idle))).kind, 'caller');
  });
});
