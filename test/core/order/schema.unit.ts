import assert from 'node:assert/strict';
import { languages, sentence } from '../../../core/message.ts';
import { orderMessages } from '../../../core/order/messages.ts';
import { type Order, validateOrder } from '../../../core/order/schema.ts';
import { anOrder } from './an-order.ts';

/** The order with one field set (or taken away with undefined), whatever its type. */
function withField(path: string, value: unknown): unknown {
  const order = structuredClone(anOrder()) as Record<string, unknown>;
  const steps = path.split('.');
  const last = steps.pop()!;
  let into: Record<string, unknown> = order;
  for (const step of steps) {
    into[step] ??= {};
    into = into[step] as Record<string, unknown>;
  }
  if (value === undefined) delete into[last];
  else into[last] = value;
  return order;
}

function problemsWith(path: string, value: unknown): [path: string, code: string][] {
  return validateOrder(withField(path, value)).map((problem) => [problem.path, problem.code]);
}

describe('the canonical order', () => {
  it('is accepted with the least it needs, and with everything', () => {
    assert.deepEqual(validateOrder(anOrder()), []);
    const time = { at: '2026-09-01T01:00:00.000Z', text: '2026-09-01 09:00:00' };
    const full: Order = {
      ...anOrder(),
      scenario: 'live-sale',
      status: 'part-shipped',
      refundStatus: 'partial',
      times: {
        created: time,
        paid: time,
        deposit: time,
        balance: time,
        modified: time,
        shipBy: time,
        shipped: time,
        completed: time,
        cancelled: time,
      },
      money: { total: 1, goods: 1, discount: 0, shipping: 0, tax: 0, refunded: 0 },
      lines: [
        {
          lineId: '1',
          sku: 'TEA®™ 🍵',
          channelSkuId: '9007199254740993',
          title: '红茶',
          quantity: 0,
          orderedQuantity: 2,
          unitPrice: 2500,
          paid: 5000,
          refundStatus: 'requested',
          weightGrams: 250,
          extra: { colour: '红' },
        },
      ],
      receiver: { name: '测**', phone: '138****0000', handle: 'oaid', district: '西湖区', address: '' },
      buyer: { key: 'b1', name: '买家', note: '👩‍👩‍👧' },
      sellerNote: '急',
      presale: { depositPaid: 100, balanceDue: 900 },
      hold: { reason: 'on-hold' },
      extra: { orderNumber: '#1024' },
      raw: { inboxId: 7 },
    };
    assert.deepEqual(validateOrder(full), []);
  });

  it('says what is missing, all of it', () => {
    const problems = validateOrder({ lines: [{}] });
    const missing = problems
      .filter((problem) => problem.code === 'order.required')
      .map((problem) => problem.path);
    assert.deepEqual(missing.sort(), [
      'channel',
      'channelOrderId',
      'currency',
      'lines[0].lineId',
      'lines[0].quantity',
      'lines[0].sku',
      'refundStatus',
      'scenario',
      'shop',
      'status',
      'times',
    ]);
    assert.equal(problems.length, missing.length);
  });

  it('has one sentence for each way a field can be wrong', () => {
    assert.deepEqual(problemsWith('channelOrderId', 727), [['channelOrderId', 'order.type-string']]);
    assert.deepEqual(problemsWith('channelOrderId', ''), [['channelOrderId', 'order.empty']]);
    assert.deepEqual(problemsWith('channelOrderId', 'x'.repeat(256)), [['channelOrderId', 'order.too-long']]);
    assert.deepEqual(problemsWith('status', 'refunded'), [['status', 'order.enum']]);
    assert.deepEqual(problemsWith('refundStatus', null), [
      ['refundStatus', 'order.type-string'],
      ['refundStatus', 'order.enum'],
    ]);
    assert.deepEqual(problemsWith('scenario', 'Live Sale'), [['scenario', 'order.slug']]);
    assert.deepEqual(problemsWith('currency', 'RMB'), [['currency', 'order.currency']]);
    assert.deepEqual(problemsWith('money.total', 29.35), [['money.total', 'order.type-integer']]);
    assert.deepEqual(problemsWith('money.total', -1), [['money.total', 'order.minimum']]);
    assert.deepEqual(problemsWith('money.total', 2 ** 53), [['money.total', 'order.maximum']]);
    assert.deepEqual(problemsWith('lines', []), [['lines', 'order.no-lines']]);
    assert.deepEqual(problemsWith('lines', {}), [['lines', 'order.type-array']]);
    assert.deepEqual(problemsWith('receiver', 'Mr X'), [['receiver', 'order.type-object']]);
    assert.deepEqual(problemsWith('hold.reason', ''), [['hold.reason', 'order.empty']]);
    assert.deepEqual(problemsWith('extra.size', 7), [['extra.size', 'order.type-string']]);
    assert.deepEqual(problemsWith('vip', true), [['vip', 'order.unknown-field']]);
    assert.deepEqual(problemsWith('times.read', {}), [['times.read', 'order.unknown-field']]);
    assert.deepEqual(
      validateOrder('order').map(({ path, code }) => [path, code]),
      [['', 'order.type-object']],
    );
  });

  it('takes times only as UTC instants that exist', () => {
    for (const at of [
      '2026-09-01T01:00:00Z',
      '2026-09-01T09:00:00.000+08:00',
      '2026-02-30T01:00:00.000Z',
      '2026-09-01',
      '',
    ]) {
      assert.deepEqual(
        problemsWith('times.paid', { at, text: 'x' }),
        [['times.paid.at', 'order.instant']],
        at,
      );
    }
    assert.deepEqual(problemsWith('times.paid', { at: '2026-09-01T01:00:00.000Z' }), [
      ['times.paid.text', 'order.required'],
    ]);
  });

  it('reports text that cannot be stored faithfully, and the place', () => {
    const [nul] = validateOrder(withField('sellerNote', '好茶\0!'));
    assert.equal(nul?.code, 'order.text-nul');
    assert.equal(nul.params.position, 3);
    const [half] = validateOrder(withField('buyer.note', '🍵🍵\ud83c'));
    assert.equal(half?.path, 'buyer.note');
    assert.equal(half.code, 'order.text-half-character');
    assert.deepEqual([half.params.position, half.params.unit], [3, 'U+D83C']);
    assert.deepEqual(problemsWith('sellerNote', 'Cafe\u0301'), [['sellerNote', 'order.text-not-composed']]);
  });

  it('wants each line to have an id of its own', () => {
    const line = anOrder().lines[0]!;
    const [problem, ...others] = validateOrder({
      ...anOrder(),
      lines: [line, { ...line, lineId: '2' }, line],
    });
    assert.equal(problem?.code, 'order.line-repeated');
    assert.equal(problem.path, 'lines[2].lineId');
    assert.deepEqual([problem.params.first, problem.params.line], [1, 3]);
    assert.deepEqual(others, []);
  });

  it('tells problems with the field and the value, in both languages', () => {
    const [problem] = validateOrder(withField('status', 'bogus'));
    assert.ok(problem);
    assert.match(
      problem.sentence,
      /^"status" is "bogus", which the hub does not know\. It may be: created, /,
    );
    assert.match(sentence(problem.code, problem.params, 'zh-CN'), /^“status”的值“bogus”无法识别/);
  });

  it('has no sentence with a place that no value fills', () => {
    for (const texts of Object.values(orderMessages)) {
      const names = languages.map((language) => new Set(texts[language].match(/\{\w+\}/g)));
      assert.deepEqual(names[0], names[1], texts['en-US']);
    }
  });

  it('does not change what it judges', () => {
    const order = anOrder();
    const before = structuredClone(order);
    validateOrder(order);
    assert.deepEqual(order, before);
  });
});
