import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { allMessages } from '../../../core/message.ts';
import {
  checkCorrect,
  checkCount,
  checkLock,
  checkReceive,
  checkRelease,
  checkSale,
} from '../../../core/stock/check.ts';
import type { Lock, Quantity } from '../../../core/stock/commands.ts';
import { stockMessages } from '../../../core/stock/messages.ts';

const base = { opKey: 'op', actor: 'test' };

function lockOf(quantity: unknown, more: object = {}): Lock {
  return {
    ...base,
    orderKey: 'shop/1',
    lines: [{ lineId: '7', sku: 'TEA', quantity: quantity as Quantity }],
    ...more,
  };
}

const codes = (checked: { refusals?: { code: string }[] }): string[] =>
  (checked.refusals ?? []).map((refusal) => refusal.code);

describe('checking stock commands', () => {
  it('takes whole numbers and digit-only text as quantities', () => {
    for (const [given, units] of [
      [1, 1],
      ['3', 3],
      ['007', 7],
      [1_000_000_000, 1_000_000_000],
      ['1000000000', 1_000_000_000],
    ] as const) {
      assert.equal(checkLock(lockOf(given)).command?.lines[0]?.quantity, units);
    }
  });

  it('refuses every other quantity, naming the line and the value', () => {
    const bad = [
      0,
      -1,
      1.5,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      1_000_000_001,
      '1000000001',
      '0',
      '',
      ' 3',
      '3.0',
      '1e3',
      '-2',
      '３',
      'three',
      null,
      undefined,
      true,
      {},
      [2],
      2n,
    ];
    for (const value of bad) {
      const line = { lineId: '7', sku: 'TEA', quantity: value as Quantity };
      const [refusal] =
        checkSale({ ...base, orderKey: 'shop/1', withoutHold: true, lines: [line] }).refusals ?? [];
      assert.equal(refusal?.code, 'stock.bad-quantity', String(value));
      assert.equal(refusal.params.line, '7');
      assert.ok(refusal.sentence.includes('Line 7'));
    }
    assert.ok(checkLock(lockOf('12 pcs')).refusals![0]!.sentence.includes('"12 pcs"'));
  });

  it('takes signed units as a correction but not 0, and 0 as a count but nothing below', () => {
    const correction = (quantity: Quantity) => checkCorrect({ ...base, lines: [{ sku: 'TEA', quantity }] });
    assert.equal(correction(-3).command?.lines[0]?.quantity, -3);
    assert.equal(correction('-3').command?.lines[0]?.quantity, -3);
    for (const bad of [0, '-0', 1.5, -1_000_000_001, '+3', 'a'])
      assert.deepEqual(codes(correction(bad)), ['stock.bad-correction']);
    const count = (counted: Quantity) => checkCount({ ...base, lines: [{ sku: 'TEA', counted }] });
    assert.equal(count(0).command?.lines[0]?.quantity, 0);
    assert.deepEqual(codes(count(-1)), ['stock.bad-quantity']);
  });

  it('refuses a line that is there twice, in a count a SKU that is', () => {
    const line = { lineId: '7', sku: 'TEA', quantity: 1 };
    assert.deepEqual(codes(checkLock({ ...lockOf(1), lines: [line, { ...line, sku: 'CUP' }] })), [
      'stock.duplicate-line',
    ]);
    assert.deepEqual(
      codes(checkRelease({ ...base, orderKey: 'o', lines: [{ lineId: '1' }, { lineId: '1' }] })),
      ['stock.duplicate-line'],
    );
    assert.deepEqual(
      codes(
        checkCount({
          ...base,
          lines: [
            { sku: 'TEA', counted: 1 },
            { sku: 'TEA', counted: 2 },
          ],
        }),
      ),
      ['stock.duplicate-line'],
    );
  });

  it('takes 500 lines and refuses 501, none, and what is no list', () => {
    const lines = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ lineId: String(index), sku: 'TEA', quantity: 1 }));
    assert.equal(checkLock({ ...lockOf(1), lines: lines(500) }).command?.lines.length, 500);
    assert.deepEqual(codes(checkLock({ ...lockOf(1), lines: lines(501) })), ['stock.too-many-lines']);
    assert.deepEqual(codes(checkLock({ ...lockOf(1), lines: [] })), ['stock.bad-lines']);
    for (const bad of [undefined, null, 'lines', {}, [null], ['x'], 3])
      assert.deepEqual(codes(checkLock({ ...lockOf(1), lines: bad as never })), ['stock.bad-lines']);
  });

  it('refuses texts that are missing, too long, or cannot be stored', () => {
    for (const bad of ['', undefined, 5, 'a\0b', '\ud83d', 'x'.repeat(1_001)]) {
      assert.deepEqual(codes(checkLock(lockOf(1, { orderKey: bad }))), ['stock.bad-field'], String(bad));
      assert.deepEqual(codes(checkLock(lockOf(1, { opKey: bad }))), ['stock.bad-field']);
    }
    assert.equal(checkLock(lockOf(1, { orderKey: 'shop/茶®™😀/1' })).command?.orderKey, 'shop/茶®™😀/1');
    assert.deepEqual(codes(checkLock(lockOf(1, { bucket: 'damaged' }))), ['stock.bad-choice']);
    assert.deepEqual(
      codes(checkReceive({ ...base, bucket: 'held' as never, lines: [{ sku: 'A', quantity: 1 }] })),
      ['stock.bad-choice'],
    );
    for (const ttlMs of [0, -1, Number.NaN, '60', 1e15])
      assert.deepEqual(codes(checkLock(lockOf(1, { ttlMs }))), ['stock.bad-time-limit']);
    for (const generation of [-1, 1.5, '1'])
      assert.deepEqual(codes(checkLock(lockOf(1, { generation }))), ['stock.bad-generation']);
  });

  it('says everything that is wrong at once', () => {
    const checked = checkLock({ ...lockOf(-1), orderKey: '', bucket: 'x' as never });
    assert.deepEqual(codes(checked), ['stock.bad-field', 'stock.bad-choice', 'stock.bad-quantity']);
  });

  it('takes a line with nothing left of it out of a lock', () => {
    const lines = [
      { lineId: '1', sku: 'TEA', quantity: 2 },
      { lineId: '2', sku: 'CUP', quantity: '0' },
    ];
    assert.deepEqual(checkLock({ ...lockOf(1), lines }).command?.lines, [lines[0]]);
    assert.deepEqual(checkLock(lockOf(0)).command?.lines, []);
  });

  it('gives locks of one order in one pool the same content number, whatever they want', () => {
    const content = (more: object): number => checkLock(lockOf(2, more)).command!.content;
    const first = content({});
    const alike = [
      { scenario: 'pos' },
      { bucket: 'held' },
      { ttlMs: 1_000 },
      { generation: 2 },
      { lines: [{ lineId: '8', sku: 'CUP', quantity: 3 }] },
    ];
    for (const more of alike) assert.equal(content(more), first);
    for (const more of [{ pool: 'east' }, { orderKey: 'shop/2' }]) assert.notEqual(content(more), first);
  });

  it('gives the same content number to the same content only', () => {
    const sale = { ...base, orderKey: 'shop/1', lines: [{ lineId: '7', sku: 'TEA', quantity: 2 }] };
    const content = (more: object): number =>
      checkSale({ ...sale, withoutHold: true, ...more }).command!.content;
    const first = content({});
    assert.equal(content({ actor: 'somebody else', reason: 'again', opKey: 'other' }), first);
    assert.equal(content({ pool: 'main' }), first);
    const others = [
      { pool: 'east' },
      { orderKey: 'shop/2' },
      { lines: [{ lineId: '7', sku: 'TEA', quantity: 3 }] },
      { lines: [{ lineId: '7T', sku: 'EA', quantity: 2 }] },
      { lines: [{ lineId: '8', sku: 'TEA', quantity: 2 }] },
    ].map(content);
    assert.equal(new Set([first, ...others]).size, others.length + 1);
    for (const number of others) assert.ok(Number.isSafeInteger(number) && number >= 0);
  });

  it('tells neighbouring contents apart', () => {
    const text = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme-ascii' });
    fc.assert(
      fc.property(text, text, fc.nat(99), fc.nat(99), (sku, other, quantity, otherQuantity) => {
        fc.pre(sku !== other || quantity !== otherQuantity);
        const content = (name: string, units: number): number =>
          checkReceive({ ...base, lines: [{ sku: name, quantity: units + 1 }] }).command!.content;
        assert.notEqual(content(sku, quantity), content(other, otherQuantity));
      }),
    );
  });

  it('has every sentence in both languages with the same values', () => {
    for (const [code, texts] of Object.entries(stockMessages)) {
      const names = (text: string): string[] =>
        [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!))].sort();
      assert.deepEqual(names(texts['zh-CN']), names(texts['en-US']), code);
      assert.match(texts['zh-CN'], /\p{Script=Han}/u, code);
      assert.equal(allMessages()[code], texts);
    }
  });
});
