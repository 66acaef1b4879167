import { strict as assert } from 'node:assert';
import type { HubError } from '../../../../core/errors.ts';
import { delimiterOf } from '../../../../core/stock/count/csv-table.ts';
import { readSheet } from '../../../../core/stock/count/read-sheet.ts';
import { xlsxFile } from './xlsx-file.ts';

/** 商品编码,实盘数量 / 茶叶-1,12 in GBK, as Chinese Excel saves CSV files. */
const gbk = Buffer.from([
  0xc9, 0xcc, 0xc6, 0xb7, 0xb1, 0xe0, 0xc2, 0xeb, 0x2c, 0xca, 0xb5, 0xc5, 0xcc, 0xca, 0xfd, 0xc1, 0xbf, 0x0d,
  0x0a, 0xb2, 0xe8, 0xd2, 0xb6, 0x2d, 0x31, 0x2c, 0x31, 0x32, 0x0d, 0x0a,
]);

const pairs = async (received: unknown, rules = {}) =>
  (await readSheet(received, rules)).rows.map(({ row, sku, counted }) => [row, sku, counted]);
const refusal = async (received: unknown, rules = {}): Promise<HubError> => {
  try {
    await readSheet(received, rules);
  } catch (error) {
    return error as HubError;
  }
  throw new assert.AssertionError({ message: 'it was read' });
};

describe('reading a count sheet', () => {
  for (const [what, received] of [
    ['commas', 'sku,counted\nTEA,12\n'],
    ['semicolons', 'sku;counted\r\nTEA;12\r\n'],
    ['tabs', 'sku\tcounted\nTEA\t12'],
    ['old line ends of a Mac', 'sku,counted\rTEA,12\r'],
    ['quotation marks', '"sku","counted"\n"TEA","12"\n'],
    ['UTF-8 bytes', Buffer.from('sku,counted\nTEA,12\n')],
    ['UTF-8 with a byte order mark', Buffer.from('\ufeffsku,counted\nTEA,12\n')],
    ['UTF-16 as Excel saves "Unicode text"', Buffer.from('\ufeffsku\tcounted\nTEA\t12\n', 'utf16le')],
    ['UTF-16 big endian', Buffer.from('\ufeffsku\tcounted\nTEA\t12\n', 'utf16le').swap16()],
    ['names of columns in other spelling', ' SKU Code , Counted Qty (pcs)\nTEA,12\n'],
    ['Chinese names of columns', '货号,数量\nTEA,12\n'],
    ['columns that nobody asked for', 'title,sku,book qty,counted\nGreen tea,TEA,13,12\n'],
    ['rows of different length', 'sku,counted,time\nTEA,12\n'],
  ] as const) {
    it(`takes ${what}`, async () => assert.deepEqual(await pairs(received), [[2, 'TEA', '12']]));
  }

  it('takes GBK', async () => assert.deepEqual(await pairs(gbk), [[2, '茶叶-1', '12']]));

  it('keeps delimiters and line ends inside quotation marks', async () => {
    const text = 'sku;counted;note\n"TEA;1";12;"two\nlines"\n"5"" pipe";3;\n';
    assert.deepEqual(await pairs(text), [
      [2, 'TEA;1', '12'],
      [3, '5" pipe', '3'],
    ]);
  });

  it('does not take delimiters in quoted names for those of the file', () => {
    assert.equal(delimiterOf('"a,b,c";counted\n'), ';');
    assert.equal(delimiterOf('sku\n'), ',');
  });

  it('numbers rows as a spreadsheet does, empty ones included', async () => {
    assert.deepEqual(await pairs('sku,counted\n\nTEA,1\n,\n\nMUG,2\n'), [
      [3, 'TEA', '1'],
      [6, 'MUG', '2'],
    ]);
  });

  it('takes columns by the names somebody entered', async () => {
    const columns = { sku: 'Barcode', counted: 'Shelf' };
    assert.deepEqual(await pairs('Barcode,sku,Shelf\nB1,TEA,4\n', { columns }), [[2, 'B1', '4']]);
    const error = await refusal('sku,counted\nTEA,1\n', { columns });
    assert.deepEqual(
      [error.code, error.params.missing, error.params.found],
      ['count.columns-missing', 'Barcode, Shelf', 'sku, counted'],
    );
  });

  it('prefers the column of what was counted to any other quantity', async () => {
    assert.deepEqual(await pairs('编码,数量,实盘数量\nTEA,13,12\n'), [[2, 'TEA', '12']]);
  });

  it('names the columns found and those it wants', async () => {
    const error = await refusal('name,price\nTea,3\n');
    assert.equal(error.code, 'count.columns-missing');
    assert.equal(error.params.found, 'name, price');
    assert.match(error.told('en-US'), /name, price.*sku.*counted/);
    assert.match(error.told('zh-CN'), /name, price.*商品编码.*实盘数量/);
  });

  for (const [code, received] of [
    ['count.column-twice', 'sku,counted,Counted\nTEA,1,2\n'],
    ['count.empty-file', Buffer.from('\n\n')],
    ['count.empty-file', Buffer.alloc(0)],
    ['count.bad-csv', 'sku,counted\n"TEA,1\n'],
    ['count.bad-encoding', Buffer.from([0x73, 0x6b, 0x75, 0x2c, 0xff, 0xff, 0x0a])],
    ['count.bad-encoding', Buffer.from('sku,counted\nTEA\0,1\n')],
    ['count.old-excel', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0, 0])],
    ['count.bad-excel', Buffer.from('PK\x03\x04 no zip')],
    ['count.nothing-received', undefined],
    ['count.nothing-received', 7],
    ['count.nothing-received', []],
    ['count.nothing-received', ' '],
    ['count.nothing-received', [['TEA', 1]].flat()],
    ['count.columns-missing', [{ name: 'TEA' }]],
  ] as const) {
    it(`refuses ${JSON.stringify(received)?.slice(0, 50)} with ${code}`, async () =>
      assert.equal((await refusal(received)).code, code));
  }

  it('says at which line a CSV file breaks off', async () => {
    const error = await refusal('sku,counted\nMUG,2\n"TEA,1\n');
    assert.equal(error.code, 'count.bad-csv');
    assert.ok(Number(error.params.line) >= 3, String(error.params.line));
  });

  it('takes a list, or a single line of one', async () => {
    const list = [{ sku: 'TEA', counted: 3 }, { sku: 'MUG' }];
    assert.deepEqual(await pairs(list), [
      [1, 'TEA', 3],
      [2, 'MUG', undefined],
    ]);
    assert.deepEqual(await pairs(list[0]), [[1, 'TEA', 3]]);
  });

  it('takes an Excel file, with times of the wall clock', async () => {
    const file = xlsxFile([
      ['商品编码', '实盘数量', '盘点时间'],
      ['TEA', 12, { days: 46082.604166666664 }],
      [6901234567890, 3, null],
    ]);
    const { rows, source } = await readSheet(file);
    assert.equal(source, 'excel');
    assert.deepEqual(rows, [
      { row: 2, sku: 'TEA', counted: 12, at: '2026-03-01T14:30:00' },
      { row: 3, sku: 6901234567890, counted: 3, at: null },
    ]);
  });

  it('takes the worksheet that is named', async () => {
    const file = xlsxFile(
      [
        ['sku', 'counted'],
        ['TEA', 1],
      ],
      '三月',
    );
    assert.deepEqual(await pairs(file, { worksheet: '三月' }), [[2, 'TEA', 1]]);
    assert.equal((await refusal(file, { worksheet: 'April' })).code, 'count.bad-excel');
  });

  it('tells contents apart by their hash', async () => {
    const one = await readSheet('sku,counted\nTEA,1\n');
    assert.equal((await readSheet(Buffer.from('sku,counted\nTEA,1\n'))).contentHash, one.contentHash);
    assert.notEqual((await readSheet('sku,counted\nTEA,2\n')).contentHash, one.contentHash);
  });
});
