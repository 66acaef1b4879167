import assert from 'node:assert/strict';
import fc from 'fast-check';
import { findJsonFault } from '../../../../core/order/mapping/json-fault.ts';
import { readRecord } from '../../../../core/order/mapping/record.ts';
import type { MapProblem } from '../../../../core/order/mapping/types.ts';

function record(input: unknown): Record<string, unknown> {
  const result = readRecord(input);
  assert.ok(result.ok, 'readable');
  return result.record;
}

function refusal(input: unknown): MapProblem {
  const result = readRecord(input);
  assert.ok(!result.ok, 'refused');
  assert.equal(result.problems.length, 1);
  return result.problems[0]!;
}

describe('reading a record', () => {
  it('takes bytes, text and objects', () => {
    const value = { id: 1, note: '茶®™🍵' };
    const json = JSON.stringify(value);
    for (const input of [
      json,
      Buffer.from(json),
      new TextEncoder().encode(json),
      value,
      `\ufeff ${json}\n`,
    ]) {
      assert.deepEqual(record(input), value);
    }
    const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(json)]);
    assert.deepEqual(record(marked), value);
  });

  it('keeps the digits of numbers that JavaScript would round', () => {
    assert.deepEqual(record('{"tid":2100000000000000001,"amount":0.1000000000000000055,"n":10.10}'), {
      tid: '2100000000000000001',
      amount: '0.1000000000000000055',
      n: 10.1,
    });
  });

  it('says which byte is not UTF-8', () => {
    const gbk = Buffer.concat([Buffer.from('{"note":"'), Buffer.from([0xb2, 0xe8]), Buffer.from('"}')]);
    const problem = refusal(gbk);
    assert.equal(problem.code, 'record.not-utf8');
    assert.deepEqual([problem.params.position, problem.params.byte], [10, 'B2']);
    const cut = refusal(Buffer.from('{"note":"茶').subarray(0, -1));
    assert.equal(cut.code, 'record.not-utf8');
  });

  it('finds the first bad byte wherever it is', () => {
    const good = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(good, good, (before, after) => {
        const start = Buffer.from(before);
        const problem = refusal(Buffer.concat([start, Buffer.from([0xff]), Buffer.from(after)]));
        assert.equal(problem.params.position, start.length + 1);
      }),
    );
  });

  it('tells an empty record from one that is not JSON', () => {
    for (const input of ['', '  \n', Buffer.alloc(0), '\ufeff'])
      assert.equal(refusal(input).code, 'record.empty');
    assert.equal(refusal('webhook_id=12').code, 'record.not-json');
  });

  it('wants one order, not a list, a text or nothing', () => {
    for (const input of ['[]', '"a"', '7', 'null', null, undefined, 7, [{ id: 1 }]]) {
      assert.equal(refusal(input).code, 'record.not-an-object', String(input));
    }
  });

  it('says where a text stops being JSON', () => {
    const cases: [text: string, line: number, column: number, near: string][] = [
      ['webhook_id=12', 1, 1, 'webhook_id=12'],
      ['{"a":1,}', 1, 8, '}'],
      ['{"a":1 "b":2}', 1, 8, '"b":2}'],
      ['{\n  "a": tru\n}', 2, 8, 'tru\\u000a}'],
      ['{"a":"茶🍵", b}', 1, 12, 'b}'],
      ['{"a":1', 1, 7, '–'],
      ['{"a":"x\ny"}', 1, 8, '\\u000ay"}'],
      ['{"a":"\\q"}', 1, 7, '\\q"}'],
      ['{"a":01}', 1, 6, '01}'],
      ['{"a":[1,2}', 1, 10, '}'],
      ['{"a":1}}', 1, 8, '}'],
      ["{'a':1}", 1, 2, "'a':1}"],
      ['{"a":NaN}', 1, 6, 'NaN}'],
      ['[1,2', 1, 5, '–'],
    ];
    for (const [text, line, column, near] of cases) {
      const problem = refusal(text);
      assert.equal(problem.code, 'record.not-json', text);
      assert.deepEqual(
        [problem.params.line, problem.params.column, problem.params.near],
        [line, column, near],
        text,
      );
    }
  });

  it('finds a fault in every text that JSON.parse refuses, at a place where it can be mended', () => {
    const damaged = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', '}', '"', ',', 'x', '\\', '\0', '9'))
      .map(([json, at, by]) => json.slice(0, at % json.length) + by + json.slice((at % json.length) + 1));
    fc.assert(
      fc.property(damaged, (text) => {
        try {
          JSON.parse(text);
        } catch {
          const { line, column } = findJsonFault(text);
          // What stands before the fault is the start of some JSON: it can be cut there and no earlier fault is found.
          const lines = text.split('\n');
          const upTo = [
            ...lines.slice(0, line - 1),
            [...lines[line - 1]!].slice(0, column - 1).join(''),
          ].join('\n');
          const again = findJsonFault(upTo);
          const ends = [...upTo.split('\n').at(-1)!].length + 1;
          assert.ok(
            again.near === '' || again.column < column,
            `${JSON.stringify(text)} at ${line}:${column}`,
          );
          assert.ok(again.line === line ? again.column <= ends : again.line < line);
        }
      }),
    );
  });

  it('is not felled by nesting or by size', () => {
    const deep = 200_000;
    const problem = refusal(`{"a":${'['.repeat(deep)}${']'.repeat(deep)}}`);
    assert.equal(problem.code, 'record.too-deep');
    assert.equal(refusal('['.repeat(deep)).code, 'record.not-json');
    const note = 'x'.repeat(6_000_000);
    assert.equal(record(JSON.stringify({ note })).note, note);
    assert.equal(refusal(`{"note":"${note}`).params.column, note.length + 10);
  });
});
