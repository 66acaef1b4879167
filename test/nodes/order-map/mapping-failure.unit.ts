import assert from 'node:assert/strict';
import { compileMapping } from '../../../core/order/mapping/compile.ts';
import { shopifyMapping } from '../../../core/order/mapping/presets/shopify.ts';
import { readRecords } from '../../../core/order/mapping/records.ts';
import type { MapProblem, Mapping, Source } from '../../../core/order/mapping/types.ts';
import { mappingFailure } from '../../../nodes/order-map/mapping-failure.ts';

const record = {
  id: 1,
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z',
  currency: 'CNY',
  total_price: '1.00',
  financial_status: 'paid',
  shipping_address: { name: '张三丰', phone: '13812340000', address1: '示例路 1 号' },
  line_items: [{ id: 1, sku: 'A', quantity: 1, price: '1.00' }],
  note: '',
};
const secrets = /张三丰|13812340000|示例路/;

/** The Shopify mapping with another source for one field. */
function reading(target: string, source: Source): Mapping {
  const mapping = structuredClone(shopifyMapping);
  mapping.rules.find((rule) => rule.target === target)!.source = source;
  return mapping;
}

async function problemsOf(mapping: Mapping): Promise<MapProblem[]> {
  const context = { account: { channel: 'shopify', shop: 's', currency: 'CNY', zone: 'UTC' } };
  const result = await compileMapping(mapping).map(record, context as never);
  assert.ok(!result.ok);
  return result.problems;
}

describe('the reason a record is parked for', () => {
  for (const [what, mapping] of [
    ['a group in a personal field', reading('receiver.address', { kind: 'path', value: 'shipping_address' })],
    ['a group in any field', reading('currency', { kind: 'path', value: 'shipping_address' })],
    [
      'a personal field in another',
      reading('money.total', { kind: 'path', value: 'shipping_address.address1' }),
    ],
    [
      'an expression over personal fields',
      reading('money.total', { kind: 'jsonata', value: 'shipping_address.(name & phone)' }),
    ],
  ] as const)
    it(`keeps ${what} out, and says which field is wrong`, async () => {
      const problems = await problemsOf(mapping);
      assert.match(JSON.stringify(problems), secrets);
      const { message, params } = mappingFailure(mapping, problems);
      assert.doesNotMatch(`${message}${JSON.stringify(params)}`, secrets);
      assert.ok(message.includes(problems[0]!.path), message);
    });

  it('keeps out text that is no record at all', () => {
    for (const body of ['{"phone": 13812340000 x', '"张三丰 13812340000"']) {
      const [read] = readRecords(body);
      assert.ok(read && !read.ok);
      assert.doesNotMatch(mappingFailure(shopifyMapping, read.problems).message, secrets);
    }
  });

  it('quotes what is nobody\u2019s', async () => {
    const mapping = reading('money.total', { kind: 'constant', value: 'twelve' });
    const problem = {
      path: 'money.total',
      code: 'order.money-not-decimal',
      params: { path: 'money.total', text: 'twelve' },
      sentence: '',
      rule: { table: 'order', index: 0, target: 'money.total' },
    } as const;
    assert.match(mappingFailure(mapping, [problem]).message, /"twelve" is not an amount/);
  });
});
