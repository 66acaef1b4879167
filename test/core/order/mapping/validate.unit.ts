import assert from 'node:assert/strict';
import { allMessages, languages } from '../../../../core/message.ts';
import { compileMapping } from '../../../../core/order/mapping/compile.ts';
import { describeTargets, findTarget } from '../../../../core/order/mapping/targets.ts';
import type { Mapping, Rule, Source, Transform } from '../../../../core/order/mapping/types.ts';
import { validateMapping } from '../../../../core/order/mapping/validate.ts';
import { orderSchema } from '../../../../core/order/schema.ts';
import { aMapping, rule } from './a-mapping.ts';

/** What is said against a mapping with one more rule: where, relative to the rule, and the code. */
function against(added: Rule): [field: string, code: string][] {
  const mapping = aMapping([added]);
  const prefix = `rules[${mapping.rules.length - 1}].`;
  return validateMapping(mapping).map((problem) => {
    assert.deepEqual(problem.rule, { table: 'order', index: mapping.rules.length - 1, target: added.target });
    assert.ok(problem.path.startsWith(prefix), problem.path);
    return [problem.path.slice(prefix.length), problem.code];
  });
}

const note = (source: Source, transform: Transform = { kind: 'text' }): Rule => ({
  target: 'sellerNote',
  source,
  transform,
  required: false,
});

describe('validating a mapping', () => {
  it('accepts one that works', () => {
    assert.deepEqual(validateMapping(aMapping()), []);
    assert.deepEqual(against(rule('extra.anything', 'a[*].b')), []);
  });

  it('finds targets that do not exist or are filled twice', () => {
    assert.deepEqual(against(rule('times.delivered', 'a')), [['target', 'mapping.target-unknown']]);
    assert.deepEqual(against(rule('raw', 'a')), [['target', 'mapping.target-unknown']]);
    assert.deepEqual(against(rule('extra.__proto__', 'a')), [['target', 'mapping.target-unknown']]);
    const mapping = aMapping();
    mapping.rules.push(rule('shop', 'a'));
    const [problem] = validateMapping(mapping);
    assert.equal(problem?.sentence, '"shop" is filled by two rules, 2 and 8. Keep one of them.');
    assert.deepEqual(problem.rule, { table: 'order', index: 7, target: 'shop' });
  });

  it('finds fields of an order that no rule fills', () => {
    const mapping = aMapping();
    mapping.rules = mapping.rules.filter(({ target }) => target !== 'currency');
    mapping.lines.rules = [];
    const unfilled = validateMapping(mapping).map(({ path, code, params }) => [path, code, params.target]);
    assert.deepEqual(unfilled, [
      ['rules', 'mapping.target-unfilled', 'currency'],
      ['lines.rules', 'mapping.target-unfilled', 'lineId'],
      ['lines.rules', 'mapping.target-unfilled', 'sku'],
      ['lines.rules', 'mapping.target-unfilled', 'quantity'],
    ]);
  });

  it('finds sources that cannot be read, with the place', () => {
    assert.deepEqual(against(note({ kind: 'path', value: 'a..b' })), [['source.value', 'mapping.path']]);
    assert.deepEqual(against(note({ kind: 'template', value: 'plain' })), [
      ['source.value', 'mapping.template'],
    ]);
    assert.deepEqual(against(note({ kind: 'template', value: '{a..b}' })), [
      ['source.value', 'mapping.path'],
    ]);
    assert.deepEqual(against(note({ kind: 'jsonata', value: '$sum(' })), [
      ['source.value', 'mapping.jsonata'],
    ]);
    const mapping = aMapping([note({ kind: 'jsonata', value: 'a + + b' })]);
    const [problem] = validateMapping(mapping);
    assert.match(problem?.sentence ?? '', /^The JSONata expression has a mistake at character 5: /);
    const conditions = note({
      kind: 'first-match',
      cases: [{ when: [{ path: 'a', is: 'equals' }], value: 'x' }],
    });
    assert.deepEqual(against(conditions), [['source.cases[0].when[0].value', 'mapping.condition']]);
  });

  it('finds zones and formats that do not exist', () => {
    const time = (transform: object) =>
      against(rule('times.paid', 'a', { kind: 'time', ...transform } as Transform));
    assert.deepEqual(time({ format: 'iso', zone: 'Asia/Shanghai' }), []);
    assert.deepEqual(time({ format: 'iso', zone: 'account' }), []);
    assert.deepEqual(time({ format: 'yyyy-MM-dd HH:mm' }), []);
    assert.deepEqual(time({ format: 'iso', zone: 'Beijing' }), [['transform.zone', 'mapping.zone']]);
    assert.deepEqual(time({ format: 'iso', zone: '' }), [['transform.zone', 'mapping.zone']]);
    assert.deepEqual(time({ format: '---' }), [['transform.format', 'mapping.format']]);
  });

  it('finds tables that are empty or say two things', () => {
    const lookup = (from: string[]) =>
      against(
        rule('refundStatus', 'a', {
          kind: 'lookup',
          table: from.map((text) => ({ from: text, to: 'full' })),
        }),
      );
    assert.deepEqual(lookup(['a', 'b']), []);
    assert.deepEqual(lookup([]), [['transform.table', 'mapping.table-empty']]);
    assert.deepEqual(lookup(['a', 'a']), [['transform.table[1]', 'mapping.table-twice']]);
  });

  it('finds transforms that do not suit the field', () => {
    assert.deepEqual(against(rule('money.total', 'a')), [['transform.kind', 'mapping.transform']]);
    assert.deepEqual(against(rule('times.paid', 'a', { kind: 'integer' })), [
      ['transform.kind', 'mapping.transform'],
    ]);
    assert.deepEqual(against(rule('status', 'a', { kind: 'integer' })), [
      ['transform.kind', 'mapping.transform'],
    ]);
  });

  it('finds fixed values the field may not have', () => {
    const status = (source: Source, more: Partial<Rule> = {}) =>
      against({ target: 'status', source, transform: { kind: 'text' }, required: true, ...more });
    assert.deepEqual(status({ kind: 'constant', value: 'paid' }), []);
    assert.deepEqual(status({ kind: 'constant', value: 'refunded' }), [['source.value', 'mapping.choice']]);
    assert.deepEqual(status({ kind: 'path', value: 'a' }, { default: 'new' }), [
      ['default', 'mapping.choice'],
    ]);
    assert.deepEqual(
      status({ kind: 'first-match', cases: [{ when: [], value: 'open' }], otherwise: 'shut' }),
      [
        ['source.cases[0].value', 'mapping.choice'],
        ['source.otherwise', 'mapping.choice'],
      ],
    );
    const table = [{ from: 'a', to: 'gone' }];
    assert.deepEqual(status({ kind: 'path', value: 'a' }, { transform: { kind: 'lookup', table } }), [
      ['transform.table[0].to', 'mapping.choice'],
    ]);
    const mapping = aMapping([], [{ ...rule('quantity', 'n', { kind: 'integer' }), default: 'one' }]);
    assert.deepEqual(
      validateMapping(mapping).map(({ path, code }) => [path, code]),
      [['lines.rules[2].default', 'mapping.constant']],
    );
  });

  it('finds guards and lists of lines that cannot be read', () => {
    const mapping: Mapping = {
      ...aMapping(),
      guards: [{ when: [{ path: 'a..b', is: 'absent' }], code: 'map.not-an-order', id: 'x[' }],
    };
    mapping.lines.source = '.items';
    assert.deepEqual(
      validateMapping(mapping).map(({ path, code }) => [path, code]),
      [
        ['guards[0].when', 'mapping.path'],
        ['guards[0].id', 'mapping.path'],
        ['lines.source', 'mapping.path'],
      ],
    );
  });

  it('finds what has not even the form of a mapping, and never throws', () => {
    const misshapen: unknown[] = [
      undefined,
      null,
      'Shopify',
      [],
      {},
      { ...aMapping(), version: 0 },
      { ...aMapping(), rules: {} },
      { ...aMapping(), lines: { source: 'a' } },
      { ...aMapping(), rules: [{ target: 'shop' }] },
      { ...aMapping(), rules: [{ ...rule('shop', 'a'), source: { kind: 'magic', value: 'a' } }] },
      { ...aMapping(), rules: [{ ...rule('shop', 'a'), transform: { kind: 'money' } }] },
      { ...aMapping(), rules: [{ ...rule('shop', 'a'), surprise: 1 }] },
    ];
    for (const mapping of misshapen) {
      const problems = validateMapping(mapping);
      assert.ok(problems.length > 0, JSON.stringify(mapping));
      for (const problem of problems) assert.equal(problem.code, 'mapping.shape');
    }
    const [problem] = validateMapping(misshapen.at(-2));
    assert.equal(problem?.path, 'rules[0].transform');
    assert.match(problem.sentence, /unit/);
  });

  it('is done before a mapping is compiled, which is refused with the first problem', () => {
    assert.throws(() => compileMapping(aMapping([rule('times.delivered', 'a')])), {
      code: 'mapping.invalid',
      message:
        /^The mapping "Test" cannot be used: 1 of its settings are wrong\. First: "times\.delivered" is not/,
    });
    assert.throws(() => compileMapping(undefined as unknown as Mapping), { code: 'mapping.invalid' });
  });
});

describe('targets', () => {
  type Node = {
    type?: string;
    properties?: Record<string, Node>;
    required?: readonly string[];
    items?: Node;
  };
  const schema = orderSchema as unknown as Node;

  /** Every field of a schema that has a value of its own, by its path. */
  function leaves(node: Node, path: string): string[] {
    return Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
      const at = path === '' ? name : `${path}.${name}`;
      const isGroup = child.properties !== undefined && !('at' in child.properties);
      return isGroup ? leaves(child, at) : [at];
    });
  }

  it('are exactly the fields of the schema that a rule may fill', () => {
    const { order, lines } = describeTargets();
    const filled = leaves(schema, '').filter((path) => !['lines', 'extra', 'raw.inboxId'].includes(path));
    assert.deepEqual(order.map(({ target }) => target).sort(), filled.sort());
    const line = schema.properties!.lines!.items!;
    const lineFields = leaves(line, '').filter((path) => path !== 'extra');
    assert.deepEqual(lines.map(({ target }) => target).sort(), lineFields.sort());
  });

  it('are required where the schema requires them', () => {
    const { order, lines } = describeTargets();
    const needed = (targets: typeof order) =>
      targets.filter(({ required }) => required).map(({ target }) => target);
    const outside = ['times', 'lines'];
    assert.deepEqual(needed(order).sort(), schema.required!.filter((name) => !outside.includes(name)).sort());
    assert.deepEqual(needed(lines).sort(), [...schema.properties!.lines!.items!.required!].sort());
  });

  it('have a label in each language, and so have their choices', () => {
    const { order, lines } = describeTargets();
    for (const target of [...order, ...lines]) {
      for (const language of languages) {
        assert.ok(target.labels[language].length > 0, target.target);
        for (const choice of target.choices ?? [])
          assert.ok(choice.labels[language].length > 0, choice.value);
      }
      assert.equal(target.choices !== undefined, target.kind === 'choice');
    }
  });

  it('may be one’s own under extra', () => {
    assert.equal(findTarget('order', 'extra.渠道标签')?.kind, 'text');
    assert.equal(findTarget('lines', 'extra.size')?.labels['en-US'], 'Your own: size');
    for (const target of ['extra.', 'extra.a.b', 'extra', 'toString', '']) {
      assert.equal(findTarget('order', target), undefined, target);
    }
  });
});

describe('sentences of orders and mappings', () => {
  it('have the same places in both languages', () => {
    const own = Object.entries(allMessages()).filter(([code]) => /^(order|map|mapping|record)\./.test(code));
    assert.ok(own.length > 70);
    for (const [code, texts] of own) {
      const places = languages.map((language) => [...new Set(texts[language].match(/\{\w+\}/g))].sort());
      assert.deepEqual(places[0], places[1], code);
    }
  });
});
