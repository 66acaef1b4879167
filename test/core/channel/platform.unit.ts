import assert from 'node:assert/strict';
import { platformNamed, platformNames, validateSecret } from '../../../core/channel/platform.ts';
import { HubError } from '../../../core/errors.ts';
import { allMessages, languages, sentence } from '../../../core/message.ts';

describe('platforms', () => {
  it('are found by the name they carry', () => {
    for (const name of platformNames) assert.equal(platformNamed(name).name, name);
  });

  it('are refused by any other name, those of Object included', () => {
    for (const name of ['', 'Shopify', 'magento', '__proto__', 'constructor', 'toString']) {
      assert.throws(
        () => platformNamed(name),
        (error) =>
          HubError.is(error) && error.code === 'channel.platform-unknown' && error.params.name === name,
      );
    }
  });

  it('judge a secret each in its own way', () => {
    assert.equal(validateSecret('shopify', 'a&b'), undefined);
    assert.equal(validateSecret('woocommerce', 'a&b')?.code, 'woocommerce.secret-escaped');
    assert.equal(validateSecret('standard-webhooks', 'a&b')?.code, 'standard-webhooks.secret-not-base64');
    assert.throws(() => validateSecret('magento', 'a'), HubError);
  });

  it('never repeat a secret in what they say about it', () => {
    for (const name of platformNames) {
      for (const secret of [
        'tell-no-one&',
        ' tell-no-one',
        'whsk_tell-no-one',
        'shpat_tell-no-one',
        'ck_tell-no-one',
      ]) {
        const error = validateSecret(name, secret);
        if (error) {
          for (const language of languages) assert.doesNotMatch(error.told(language), /tell-no-one/);
        }
      }
    }
  });
});

describe('channel sentences', () => {
  const own = Object.entries(allMessages()).filter(([code]) =>
    /^(?:channel|custom|taobao|jd|pinduoduo|douyin|shopify|woocommerce|standard-webhooks)\./.test(code),
  );

  it('exist in both languages with the same values in them', () => {
    assert.ok(own.length >= 30);
    for (const [code, texts] of own) {
      const places = languages.map((language) =>
        [...new Set(texts[language].match(/\{\w+\}/g))].toSorted().join(' '),
      );
      assert.equal(new Set(places).size, 1, `${code}: ${places.join(' | ')}`);
      assert.match(texts['zh-CN'], /\p{Script=Han}/u, code);
      assert.doesNotMatch(texts['en-US'], /\p{Script=Han}/u, code);
    }
  });

  it('carry the values of an error', () => {
    const found = validateSecret('standard-webhooks', Buffer.alloc(5, 1).toString('base64'));
    assert.ok(found);
    assert.match(found.told('en-US'), /5 bytes; the standard wants 24–64/);
    assert.match(sentence(found.code, found.params, 'zh-CN'), /5 字节，标准要求 24–64 字节/);
  });
});
