import assert from 'node:assert/strict';
import { idle } from '../answering-channel.ts';
import { done, douyinShop } from './shop.ts';

const numbers = ['1', '2', '3', '4'].map((sku) => ({
  listing: `350/${sku}`,
  sellable: 3,
  version: 1,
  key: `key-${sku}`,
}));

describe('stock on Douyin', () => {
  it('has an outcome a row: taken, refused, failed for now, or none where the answer leaves it out', async () => {
    const { connection } = douyinShop(() =>
      done(
        {
          results: [
            { uniq_id: '0', success: true },
            { uniq_id: '1', success: false, status_code: 2010001, status_message: '商品不存在' },
            { uniq_id: '2', success: false, status_code: 20001, status_message: '系统繁忙,请稍后重试' },
          ],
        },
        10_001,
      ),
    );
    const results = await connection.stock!.set(numbers, idle);
    assert.deepEqual(
      results.map(({ listing, fault }) => [listing, fault?.kind, fault?.retryable]),
      [
        ['350/1', undefined, undefined],
        ['350/2', 'caller', false],
        ['350/3', 'platform', true],
      ],
    );
  });

  it('is told what is wrong with a listing that names no SKU, while the others go', async () => {
    const { connection, asked } = douyinShop(() => done({ results: [{ uniq_id: '0', success: true }] }));
    const results = await connection.stock!.set([{ ...numbers[0]!, listing: '350' }, numbers[1]!], idle);
    assert.deepEqual(
      new Map(results.map(({ listing, fault }) => [listing, fault?.code])),
      new Map([
        ['350/2', undefined],
        ['350', 'douyin.sku-missing'],
      ]),
    );
    assert.equal(asked.length, 1);
  });
});
