import assert from 'node:assert/strict';
import { connectTaobao } from '../../../../core/channel/taobao/connection.ts';
import { type Answering, answeringChannel, faultOf, idle } from '../answering-channel.ts';
import { formOf } from '../open-platform.ts';

function stockOf(answer: Answering) {
  const { connection, asked } = answeringChannel(connectTaobao, answer);
  return { stock: connection.stock!, asked };
}

const numbersOf = (...listings: string[]) =>
  listings.map((listing, index) => ({ listing, sellable: index + 3, version: 1, key: `k-${listing}` }));

const taken = { body: { skus_quantity_update_response: { item: { num_iid: 600000000001 } } } };

const item = {
  num_iid: 600000000001,
  num: 12,
  approve_status: 'onsale',
  skus: {
    sku: [
      { sku_id: 5000000000001, quantity: 5 },
      { sku_id: 5000000000002, quantity: 7 },
    ],
  },
};

describe('stock on Taobao', () => {
  it('of the SKUs of one item is set together, as it is to be', async () => {
    const { stock, asked } = stockOf(() => taken);
    assert.equal(stock.most, 20);
    assert.equal(stock.groupOf('600000000001/5000000000002'), stock.groupOf('600000000001/5000000000001'));
    assert.notEqual(stock.groupOf('600000000002/5000000000001'), stock.groupOf('600000000001/5000000000001'));
    const listings = ['600000000001/5000000000001', '600000000001/5000000000002'];
    assert.deepEqual(
      await stock.set(numbersOf(...listings), idle),
      listings.map((listing) => ({ listing })),
    );
    const { num_iid, skuid_quantities, type, method } = formOf(asked[0]!);
    assert.deepEqual(
      { num_iid, skuid_quantities, type, method },
      {
        num_iid: '600000000001',
        skuid_quantities: '5000000000001:3;5000000000002:4',
        type: '1',
        method: 'taobao.skus.quantity.update',
      },
    );
    assert.equal(asked[0]!.repeatable, false, 'the first of two may get through after a newer one');
  });

  it('of an item without SKUs is set for the item', async () => {
    const { stock, asked } = stockOf(() => ({ body: { item_quantity_update_response: { item: {} } } }));
    await stock.set(numbersOf('600000000003'), idle);
    const { num_iid, quantity, type, method, sku_id } = formOf(asked[0]!);
    assert.deepEqual(
      { num_iid, quantity, type, method, sku_id },
      {
        num_iid: '600000000003',
        quantity: '3',
        type: '1',
        method: 'taobao.item.quantity.update',
        sku_id: undefined,
      },
    );
  });

  it('that one SKU spoils is set for the others', async () => {
    const { stock } = stockOf((_url, request) =>
      formOf(request).skuid_quantities!.includes('666')
        ? { body: { error_response: { code: 15, sub_code: 'isv.invalid-skuId', sub_msg: 'SKU不存在' } } }
        : taken,
    );
    const [good, bad] = await stock.set(numbersOf('600000000001/5000000000001', '600000000001/666'), idle);
    assert.equal(good!.fault, undefined);
    assert.match(bad!.fault!.message, /SKU不存在/);
  });

  it('is unknown where the platform has trouble: that is thrown', async () => {
    const { stock } = stockOf(() => ({ status: 503, body: '' }));
    const fault = await faultOf(stock.set(numbersOf('1/2', '1/3'), idle));
    assert.equal(fault.kind, 'platform');
  });

  it('is read back with whether the item is on sale', async () => {
    const { stock, asked } = stockOf(() => ({
      body: { items_seller_list_get_response: { items: { item: [item] } } },
    }));
    const shown = await stock.read!(
      ['600000000001/5000000000002', '600000000001', '600000000001/1', '600000000009'],
      idle,
    );
    assert.deepEqual(
      [...shown],
      [
        ['600000000001/5000000000002', { sellable: 7, open: true }],
        ['600000000001', { sellable: 12, open: true }],
      ],
    );
    assert.equal(formOf(asked[0]!).num_iids, '600000000001,600000000009');
  });

  it('of many items is read twenty at a time', async () => {
    const { stock, asked } = stockOf(() => ({ body: { items_seller_list_get_response: {} } }));
    await stock.read!(
      Array.from({ length: 45 }, (_, index) => `${index + 1}`),
      idle,
    );
    assert.deepEqual(
      asked.map((request) => formOf(request).num_iids!.split(',').length),
      [20, 20, 5],
    );
  });
});

describe('sale on Taobao', () => {
  function shelf(state: Record<string, unknown>) {
    return stockOf((_url, { name }) => {
      if (name === 'taobao.items.seller.list.get')
        return { body: { items_seller_list_get_response: { items: { item: [{ ...item, ...state }] } } } };
      return { body: { [`${name.replace('taobao.', '').replaceAll('.', '_')}_response`]: { item: {} } } };
    });
  }

  it('ends and begins for whole items', async () => {
    const closing = shelf({});
    assert.equal(closing.stock.sale!.unitOf('600000000001/5000000000001'), '600000000001');
    assert.equal(closing.stock.sale!.unitOf('600000000001'), '600000000001');
    await closing.stock.sale!.set('600000000001/5000000000001', false, idle);
    assert.equal(formOf(closing.asked[1]!).method, 'taobao.item.update.delisting');
    assert.equal(closing.asked[1]!.repeatable, false, 'said twice it is refused');
    const opening = shelf({ approve_status: 'instock' });
    await opening.stock.sale!.set('600000000001/5000000000001', true, idle);
    const { method, num_iid, num } = formOf(opening.asked[1]!);
    assert.deepEqual(
      { method, num_iid, num },
      {
        method: 'taobao.item.update.listing',
        num_iid: '600000000001',
        num: '12',
      },
    );
  });

  it('is left alone where it is so already', async () => {
    const { stock, asked } = shelf({});
    await stock.sale!.set('600000000001', true, idle);
    assert.equal(asked.length, 1);
  });

  it('cannot begin without stock, nor for an item that is not there', async () => {
    const empty = await faultOf(
      shelf({ approve_status: 'instock', num: 0 }).stock.sale!.set('600000000001', true, idle),
    );
    assert.equal(empty.code, 'taobao.nothing-to-list');
    const gone = await faultOf(shelf({}).stock.sale!.set('7', true, idle));
    assert.equal(gone.code, 'taobao.item-unknown');
  });
});
