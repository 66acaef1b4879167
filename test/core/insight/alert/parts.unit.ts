import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { alertKey, wireId } from '../../../../core/insight/alert/alert-key.ts';
import { alertKinds } from '../../../../core/insight/alert/channel.ts';
import { alertChannels } from '../../../../core/insight/alert/channels.ts';
import { cutToBytes, jsonBytes } from '../../../../core/insight/alert/cut.ts';
import { alertMessages } from '../../../../core/insight/alert/messages.ts';
import { maskPersonal, type PersonalKind, personalKind } from '../../../../core/insight/alert/personal.ts';
import { defaultRates } from '../../../../core/insight/alert/rates.ts';
import { redacted } from '../../../../core/redacted.ts';

describe('alertKey', () => {
  it('reads as what it stands for', () => {
    assert.equal(alertKey('late', 'shopify/main/1001', 'paid#3'), 'late|shopify/main/1001|paid#3');
    assert.equal(alertKey('a|b', '50%', 'x'), 'a%7Cb|50%25|x');
  });

  it('is never shared by two different alerts', () => {
    const part = fc.string({ unit: fc.constantFrom('a', '|', '%', '7', 'C', '/') });
    const parts = fc.tuple(part, part, part);
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        assert.equal(alertKey(...a) === alertKey(...b), JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  it('has a short form that fits into ids of any kind', () => {
    assert.match(wireId(alertKey('迟发', 'shopify/main/1.2', 'paid')), /^[0-9a-f]{32}$/);
    assert.equal(wireId('a'), wireId('a'));
    assert.notEqual(wireId('a'), wireId('b'));
  });
});

describe('maskPersonal', () => {
  const cases: [PersonalKind, string, string][] = [
    ['name', '张三丰', '张**'],
    ['name', 'John Smith', 'J**'],
    ['name', '𠮷野', '𠮷**'],
    ['name', '张**', '张**'],
    ['name', '', ''],
    ['phone', '13812340000', '138****0000'],
    ['phone', '138 1234 0000', '138****0000'],
    ['phone', '+86 138-1234-0000', '+86 138****0000'],
    ['phone', '+8613812340000', '+86138****0000'],
    ['phone', '+1 (212) 555-0100', '+1 ****00'],
    ['phone', '138****0000', '138****0000'],
    ['phone', '12345', '****45'],
    ['phone', '110', '****'],
    ['email', 'zhang@example.com', 'z***@example.com'],
    ['email', 'nonsense', 'n****'],
    ['address', '科技园一路 1 号', '****'],
    ['handle', 'oaid-1234', 'oa****'],
    ['note', '电话 13812340000，谢谢', '电话 138****0000，谢谢'],
    ['note', 'mail me: a.b@example.com', 'mail me: a***@example.com'],
    ['note', 'order 1001 please', 'order 1001 please'],
  ];
  for (const [kind, value, masked] of cases) {
    it(`makes ${masked || 'nothing'} of ${kind} ${value}`, () =>
      assert.equal(maskPersonal(value, kind), masked));
  }

  it('leaves at most seven digits of a phone number, and is the same twice', () => {
    const numbers = fc.string({ unit: fc.constantFrom(...'0123456789 -'), minLength: 5, maxLength: 20 });
    fc.assert(
      fc.property(numbers, (phone) => {
        const masked = maskPersonal(phone, 'phone');
        assert.ok(masked.replace(/\D/g, '').length <= 7);
        assert.equal(maskPersonal(masked, 'phone'), masked);
      }),
    );
  });

  it('is the same twice, for everything', () => {
    const kinds = fc.constantFrom('name', 'email', 'address', 'handle') as fc.Arbitrary<PersonalKind>;
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), kinds, (text, kind) => {
        const masked = maskPersonal(text, kind);
        assert.equal(maskPersonal(masked, kind), masked);
      }),
    );
  });
});

describe('personalKind', () => {
  const cases: [string, PersonalKind | undefined][] = [
    ['order.receiver.name', 'name'],
    ['order.receiver.phone', 'phone'],
    ['order.receiver.address', 'address'],
    ['order.receiver.postcode', 'address'],
    ['order.receiver.city', undefined],
    ['order.receiver.handle', 'handle'],
    ['order.buyer.key', 'handle'],
    ['order.buyer.note', 'note'],
    ['order.sellerNote', 'note'],
    ['order.channelOrderId', undefined],
    ['order.lines.0.title', undefined],
    ['rule.name', undefined],
    ['msg.payload.billing.address_1', 'address'],
    ['msg.payload.customer.last_name', 'name'],
    ['msg.payload.receiver_mobile', 'phone'],
    ['msg.payload.buyer_email', 'email'],
  ];
  for (const [path, kind] of cases) {
    it(`takes ${path} for ${kind ?? 'nothing personal'}`, () =>
      assert.equal(personalKind(path.split('.')), kind));
  }
});

describe('cutToBytes', () => {
  it('never exceeds its bytes, cuts only what is too long, and never inside a character', () => {
    const measures = [
      { measure: undefined, bytes: (text: string) => Buffer.byteLength(text) },
      { measure: jsonBytes, bytes: (text: string) => Buffer.byteLength(JSON.stringify(text)) - 2 },
    ];
    for (const { measure, bytes } of measures) {
      fc.assert(
        fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 3, max: 60 }), (text, most) => {
          const result = cutToBytes(text, most, measure);
          assert.ok(bytes(result.text) <= most);
          assert.equal(result.cut, bytes(text) > most);
          const kept = result.cut ? result.text.slice(0, -1) : result.text;
          assert.ok(text.startsWith(kept));
          assert.ok(!/\p{Cs}/u.test(result.text));
          if (result.cut) assert.ok(result.text.endsWith('…'));
        }),
      );
    }
  });

  it('replaces half characters', () =>
    assert.deepEqual(cutToBytes('a\ud83d', 10), { text: 'a\ufffd', cut: false }));
});

describe('redacted', () => {
  it('removes secrets however they are written, and stays short and on one line', () => {
    const secret = 'p"a/s+s&w<d';
    const forms = [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret),
      Buffer.from(secret).toString('base64'),
    ];
    for (const form of forms) assert.ok(!redacted(`x ${form}\ny`, [secret]).includes(form));
    assert.equal(
      redacted('see https://h/send?access_token=abc&x=1', []),
      'see https://h/send?access_token=***&x=1',
    );
    assert.equal(redacted('a\r\nb', [undefined, '']), 'a b');
    assert.equal([...redacted('x'.repeat(1000), [])].length, 201);
  });

  it('leaves nothing of a secret that holds another', () => {
    assert.equal(redacted('inner-outer', ['inner', 'inner-outer']), '***');
  });
});

describe('the alert targets', () => {
  it('are registered under their own kind, with a name in both languages and a rate', () => {
    assert.deepEqual(Object.keys(alertChannels).sort(), [...alertKinds].sort());
    for (const kind of alertKinds) {
      assert.equal(alertChannels[kind].kind, kind);
      assert.ok(alertChannels[kind].label['en-US'] && alertChannels[kind].label['zh-CN']);
      assert.ok(defaultRates[kind].perMinute > 0);
    }
    assert.deepEqual(
      [defaultRates.dingtalk, defaultRates.wecom, defaultRates.feishu],
      [{ perMinute: 20 }, { perMinute: 20 }, { perMinute: 100, perSecond: 5 }],
    );
  });

  it('report every setting that is missing, and never throw on nonsense', () => {
    for (const kind of alertKinds) {
      assert.notEqual(alertChannels[kind].validate({}, {}).length, 0);
      for (const { sentence } of alertChannels[kind].validate({}, {}))
        assert.ok(!sentence.startsWith('alert.'));
    }
  });
});

describe('the sentences of alerts', () => {
  it('take the same values in both languages', () => {
    for (const [code, texts] of Object.entries(alertMessages)) {
      const [english, chinese] = [texts['en-US'], texts['zh-CN']].map((text) =>
        [...new Set(text.match(/\{\w+\}/g))].sort(),
      );
      assert.deepEqual(chinese, english, code);
    }
  });

  it('exist for every code that is used, and are all used', () => {
    const folder = new URL('../../../../core/insight/alert/', import.meta.url);
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && name !== 'messages.ts')
      .map((name) => readFileSync(new URL(name, folder), 'utf8'))
      .join('\n');
    const used = new Set([...sources.matchAll(/'(alert\.[a-z-]+)'/g)].map((match) => match[1]!));
    const robot = ['sign', 'keyword', 'ip', 'token', 'other'].map((name) => `alert.robot-${name}`);
    assert.deepEqual([...used, ...robot].sort(), Object.keys(alertMessages).sort());
  });
});
