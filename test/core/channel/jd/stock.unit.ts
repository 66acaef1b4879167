import assert from 'node:assert/strict';
import { connectJd } from '../../../../core/channel/jd/connection.ts';
import { type Answering, answeringChannel, faultOf, idle } from '../answering-channel.ts';
import { formOf, sampleText } from '../open-platform.ts';

function stockOf(answer: Answering) {
  const { connection, asked } = answeringChannel(connectJd, answer);
  return {
    stock: connection.stock!,
    sent: () => asked.map((request) => JSON.parse(formOf(request)['360buy_param_json']!)),
  };
}

const numbers = ['100000000001', '100000000002'].map((listing, index) => ({
  listing,
  sellable: index + 4,
  version: 1,
  key: `key-${index}`,
}));

describe('stock on JD', () => {
  it('is set as it is to be, and each row has its own outcome', async () => {
    const { stock, sent } = stockOf(() => ({ body: sampleText('jd/ware_stock_sku_set.partial_failure') }));
    assert.equal(stock.most, 30);
    assert.equal(stock.sale, null, 'JD closes whole products only');
    const [good, bad] = await stock.set(numbers, idle);
    assert.deepEqual(good, { listing: '100000000001' });
    assert.match(bad!.fault!.message, /sku不存在/);
    const { req } = sent()[0];
    assert.equal(req.updateModel, 'fullStockIn');
    assert.deepEqual(req.skuStocks, [
      { skuId: 100000000001, stockNum: 4 },
      { skuId: 100000000002, stockNum: 5 },
    ]);
  });

  it('carries the same id for each attempt at the same states, and no other', async () => {
    const { stock, sent } = stockOf(() => ({ body: sampleText('jd/ware_stock_sku_set.partial_failure') }));
    await stock.set(numbers, idle);
    await stock.set(numbers, idle);
    await stock.set([{ ...numbers[0]!, key: 'key-9' }, numbers[1]!], idle);
    await stock.set([numbers[0]!], idle);
    const ids = sent().map(({ req }) => req.stockRfId as string);
    assert.equal(ids[0], ids[1]);
    assert.notEqual(ids[0], ids[2]);
    assert.equal(ids[3], 'key-0');
  });

  const rowed = (...rows: object[]) =>
    stockOf(() => ({
      body: {
        jingdong_ware_stock_sku_set_responce: {
          returnType: { success: 'true', obj: { updateStockResult: rows } },
        },
      },
    })).stock;

  it('that the answer says nothing of has no outcome', async () => {
    const taken = { data: numbers[1]!.listing, success: true };
    assert.deepEqual(await rowed(taken).set(numbers, idle), [{ listing: numbers[1]!.listing }]);
  });

  it('that fails for a reason that passes is not refused', async () => {
    const busy = { data: numbers[0]!.listing, success: false, message: '系统繁忙，请稍后重试' };
    const [result] = await rowed(busy).set([numbers[0]!], idle);
    assert.deepEqual([result!.fault?.kind, result!.fault?.retryable], ['platform', true]);
  });

  it('that was refused as a whole is thrown', async () => {
    const { stock } = stockOf(() => ({
      body: { jingdong_ware_stock_sku_set_responce: { returnType: { success: false, message: '系统繁忙' } } },
    }));
    assert.equal((await faultOf(stock.set(numbers, idle))).kind, 'platform');
  });

  it('is read back SKU by SKU; one that JD does not know is absent', async () => {
    const { stock, sent } = stockOf((_url, request) => {
      const known = formOf(request)['360buy_param_json']!.includes('100000000001');
      const returnType = known
        ? {
            success: true,
            obj: {
              skuId: 100000000001,
              skuStockInfos: [
                { storeId: 0, stockNum: 4 },
                { storeId: 7, stockNum: 3 },
              ],
            },
          }
        : { success: false, errorMessage: 'sku不存在' };
      return { body: { jingdong_ware_stock_sku_query_responce: { returnType } } };
    });
    const shown = await stock.read!(['100000000001', '100000000009'], idle);
    assert.deepEqual([...shown], [['100000000001', { sellable: 7, open: null }]]);
    assert.deepEqual(sent()[0], { skuId: 100000000001 });
  });
});
