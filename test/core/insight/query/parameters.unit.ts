import assert from 'node:assert/strict';
import fc from 'fast-check';
import { masked } from '../../../../core/insight/query/masking.ts';
import {
  choiceOf,
  cursorFrom,
  cursorOf,
  idOf,
  limitOf,
  requiredText,
  textOf,
  timeOf,
} from '../../../../core/insight/query/parameters.ts';

const refused = (code: string) => ({ code });

describe('parameters of a question', () => {
  it('are absent when they are empty', () => {
    for (const value of [undefined, null, '']) {
      assert.equal(textOf({ sku: value }, 'sku'), undefined);
      assert.throws(() => requiredText({ sku: value }, 'sku'), refused('query.missing'));
    }
    assert.equal(textOf({ sku: 0 }, 'sku'), '0');
    assert.throws(() => textOf({ sku: ['a', 'b'] }, 'sku'), refused('query.bad-choice'));
  });

  it('bound the rows of a page', () => {
    assert.deepEqual(
      [limitOf({}), limitOf({}, 'limit', 20), limitOf({ limit: '500' }), limitOf({ limit: 7 })],
      [100, 20, 500, 7],
    );
    for (const limit of ['0', '501', '-1', '1.5', '1e2', 'many', '0x10', ' 5', '99999999999'])
      assert.throws(() => limitOf({ limit }), refused('query.bad-limit'));
  });

  it('read times with their zone', () => {
    const at = (since: unknown) => timeOf({ since }, 'since');
    assert.equal(at('2026-03-01T08:00:00+08:00'), Date.UTC(2026, 2, 1));
    assert.equal(at('2026-03-01'), Date.UTC(2026, 2, 1));
    assert.equal(at('1772323200000'), 1_772_323_200_000);
    for (const text of ['yesterday', '2026-03-01T08:00:00', '2026-13-01', '03/01/2026', '2026'])
      assert.throws(() => at(text), refused('query.bad-time'), text);
  });

  it('take ids and choices only as they are', () => {
    assert.equal(idOf({ id: '12' }, 'id'), 12);
    for (const id of ['-1', '1.0', '12x', '1234567890123456'])
      assert.throws(() => idOf({ id }, 'id'), refused('query.bad-id'));
    assert.equal(choiceOf({ state: 'dead' }, 'state', ['dead', 'done']), 'dead');
    assert.throws(() => choiceOf({ state: 'Dead' }, 'state', ['dead', 'done']), /dead, done/);
  });

  it('carry any place through a cursor, and refuse what is none', () => {
    fc.assert(
      fc.property(fc.integer(), fc.string({ unit: 'grapheme' }), (number, text) => {
        const after = cursorFrom(number, text);
        assert.match(after, /^[\w-]+$/);
        assert.deepEqual(cursorOf({ after }, ['number', 'string']), [number, text]);
        assert.throws(() => cursorOf({ after }, ['string', 'string']), refused('query.bad-cursor'));
        assert.throws(() => cursorOf({ after }, ['number']), refused('query.bad-cursor'));
      }),
    );
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (after) => {
        assert.throws(() => cursorOf({ after }, ['number', 'string']), refused('query.bad-cursor'));
      }),
    );
  });
});

describe('masking', () => {
  it('finds what tells people at any depth and leaves the rest', () => {
    const order = {
      channelOrderId: '13812340000',
      receiver: { name: '张三丰', phone: 13812340000, city: '杭州', address: '中山路 1 号' },
      lines: [{ title: 'Mug', extra: { contactPhone: '13812340000' } }],
      buyer: { note: 'call 13812340000', key: 'buyer-77' },
      total: 7,
      none: null,
    };
    const shown = masked(order);
    assert.deepEqual(shown.receiver, { name: '张**', phone: '138****0000', city: '杭州', address: '****' });
    assert.equal(shown.lines[0]?.extra.contactPhone, '138****0000');
    assert.deepEqual(
      [shown.channelOrderId, shown.lines[0]?.title, shown.total, shown.none],
      ['13812340000', 'Mug', 7, null],
    );
    assert.equal(shown.buyer.note.includes('13812340000'), false);
    assert.equal(order.receiver.name, '张三丰');
    assert.deepEqual(masked(shown), shown);
  });
});
