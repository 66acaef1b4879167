import assert from 'node:assert/strict';
import { compileMapping } from '../../../../core/order/mapping/compile.ts';
import type { Rule, Source, Transform } from '../../../../core/order/mapping/types.ts';
import { aMapping, aRecord, context, map, orderOf, problemOf, problemsOf, rule } from './a-mapping.ts';

const major: Transform = { kind: 'money', unit: 'major' };

function noteFrom(source: Source, record: Record<string, unknown>): string | undefined {
  const mapping = aMapping([{ target: 'sellerNote', source, transform: { kind: 'text' }, required: false }]);
  return orderOf(map(mapping, aRecord(record))).sellerNote;
}

describe('mapping: sources', () => {
  it('take constants, the account, paths and templates', () => {
    assert.equal(noteFrom({ kind: 'constant', value: 7 }, {}), '7');
    assert.equal(noteFrom({ kind: 'account', value: 'zone' }, {}), 'Asia/Shanghai');
    assert.equal(noteFrom({ kind: 'path', value: 'a.b' }, { a: { b: 'x' } }), 'x');
    assert.equal(
      noteFrom({ kind: 'template', value: '{first} {last}' }, { first: '测试', last: '买家' }),
      '测试 买家',
    );
    assert.equal(
      noteFrom({ kind: 'template', value: '{first} {middle} {last}' }, { first: 'A', last: 'B' }),
      'A B',
    );
    assert.equal(noteFrom({ kind: 'template', value: 'no {x}' }, {}), undefined);
  });

  it('take the first row that fits', () => {
    const source: Source = {
      kind: 'first-match',
      cases: [
        { when: [{ path: 'gone', is: 'present' }], value: 'gone' },
        {
          when: [
            { path: 'state', is: 'in', value: ['a', 'b'] },
            { path: 'vip', is: 'absent' },
          ],
          value: 'plain',
        },
        { when: [{ path: 'state', is: 'not-in', value: ['a', 'b', 'c'] }], path: 'state' },
        { when: [{ path: 'tags[*]', is: 'equals', value: 'x' }], template: 'tagged {state}' },
        { when: [{ path: 'n', is: 'not-equals', value: '0' }], value: 'n' },
      ],
      otherwise: 'else',
    };
    assert.equal(noteFrom(source, { gone: 'yes', state: 'a' }), 'gone');
    assert.equal(noteFrom(source, { gone: '', state: 'a', n: 0 }), 'plain');
    assert.equal(noteFrom(source, { state: 'z' }), 'z');
    assert.equal(noteFrom(source, { state: 'c', tags: ['w', 'x'] }), 'tagged c');
    assert.equal(noteFrom(source, { state: 'c', n: 1 }), 'n');
    assert.equal(noteFrom(source, { state: 'c', n: 0 }), 'else');
    assert.equal(noteFrom({ ...source, otherwise: null }, { state: 'c', n: 0 }), undefined);
  });

  it('start at the line in a line’s rule, and at the record with $root', () => {
    const lines = [rule('title', 'name'), rule('channelSkuId', '$root.batch')];
    const items = [{ id: 'a', sku: 'TEA', quantity: 1, name: 'Tea' }];
    const [line] = orderOf(map(aMapping([], lines), aRecord({ items, name: 'Order', batch: 'B7' }))).lines;
    assert.deepEqual([line?.title, line?.channelSkuId], ['Tea', 'B7']);
  });
});

describe('mapping: transforms', () => {
  const noteOf = (value: unknown) =>
    orderOf(map(aMapping([rule('sellerNote', 'v')]), aRecord({ v: value }))).sellerNote;
  const moneyOf = (value: unknown, transform: Transform = major) =>
    orderOf(map(aMapping([rule('money.total', 'v', transform)]), aRecord({ v: value }))).money?.total;

  it('make text of every single value', () => {
    assert.equal(noteOf('x'), 'x');
    assert.equal(noteOf(727), '727');
    assert.equal(noteOf(9.99), '9.99');
    assert.equal(noteOf(false), 'false');
    assert.equal(noteOf(['only']), 'only');
    for (const nothing of [undefined, null, '', '  ', [], [null]]) assert.equal(noteOf(nothing), undefined);
  });

  it('refuse as text what is more than one value, or was rounded on its way', () => {
    const codeOf = (v: unknown) => problemOf(map(aMapping([rule('sellerNote', 'v')]), aRecord({ v }))).code;
    assert.equal(codeOf({ a: 1 }), 'map.not-a-value');
    assert.equal(codeOf(['a', 'b']), 'map.several-values');
    assert.equal(codeOf(2 ** 53), 'map.digits-lost');
  });

  it('keep ids beyond 2^53 when bytes or text come in', () => {
    const json = '{"id":2100000000000000001,"items":[{"id":9007199254740993,"sku":"TEA","quantity":1}]}';
    for (const input of [json, Buffer.from(json)]) {
      const order = orderOf(map(aMapping(), input));
      assert.deepEqual(
        [order.channelOrderId, order.lines[0]?.lineId],
        ['2100000000000000001', '9007199254740993'],
      );
    }
  });

  it('read money by the order’s own currency, whatever the order of the rules', () => {
    const rules = [rule('money.total', 'total', major), rule('currency', 'currency')];
    const total = (currency: string, total: string) =>
      orderOf(map(aMapping(rules, [rule('paid', 'paid', major)]), aRecord({ currency, total }))).money?.total;
    assert.deepEqual([total('USD', '12.5'), total('JPY', '125'), total('KWD', '1.25')], [1250, 125, 1250]);
  });

  it('add amounts of a list up and take signs off', () => {
    const all: Transform = { ...major, sign: 'positive' } as Transform;
    const mapping = aMapping([rule('money.refunded', 'refunds[*].total', all)]);
    const refunds = [{ total: '-5.00' }, { total: null }, { total: '-0.35' }];
    assert.equal(orderOf(map(mapping, aRecord({ refunds }))).money?.refunded, 535);
    assert.equal(moneyOf('2935', { kind: 'money', unit: 'minor' }), 2935);
    assert.equal(moneyOf('1.005', { ...major, excess: 'leave-out' } as Transform), undefined);
  });

  it('never let money pass through a float, also from numbers in JSON', () => {
    const mapping = aMapping([rule('money.total', 'v', major)]);
    const total = (json: string) =>
      map(mapping, `{"id":1,"v":${json},"items":[{"id":1,"sku":"A","quantity":1}]}`);
    assert.equal(orderOf(total('1.15')).money?.total, 115);
    assert.equal(orderOf(total('10.10')).money?.total, 1010);
    assert.equal(orderOf(total('90071992547409.91')).money?.total, 9007199254740991);
    assert.equal(problemOf(total('0.30000000000000004')).code, 'order.money-decimals');
    assert.equal(orderOf(total('1e2')).money?.total, 10000);
    assert.equal(problemOf(total('1e30')).code, 'order.money-not-decimal');
  });

  it('tell a missing or wrong currency once, not for every amount', () => {
    const rules = [rule('currency', 'currency'), rule('money.total', 'total', major, true)];
    const lines = [rule('paid', 'paid', major, true)];
    const problem = (currency: unknown) =>
      problemOf(
        map(
          aMapping(rules, lines),
          aRecord({ currency, total: '1.00', items: [{ id: 1, sku: 'A', quantity: 1, paid: '1' }] }),
        ),
      );
    assert.deepEqual([problem(undefined).path, problem(undefined).code], ['currency', 'order.required']);
    assert.deepEqual([problem('RMB').path, problem('RMB').code], ['currency', 'order.currency']);
    assert.deepEqual(problem('RMB').rule, { table: 'order', index: 6, target: 'currency' });
  });

  it('weigh in whole grams, and take 0 for not filled in', () => {
    const grams = (v: unknown, unit: 'g' | 'kg' | 'lb' | 'oz') => {
      const mapping = aMapping([], [rule('weightGrams', 'v', { kind: 'weight', unit })]);
      return orderOf(map(mapping, aRecord({ items: [{ id: 1, sku: 'A', quantity: 1, v }] }))).lines[0]
        ?.weightGrams;
    };
    assert.equal(grams(250, 'g'), 250);
    assert.equal(grams('1.25', 'kg'), 1250);
    assert.equal(grams('0.0005', 'kg'), 1);
    assert.equal(grams('0.00049', 'kg'), undefined);
    assert.equal(grams('1', 'lb'), 454);
    assert.equal(grams('16', 'oz'), 454);
    assert.equal(grams('100', 'oz'), 2835);
    assert.equal(grams(0, 'g'), undefined);
  });

  it('look values up, and name those that are not in the table', () => {
    const table = [
      { from: 'WAIT', to: 'created' },
      { from: 'OK', to: 'paid' },
    ];
    const status = (transform: Transform) => aMapping([rule('status', 'state', transform, true)]);
    const record = aRecord({ state: 'WAIT' });
    assert.equal(orderOf(map(status({ kind: 'lookup', table }), record)).status, 'created');
    const unknown = aRecord({ state: 'LOST' });
    const problem = problemOf(map(status({ kind: 'lookup', table }), unknown));
    assert.equal(
      problem.sentence,
      '"LOST" is not in the table of this rule. It knows: WAIT, OK. Add a row for it.',
    );
    assert.equal(
      orderOf(map(status({ kind: 'lookup', table, otherwise: 'shipped' }), unknown)).status,
      'shipped',
    );
    const optional = aMapping([
      rule('refundStatus', 'state', { kind: 'lookup', table: [{ from: 'x', to: 'full' }], otherwise: null }),
    ]);
    assert.equal(problemOf(map(optional, unknown)).code, 'order.required');
  });

  it('read times in the zone of the account, and warn of one that happened twice', () => {
    const transform: Transform = { kind: 'time', format: 'iso', zone: 'account' };
    const mapping = aMapping([rule('times.paid', 'at', transform)]);
    const order = orderOf(map(mapping, aRecord({ at: '2026-09-01 09:00:00' })));
    assert.deepEqual(order.times.paid, { at: '2026-09-01T01:00:00.000Z', text: '2026-09-01 09:00:00' });
    const newYork = { account: { ...context.account, zone: 'America/New_York' } };
    const twice = map(mapping, aRecord({ at: '2026-11-01T01:30:00' }), newYork);
    assert.equal(orderOf(twice).times.paid?.at, '2026-11-01T05:30:00.000Z');
    assert.ok(twice.ok);
    assert.deepEqual(
      twice.warnings?.map(({ path, code, rule }) => [path, code, rule?.target]),
      [['times.paid', 'order.time-twice', 'times.paid']],
    );
    const nowhere = { account: { channel: 'own', shop: 'main', currency: 'CNY' } };
    assert.equal(
      problemOf(map(mapping, aRecord({ at: '2026-11-01T01:30:00' }), nowhere)).code,
      'order.time-no-zone',
    );
    const skipped = problemOf(map(mapping, aRecord({ at: '2026-03-08T02:30:00' }), newYork));
    assert.deepEqual([skipped.code, skipped.value], ['order.time-skipped', '2026-03-08T02:30:00']);
  });

  it('use the default when the record says nothing, by the same transform', () => {
    const rules: Rule[] = [
      { ...rule('money.shipping', 'post', major), default: '10.00' },
      {
        ...rule('status', 'state', { kind: 'lookup', table: [{ from: 'x', to: 'paid' }] }, true),
        default: 'created',
      },
    ];
    const order = orderOf(map(aMapping(rules), aRecord({ post: '' })));
    assert.deepEqual([order.money?.shipping, order.status], [1000, 'created']);
  });

  it('put what a business adds under extra', () => {
    const order = orderOf(
      map(
        aMapping([rule('extra.颜色', 'colour')], [rule('extra.size', 'size')]),
        aRecord({ colour: '红', items: [{ id: 1, sku: 'A', quantity: 1, size: 'M' }] }),
      ),
    );
    assert.deepEqual([order.extra, order.lines[0]?.extra], [{ 颜色: '红' }, { size: 'M' }]);
  });
});

describe('mapping: problems', () => {
  it('are all told, each with path, rule, value and sentence', () => {
    const rules = [
      rule('channelOrderId', 'id', { kind: 'text' }, true),
      rule('money.total', 'total', major, true),
      rule('times.paid', 'paid', { kind: 'time', format: 'iso' }),
      rule('status', 'state', { kind: 'text' }, true),
      rule('money.shipping', 'post', major, true),
    ];
    const record = {
      id: '',
      total: '1,234.50',
      paid: '2026-13-01T00:00:00Z',
      state: 'bogus',
      items: [
        { id: 'a', sku: 'TEA', quantity: '1.5' },
        { id: 'a', quantity: 1 },
        'junk',
        { id: 'd', sku: 'X\ud83c', quantity: -1 },
      ],
    };
    const problems = problemsOf(map(aMapping(rules), record));
    const told = problems.map((p) => [
      p.path,
      p.code,
      p.rule && `${p.rule.table} ${p.rule.index} ${p.rule.target}`,
      p.value,
    ]);
    assert.deepEqual(told, [
      ['channelOrderId', 'map.missing', 'order 5 channelOrderId', undefined],
      ['money.total', 'order.money-separator', 'order 6 money.total', '1,234.50'],
      ['times.paid', 'order.time-no-such-date', 'order 7 times.paid', '2026-13-01T00:00:00Z'],
      ['money.shipping', 'map.missing', 'order 9 money.shipping', undefined],
      ['lines[0].quantity', 'map.not-whole', 'lines 2 quantity', '1.5'],
      ['lines[1].sku', 'map.missing', 'lines 1 sku', undefined],
      ['lines[2]', 'map.line-not-object', undefined, undefined],
      ['status', 'order.enum', 'order 8 status', 'bogus'],
      ['lines[3].sku', 'order.text-half-character', 'lines 1 sku', 'X\\ud83c'],
      ['lines[3].quantity', 'order.minimum', 'lines 2 quantity', '-1'],
      ['lines[1].lineId', 'order.line-repeated', 'lines 0 lineId', 'a'],
    ]);
    for (const problem of problems) {
      assert.doesNotMatch(problem.sentence, /[{}]|undefined/, problem.code);
      assert.equal((problem.line ?? 0) < 4, true);
    }
  });

  it('show at most 80 characters of a value, whole ones', () => {
    const problem = problemOf(
      map(aMapping([rule('money.total', 'v', major)]), aRecord({ v: '🍵'.repeat(100) })),
    );
    assert.equal([...problem.value!].length, 80);
    assert.ok(problem.value!.endsWith('🍵…'));
  });

  it('say when there is no list of lines, or an empty one', () => {
    const told = (items: unknown) => {
      const problem = problemOf(map(aMapping(), aRecord({ items })));
      return [problem.path, problem.code];
    };
    assert.deepEqual(told(undefined), ['lines', 'map.lines-missing']);
    assert.deepEqual(told({ id: 1 }), ['lines', 'map.lines-not-list']);
    assert.deepEqual(told('none'), ['lines', 'map.lines-not-list']);
    assert.deepEqual(told([]), ['lines', 'order.no-lines']);
  });

  it('never throw, whatever the record is', () => {
    const mapping = compileMapping(
      aMapping([rule('money.total', 'a.b', major), rule('times.paid', 'c', { kind: 'time', format: 'iso' })]),
    );
    const circular: Record<string, unknown> = {};
    circular.id = circular;
    for (const record of [
      null,
      undefined,
      7,
      'x',
      [],
      circular,
      { items: [null] },
      { items: [[]] },
      Object.create(null),
    ]) {
      const result = mapping.map(record, context);
      assert.ok(!(result instanceof Promise));
      assert.equal(result.ok, false);
    }
  });

  it('carry the version of the mapping', () => {
    assert.equal(map(aMapping(), aRecord()).mappingVersion, 7);
    assert.equal(map(aMapping(), {}).mappingVersion, 7);
  });

  it('do not stop a mapping from being used twice', () => {
    const mapping = compileMapping(aMapping());
    const first = mapping.map(aRecord(), context);
    mapping.map({}, context);
    assert.deepEqual(mapping.map(aRecord(), context), first);
  });
});

describe('mapping: JSONata', () => {
  const jsonata = (target: string, value: string, transform: Transform = { kind: 'text' }): Rule => ({
    target,
    source: { kind: 'jsonata', value },
    transform,
    required: false,
  });
  const run = (rules: Rule[], lines: Rule[], record: unknown) => {
    const compiled = compileMapping(aMapping(rules, lines));
    assert.equal(compiled.isAsync, true);
    return compiled.map(record, context);
  };

  it('works over the record, the line, $order and $account', async () => {
    const result = await run(
      [jsonata('sellerNote', '$join(items.sku, "+") & " " & $account.shop')],
      [jsonata('title', 'sku & " of " & $order.id')],
      aRecord({
        items: [
          { id: 1, sku: 'A', quantity: 1 },
          { id: 2, sku: 'B', quantity: 1 },
        ],
      }),
    );
    const order = orderOf(result);
    assert.equal(order.sellerNote, 'A+B main');
    assert.deepEqual(
      order.lines.map(({ title }) => title),
      ['A of 1', 'B of 1'],
    );
  });

  it('gives money that a float spoiled back as a problem', async () => {
    const problem = problemOf(await run([jsonata('money.total', '0.1 + 0.2', major)], [], aRecord()));
    assert.deepEqual([problem.path, problem.code], ['money.total', 'order.money-decimals']);
  });

  it('is a problem of its rule when it fails', async () => {
    const problem = problemOf(await run([jsonata('sellerNote', '$number("x")')], [], aRecord()));
    assert.deepEqual(
      [problem.path, problem.code, problem.rule?.target],
      ['sellerNote', 'map.jsonata-failed', 'sellerNote'],
    );
  });
});
