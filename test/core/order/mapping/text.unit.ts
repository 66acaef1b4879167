import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Order } from '../../../../core/order/schema.ts';
import { aMapping, map, orderOf, problemOf, problemsOf, rule } from './a-mapping.ts';

const mapping = aMapping(
  [rule('sellerNote', 'note'), rule('receiver.name', 'name'), rule('extra.tag', 'tag')],
  [rule('title', 'title')],
);

/** How the channels write JSON: plain, with every character outside ASCII escaped (PHP), and with `\/`. */
const writers: Record<string, (value: unknown) => string> = {
  plain: (value) => JSON.stringify(value),
  escaped: (value) =>
    JSON.stringify(value)
      .replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .replaceAll('/', '\\/'),
};

function record(text: string): Record<string, unknown> {
  return {
    id: '1',
    note: text,
    name: text,
    tag: text,
    items: [{ id: 'a', sku: 'TEA', quantity: 1, title: text }],
  };
}

function textsOf(order: Order): (string | undefined)[] {
  return [order.sellerNote, order.receiver?.name, order.extra?.tag, order.lines[0]?.title];
}

describe('text through a mapping', () => {
  it('stays what it is: marks, emoji, scripts, controls, markup', () => {
    const texts = [
      'Nespresso® Vertuo™ ©',
      '👩‍👩‍👧‍👦 🇨🇳 👍🏽 ❤️',
      '𠮷野家 㐂 龍',
      'שלום عليكم ไทย',
      '½ ﬁ ² Å Ω',
      'line 1\r\nline 2\ttab',
      '<b>&amp;</b> "quoted" \\ / \u2028 \u200b',
      "Robert'); DROP TABLE orders;--",
    ];
    for (const text of texts) {
      for (const [name, write] of Object.entries(writers)) {
        const order = orderOf(map(mapping, Buffer.from(write(record(text)))));
        assert.deepEqual(textsOf(order), Array(4).fill(text.normalize('NFC')), `${text} ${name}`);
      }
    }
  });

  it('is composed, so that what looks equal is equal', () => {
    const order = orderOf(map(mapping, record('Cafe\u0301 a\u030a Å'.normalize('NFD'))));
    assert.equal(order.sellerNote, 'Café å Å');
    assert.equal(orderOf(map(mapping, record('\u212b'))).sellerNote, '\u00c5');
  });

  it('does not fold compatibility forms', () => {
    assert.equal(orderOf(map(mapping, record('™ ® ﬁ Ａ１'))).sellerNote, '™ ® ﬁ Ａ１');
  });

  it('with half a character or NUL in it is reported for each field, with the place', () => {
    const cases: [text: string, code: string, position: number][] = [
      ['ok \ud83d', 'order.text-half-character', 4],
      ['\udf75 tea', 'order.text-half-character', 1],
      ['🍵\udf75\ud83c', 'order.text-half-character', 2],
      ['a\0b', 'order.text-nul', 2],
    ];
    for (const [text, code, position] of cases) {
      for (const [name, write] of Object.entries(writers)) {
        const problems = problemsOf(map(mapping, write(record(text))));
        assert.deepEqual(
          problems.map((problem) => [
            problem.path,
            problem.code,
            problem.params.position,
            problem.rule?.target,
          ]),
          [
            ['lines[0].title', code, position, 'title'],
            ['receiver.name', code, position, 'receiver.name'],
            ['sellerNote', code, position, 'sellerNote'],
            ['extra.tag', code, position, 'extra.tag'],
          ].sort(
            (a, b) => problems.findIndex((p) => p.path === a[0]) - problems.findIndex((p) => p.path === b[0]),
          ),
          name,
        );
        for (const problem of problems) {
          assert.ok(/^[^\p{Cs}\p{Cc}]*$/u.test(problem.sentence + problem.value), 'can be shown and stored');
        }
      }
    }
  });

  it('of a megabyte goes through, and a problem in it stays short', () => {
    const note = '茶🍵'.repeat(350_000);
    assert.equal(orderOf(map(mapping, record(note))).sellerNote, note);
    const problem = problemOf(map(aMapping([rule('sellerNote', 'note')]), record(`${note}\0`)));
    assert.equal(problem.params.position, 700_001);
    assert.ok(problem.value!.length < 200 && problem.sentence.length < 300);
  });

  it('of any kind is kept in composed form or reported, never changed silently', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
    );
    fc.assert(
      fc.property(anyText, fc.constantFrom(...Object.values(writers)), (text, write) => {
        const result = map(aMapping([rule('sellerNote', 'note')]), write(record(text)));
        const usable = !/[\0\ud800-\udfff]/u.test(text);
        assert.equal(result.ok, usable);
        if (!result.ok) return;
        const kept = /\S/.test(text) ? text.normalize('NFC') : undefined;
        assert.equal(result.order.sellerNote, kept);
      }),
      { numRuns: 500 },
    );
  });
});
