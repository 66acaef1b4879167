import assert from 'node:assert/strict';
import { shopifyMapping } from '../../../../core/order/mapping/presets/shopify.ts';
import { type Preview, previewMapping } from '../../../../core/order/mapping/preview.ts';
import type { Mapping } from '../../../../core/order/mapping/types.ts';
import { sampleBytes } from '../samples.ts';
import { aMapping, aRecord, context, map, orderOf, rule } from './a-mapping.ts';

function row(preview: Preview, target: string, line?: number) {
  const found = preview.rows.find((one) => one.rule.target === target && one.line === line);
  assert.ok(found, target);
  const { problem, warning, written, found: value } = found;
  return [value, written, problem?.code ?? warning?.code];
}

describe('preview of a mapping', () => {
  it('shows for each rule what was found and what is written', async () => {
    const preview = await previewMapping(
      shopifyMapping,
      sampleBytes('shopify/webhook.orders_paid.json'),
      context,
    );
    assert.equal(preview.rows.length, shopifyMapping.rules.length + 2 * shopifyMapping.lines.rules.length);
    assert.deepEqual(row(preview, 'money.total'), ['159.00', '15900', undefined]);
    assert.deepEqual(row(preview, 'channelOrderId'), ['5500000000001', '5500000000001', undefined]);
    assert.deepEqual(row(preview, 'status'), ['paid', 'paid', undefined]);
    assert.deepEqual(row(preview, 'times.completed'), [undefined, undefined, undefined]);
    assert.deepEqual(row(preview, 'sku', 1), ['SKU-CUP-WHITE', 'SKU-CUP-WHITE', undefined]);
    assert.deepEqual(preview.problems, []);
    const order = orderOf(map(shopifyMapping, sampleBytes('shopify/webhook.orders_paid.json')));
    assert.deepEqual(preview.order, order);
  });

  it('puts each problem beside its rule and lets the others run', async () => {
    const mapping = aMapping([
      rule('money.total', 'total', { kind: 'money', unit: 'major' }),
      rule('times.paid', 'paid', { kind: 'time', format: 'iso', zone: 'Beijing' }),
      { ...rule('sellerNote', 'note'), source: { kind: 'jsonata', value: 'note & (' } },
      { ...rule('buyer.note', 'note'), source: { kind: 'jsonata', value: '$uppercase(note)' } },
    ]);
    const record = aRecord({
      total: '1,5',
      paid: '2026-09-01T09:00:00',
      note: 'hi',
      items: [{ id: 1, quantity: 1 }],
    });
    const preview = await previewMapping(mapping, JSON.stringify(record), context);
    assert.deepEqual(row(preview, 'money.total'), ['1,5', undefined, 'order.money-separator']);
    assert.deepEqual(row(preview, 'times.paid'), ['2026-09-01T09:00:00', undefined, 'mapping.zone']);
    assert.deepEqual(row(preview, 'sellerNote'), [undefined, undefined, 'mapping.jsonata']);
    assert.deepEqual(row(preview, 'buyer.note'), ['HI', 'HI', undefined]);
    assert.deepEqual(row(preview, 'sku', 0), [undefined, undefined, 'map.missing']);
    assert.deepEqual(row(preview, 'quantity', 0), ['1', '1', undefined]);
    assert.equal(preview.order, undefined);
    assert.deepEqual(preview.problems, []);
  });

  it('shows what the schema has against a value beside the rule that wrote it', async () => {
    const preview = await previewMapping(aMapping(), aRecord({ status: 'bogus' }), context);
    assert.deepEqual(row(preview, 'status'), ['bogus', 'bogus', 'order.enum']);
  });

  it('tells apart what belongs to no rule', async () => {
    const incomplete: Mapping = {
      ...aMapping(),
      rules: aMapping().rules.filter(({ target }) => target !== 'shop'),
    };
    const unfilled = await previewMapping(incomplete, aRecord(), context);
    assert.deepEqual(
      unfilled.problems.map(({ code }) => code),
      ['mapping.target-unfilled', 'order.required'],
    );
    const unreadable = await previewMapping(aMapping(), '{"id":', context);
    assert.deepEqual(
      unreadable.problems.map(({ code }) => code),
      ['record.not-json'],
    );
    assert.equal(unreadable.rows.length, 10);
    const misshapen = await previewMapping({} as Mapping, aRecord(), context);
    assert.deepEqual(misshapen.rows, []);
    assert.ok(misshapen.problems.every(({ code }) => code === 'mapping.shape'));
    const bare = await previewMapping(aMapping(), { id: 1 }, context);
    assert.deepEqual(
      bare.problems.map(({ code }) => code),
      ['map.lines-missing'],
    );
  });

  it('tells of a time that happened twice', async () => {
    const mapping = aMapping([
      rule('times.paid', 'paid', { kind: 'time', format: 'iso', zone: 'America/New_York' }),
    ]);
    const preview = await previewMapping(mapping, aRecord({ paid: '2026-11-01T01:30:00' }), context);
    const [, written, code] = row(preview, 'times.paid');
    assert.equal(code, 'order.time-twice');
    assert.match(written!, /2026-11-01T05:30:00\.000Z/);
    assert.ok(preview.order);
  });

  it('shows the first lines of an order that has many, and still maps all', async () => {
    const items = Array.from({ length: 500 }, (_, index) => ({ id: index, sku: 'TEA', quantity: 1 }));
    const preview = await previewMapping(aMapping(), aRecord({ items }), context);
    assert.equal(preview.rows.filter(({ line }) => line !== undefined).length, 60);
    assert.equal(preview.order?.lines.length, 500);
  });
});
