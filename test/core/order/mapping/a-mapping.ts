import assert from 'node:assert/strict';
import { compileMapping } from '../../../../core/order/mapping/compile.ts';
import { readRecord } from '../../../../core/order/mapping/record.ts';
import type {
  MapContext,
  MapProblem,
  Mapping,
  MapResult,
  Rule,
} from '../../../../core/order/mapping/types.ts';
import type { Order } from '../../../../core/order/schema.ts';

export const context: MapContext = {
  account: { channel: 'own', shop: 'main', currency: 'CNY', zone: 'Asia/Shanghai' },
};

const text = { kind: 'text' } as const;

export function rule(
  target: string,
  path: string,
  transform: Rule['transform'] = text,
  required = false,
): Rule {
  return { target, source: { kind: 'path', value: path }, transform, required };
}

/** A small mapping that works; rules given replace those of the same target, or are added. */
export function aMapping(rules: Rule[] = [], lineRules: Rule[] = []): Mapping {
  const replace = (table: Rule[], by: Rule[]) => [
    ...table.filter(({ target }) => !by.some((other) => other.target === target)),
    ...by,
  ];
  return {
    name: 'Test',
    version: 7,
    rules: replace(
      [
        { target: 'channel', source: { kind: 'account', value: 'channel' }, transform: text, required: true },
        { target: 'shop', source: { kind: 'account', value: 'shop' }, transform: text, required: true },
        rule('channelOrderId', 'id', text, true),
        {
          target: 'scenario',
          source: { kind: 'constant', value: 'normal' },
          transform: text,
          required: true,
        },
        { ...rule('status', 'status', text, true), default: 'paid' },
        {
          target: 'refundStatus',
          source: { kind: 'constant', value: 'none' },
          transform: text,
          required: true,
        },
        {
          target: 'currency',
          source: { kind: 'account', value: 'currency' },
          transform: text,
          required: true,
        },
      ],
      rules,
    ),
    lines: {
      source: 'items',
      rules: replace(
        [
          rule('lineId', 'id', text, true),
          rule('sku', 'sku', text, true),
          rule('quantity', 'quantity', { kind: 'integer' }, true),
        ],
        lineRules,
      ),
    },
  };
}

export function aRecord(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return { id: '1', items: [{ id: 'a', sku: 'TEA', quantity: 2 }], ...fields };
}

/** Maps a record, or bytes or text of one, with a mapping that needs no JSONata. */
export function map(mapping: Mapping, input: unknown, where: MapContext = context): MapResult {
  const read = readRecord(input);
  if (!read.ok) return { ok: false, problems: read.problems, mappingVersion: mapping.version };
  const result = compileMapping(mapping).map(read.record, where);
  assert.ok(!(result instanceof Promise), 'answers at once');
  return result;
}

export function orderOf(result: MapResult): Order {
  assert.ok(result.ok, result.ok ? '' : result.problems.map((problem) => problem.sentence).join('\n'));
  return result.order;
}

export function problemsOf(result: MapResult): MapProblem[] {
  assert.ok(!result.ok, 'refused');
  return result.problems;
}

/** The one problem there is. */
export function problemOf(result: MapResult): MapProblem {
  const problems = problemsOf(result);
  assert.deepEqual(
    problems.map(({ code }) => code),
    [problems[0]?.code],
    'one problem',
  );
  return problems[0]!;
}
