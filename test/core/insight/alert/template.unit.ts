import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { composeAlert, escapeRuleOf } from '../../../../core/insight/alert/compose.ts';
import { fieldKind, templateFields } from '../../../../core/insight/alert/fields.ts';
import {
  type RenderOptions,
  renderTemplate,
  validateTemplate,
} from '../../../../core/insight/alert/template.ts';
import type { Order } from '../../../../core/order/schema.ts';

const order: Order = {
  channel: 'shopify',
  shop: 'main',
  channelOrderId: '450789469012345678901',
  scenario: 'normal',
  status: 'paid',
  refundStatus: 'none',
  times: {
    created: { at: '2026-09-01T00:00:00.000Z', text: '2026-09-01T08:00:00+08:00' },
    paid: { at: '2026-09-01T00:05:00.000Z', text: '2026-09-01T08:05:00+08:00' },
  },
  currency: 'CNY',
  money: { total: 15900 },
  lines: [
    { lineId: '1', sku: 'SKU-A', quantity: 2, unitPrice: 5000, paid: 9900, title: 'Mug®' },
    { lineId: '2', sku: 'SKU-B', quantity: 1, paid: 6000 },
  ],
  receiver: {
    name: '张三丰',
    phone: '13812340000',
    city: '深圳市',
    address: '科技园一路 1 号',
    email: 'zhang@example.com',
  },
  buyer: { key: 'buyer-77', note: '请打 13812340000 <at user_id="all">all</at> [x](http://e.com)' },
  extra: { gift: 'yes' },
};

const context = {
  order,
  event: { type: 'paid', at: 1_788_220_800_000, sequence: 3 },
  rule: { name: 'Late parcels' },
  weight: { differenceGrams: 182, passed: false },
};

const options: RenderOptions = { language: 'en-US', zone: 'Asia/Shanghai', escape: 'plain' };

function rendered(template: string, changes: Partial<RenderOptions> = {}, data: object = context): string {
  return renderTemplate(template, data as never, { ...options, ...changes });
}

describe('renderTemplate', () => {
  const cases: [template: string, expected: string, changes?: Partial<RenderOptions>][] = [
    ['Order {{order.channelOrderId}} is {{ order.status }}', 'Order 450789469012345678901 is paid'],
    ['{{order.money.total}}', 'CN¥159.00'],
    ['{{order.money.total}}', '¥159.00', { language: 'zh-CN' }],
    ['{{order.times.paid}}', '2026-09-01 08:05 (Asia/Shanghai)'],
    ['{{order.times.paid.at}} as {{order.times.paid.text}}', '2026-09-01 08:05 (Asia/Shanghai) as –'],
    ['{{order.times.paid}}', '2026-09-01 00:05 (UTC)', { zone: 'Mars/Olympus' }],
    ['{{order.times.shipBy}}', '–'],
    ['{{order.nothing.at.all}} {{nothing}}', '– –'],
    ['{{lines}}', '2 × SKU-A, 1 × SKU-B'],
    ['{{order.lines}}', '2 × SKU-A、1 × SKU-B', { language: 'zh-CN' }],
    ['{{lines.1.sku}} {{order.lines.0.paid}}', 'SKU-B CN¥99.00'],
    [
      '{{#lines}}[{{sku}}={{paid}} of {{order.shop}}]{{/lines}}',
      '[SKU-A=CN¥99.00 of main][SKU-B=CN¥60.00 of main]',
    ],
    ['{{#lines}}{{title}} {{unitPrice}};{{/lines}}', 'Mug® CN¥50.00;– –;'],
    [
      'Items:\n{{#lines}}\n- {{quantity}} × {{sku}}\n{{/lines}}\nEnd',
      'Items:\n- 2 × SKU-A\n- 1 × SKU-B\nEnd',
    ],
    ['{{#order.receiver}}{{city}}{{/order.receiver}}', '深圳市'],
    ['{{#order.hold}}held: {{reason}}{{/order.hold}}', ''],
    ['{{weight.differenceGrams}} {{weight.passed}}', '182 no'],
    ['{{weight.passed}}', '否', { language: 'zh-CN' }],
    ['{{rule.name}} {{event.type}} {{event.sequence}}', 'Late parcels paid 3'],
    ['{{order.extra.gift}} {{order}} {{order.receiver}}', 'yes – –'],
    ['{{constructor}} {{order.__proto__.toString}} {{order.lines.length}}', '– – –'],
  ];
  for (const [template, expected, changes] of cases) {
    it(`makes ${JSON.stringify(expected)} of ${JSON.stringify(template)}`, () => {
      if (template.includes('.text}}')) {
        assert.match(
          rendered(template, changes),
          /^2026-09-01 08:05 \(Asia\/Shanghai\) as 2026-09-01T08:05:00\+08:00$/,
        );
      } else {
        assert.equal(rendered(template, changes), expected);
      }
    });
  }

  it('masks personal data by default', () => {
    const template =
      '{{order.receiver.name}} {{order.receiver.phone}} {{order.receiver.address}} {{order.receiver.email}} ' +
      '{{order.receiver.city}} {{order.buyer.key}}';
    assert.equal(rendered(template), '张** 138****0000 **** z***@example.com 深圳市 bu****');
    assert.equal(
      rendered(template, { showPersonal: true }),
      '张三丰 13812340000 科技园一路 1 号 zhang@example.com 深圳市 buyer-77',
    );
  });

  it('masks it inside sections and in the results of other nodes too', () => {
    assert.equal(rendered('{{#order.receiver}}{{name}} {{phone}}{{/order.receiver}}'), '张** 138****0000');
    const data = { msg: { payload: { shipping_address: { first_name: '小明', phone: '13912345678' } } } };
    const path = 'msg.payload.shipping_address';
    assert.equal(rendered(`{{${path}.first_name}} {{${path}.phone}}`, {}, data), '小** 139****5678');
  });

  it('does not let a buyer write links, mentions or phone numbers into a chat', () => {
    const note = '{{order.buyer.note}}';
    assert.equal(
      rendered(note, { escape: 'markdown' }),
      '请打 138****0000 ＜at user_id="all">all＜/at> [x] (http://e.com)',
    );
    assert.ok(!rendered(note, { escape: 'no-tags' }).includes('<at'));
    const data = { order: { sellerNote: 'a\r\nb\tc\u0000\u202ed' } };
    assert.equal(rendered('{{order.sellerNote}}', { escape: 'line' }, data), 'a b cd');
    assert.equal(rendered('{{order.sellerNote}}', { escape: 'plain' }, data), 'a\nb\tcd');
  });

  it('leaves what the template itself says alone', () => {
    assert.equal(
      rendered('**Bold** [link](https://example.com) <font>', { escape: 'markdown' }),
      '**Bold** [link](https://example.com) <font>',
    );
  });

  it('shows amounts without a known currency and beyond exact integers as they are', () => {
    const data = { order: { currency: 'XXX', money: { total: 100, goods: '9007199254740993' } } };
    assert.equal(
      rendered('{{order.money.total}} {{order.money.goods}}', {}, data),
      '1.00 XXX 9007199254740993',
    );
  });

  it('shortens long lists and never grows without bounds', () => {
    const lines = Array.from({ length: 500 }, (_, index) => ({ sku: `S${index}`, quantity: 1 }));
    const many = { order: { ...order, lines } };
    assert.match(rendered('{{lines}}', {}, many), /1 × S19 … \(\+480\)$/);
    const nested =
      '{{#order.lines}}{{#order.lines}}{{#order.lines}}xxxxxxxxxx{{/order.lines}}{{/order.lines}}{{/order.lines}}';
    assert.ok(rendered(nested, {}, many).length <= 50_000);
  });

  it('makes the most of a template that is written wrongly', () => {
    assert.equal(rendered('a {{b c}} {{/x}} {{order.shop'), 'a {{b c}} {{/x}} {{order.shop');
    assert.equal(rendered('{{#lines}}{{sku}} '), 'SKU-A SKU-B ');
    assert.equal(rendered('{{}}'), '{{}}');
  });

  it('never throws, and never shows a phone number, whatever the template and the data', () => {
    const pieces = fc.constantFrom(
      '{{',
      '}}',
      '{{#lines}}',
      '{{/lines}}',
      '{{order.receiver.phone}}',
      '{{.}}',
      '{{order}}',
      '\n',
      'x',
    );
    const templates = fc
      .array(fc.oneof(pieces, fc.string()), { maxLength: 12 })
      .map((parts) => parts.join(''));
    const data = fc.oneof(
      fc.anything(),
      fc.constant(context),
      fc.record({ order: fc.anything(), lines: fc.anything() }),
    );
    const rules = fc.constantFrom('plain', 'line', 'no-tags', 'markdown') as fc.Arbitrary<
      RenderOptions['escape']
    >;
    fc.assert(
      fc.property(templates, data, rules, (template, value, rule) => {
        const text = rendered(template, { escape: rule }, value as object);
        assert.equal(typeof text, 'string');
        assert.ok(!text.includes('13812340000'));
        for (const { at, length } of validateTemplate(template))
          assert.ok(at >= 0 && at + length <= template.length);
      }),
      { numRuns: 500 },
    );
  });

  it('survives values that fail when they are read', () => {
    const order = Object.defineProperty({}, 'shop', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    });
    assert.equal(rendered('{{order.shop}}', {}, { order }), '–');
  });
});

describe('validateTemplate', () => {
  const sound = [
    'Order {{order.channelOrderId}}: {{order.times.paid}} {{order.money.total}}',
    '{{#lines}}{{quantity}} × {{sku}} {{order.shop}}{{/lines}} {{lines}} {{lines.0.sku}}',
    '{{#order.receiver}}{{name}}{{/order.receiver}} {{order.extra.anything}}',
    '{{weight.differenceGrams}} {{stock.short}} {{event.data.carrier}} {{now}}',
    '',
  ];
  for (const template of sound) {
    it(`finds nothing in ${JSON.stringify(template)}`, () =>
      assert.deepEqual(validateTemplate(template), []));
  }

  const faulty: [template: string, code: string, marked: string, params?: object][] = [
    [
      'Order {{order.channelOrderID}} now',
      'alert.template-unknown',
      '{{order.channelOrderID}}',
      { nearest: 'order.channelOrderId' },
    ],
    ['{{order.total}}', 'alert.template-unknown', '{{order.total}}', { nearest: 'order.money.total' }],
    ['{{#lines}}{{skuu}}{{/lines}}', 'alert.template-unknown', '{{skuu}}', { nearest: 'sku' }],
    ['a {{order.receiver}}', 'alert.template-group', '{{order.receiver}}'],
    ['{{#order.shop}}x{{/order.shop}}', 'alert.template-not-list', '{{#order.shop}}'],
    ['a {{b c}}', 'alert.template-tag', '{{b c}}'],
    ['a {{}} b', 'alert.template-tag', '{{}}'],
    ['{{#lines}} x', 'alert.template-open', '{{#lines}}'],
    ['x {{/lines}}', 'alert.template-close', '{{/lines}}'],
    ['x {{order.shop', 'alert.template-braces', '{{'],
    ['x }} y', 'alert.template-braces', '}}'],
  ];
  for (const [template, code, marked, params = {}] of faulty) {
    it(`finds ${code} in ${JSON.stringify(template)}`, () => {
      const [first] = validateTemplate(template);
      assert.ok(first, 'a problem');
      assert.equal(first.code, code);
      assert.equal(template.slice(first.at, first.at + first.length), marked);
      assert.equal(first.params.position, template.indexOf(marked) + 1);
      for (const [name, value] of Object.entries(params)) assert.equal(first.params[name], value);
      assert.ok(!first.sentence.startsWith('alert.'));
    });
  }

  it('takes further roots', () => {
    assert.equal(validateTemplate('{{carrier.name}}')[0]?.code, 'alert.template-unknown');
    assert.deepEqual(validateTemplate('{{carrier.name}}', ['carrier']), []);
  });
});

describe('the fields a template can name', () => {
  it('are those of the order schema, with their kinds', () => {
    assert.equal(fieldKind('order.lines'), 'list');
    assert.equal(fieldKind('order.lines.unitPrice'), 'money');
    assert.equal(fieldKind('order.lines.quantity'), 'number');
    assert.equal(fieldKind('order.times.shipBy'), 'time');
    assert.equal(fieldKind('order.raw.inboxId'), 'number');
    assert.equal(fieldKind('order.nope'), undefined);
  });

  it('count every amount of the schema as money', () => {
    const source = readFileSync(new URL('../../../../core/order/schema.ts', import.meta.url), 'utf8');
    const amounts = [...source.matchAll(/^\s+(\w+): (?:money|\{ \.\.\.money\b)|\b(\w+): money\b/gm)].map(
      (match) => match[1] ?? match[2],
    );
    const known = templateFields().filter(({ kind }) => kind === 'money');
    assert.deepEqual(
      [...new Set(known.map(({ path }) => path.split('.').at(-1)))].sort(),
      [...new Set(amounts)].sort(),
    );
  });
});

describe('composeAlert', () => {
  const templates = {
    title: '{{rule.name}}\n{{order.shop}}',
    text: '{{order.buyer.note}}\n{{order.receiver.phone}}',
    variables: [
      { name: 'order', template: '{{order.channelOrderId}}' },
      { name: 'items', template: '{{lines}}' },
    ],
  };

  it('makes one message for one kind of target', () => {
    const message = composeAlert('key', templates, context, { kind: 'sms-tencent', language: 'zh-CN' });
    assert.equal(message.id, 'key');
    assert.equal(message.title, 'Late parcels main');
    assert.deepEqual(message.variables, [
      { name: 'order', value: '450789469012345678901' },
      { name: 'items', value: '2 × SKU-A、1 × SKU-B' },
    ]);
    assert.ok(message.text.endsWith('138****0000'));
  });

  it('escapes as the target reads', () => {
    assert.equal(escapeRuleOf('feishu'), 'no-tags');
    assert.equal(escapeRuleOf('feishu', true), 'markdown');
    assert.equal(escapeRuleOf('dingtalk'), 'plain');
    assert.equal(escapeRuleOf('wecom', true), 'markdown');
    assert.equal(escapeRuleOf('sms-aliyun', true), 'line');
    assert.equal(escapeRuleOf('smtp'), 'plain');
    assert.equal(escapeRuleOf('webhook'), 'plain');
  });
});
