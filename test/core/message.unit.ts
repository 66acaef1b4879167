import assert from 'node:assert/strict';
import fc from 'fast-check';
import { allMessages, defineMessages, nearestLanguage, sentence, speak } from '../../core/message.ts';

const texts = defineMessages({
  'message-test.short': {
    'en-US': '{asked} of {sku} asked, {available} available.',
    'zh-CN': '{sku} 需要 {asked} 件，可用 {available} 件。',
  },
  'message-test.plain': { 'en-US': 'Nothing to fill in.', 'zh-CN': '没有要填的内容。' },
});

describe('sentences for people', () => {
  afterEach(() => speak('en-US'));

  it('fills in the values in the language asked for', () => {
    const values = { asked: 3, sku: 'TEE-M', available: 1 };
    assert.equal(sentence('message-test.short', values, 'en-US'), '3 of TEE-M asked, 1 available.');
    assert.equal(sentence('message-test.short', values, 'zh-CN'), 'TEE-M 需要 3 件，可用 1 件。');
  });

  it('speaks English until told otherwise, then the language it was told', () => {
    assert.equal(sentence('message-test.plain'), 'Nothing to fill in.');
    speak('zh-CN');
    assert.equal(sentence('message-test.plain'), '没有要填的内容。');
    assert.equal(sentence('message-test.plain', {}, 'en-US'), 'Nothing to fill in.');
  });

  it('shows a dash for a value that is missing or null, and 0 and false as they are', () => {
    const told = sentence('message-test.short', { asked: 0, sku: null, available: false }, 'en-US');
    assert.equal(told, '0 of – asked, false available.');
    assert.equal(sentence('message-test.short', {}, 'en-US'), '– of – asked, – available.');
  });

  it('puts any value in word for word', () => {
    fc.assert(
      fc.property(fc.string(), (sku) => {
        const told = sentence('message-test.short', { asked: 1, sku, available: 2 }, 'en-US');
        assert.equal(told, `1 of ${sku} asked, 2 available.`);
      }),
      { examples: [['$&'], ['$1'], ['{asked}']] },
    );
  });

  it('shows an unknown code with its values instead of hiding it', () => {
    assert.equal(sentence('message-test.nowhere', { sku: 'A' }), 'message-test.nowhere {"sku":"A"}');
  });

  it('refuses a second text for a code and allows the same one again', () => {
    assert.throws(
      () => defineMessages({ 'message-test.plain': { 'en-US': 'Other.', 'zh-CN': '别的。' } }),
      /message-test\.plain is defined twice/,
    );
    assert.equal(sentence('message-test.plain', {}, 'en-US'), 'Nothing to fill in.');
    assert.equal(defineMessages(texts), texts);
  });

  it('lists what was defined', () => {
    assert.equal(allMessages()['message-test.plain'], texts['message-test.plain']);
  });

  it('takes every kind of Chinese for Chinese and all else for English', () => {
    for (const chinese of ['zh', 'zh-CN', 'zh-TW', 'ZH-hans-CN', 'zh_CN'])
      assert.equal(nearestLanguage(chinese), 'zh-CN', chinese);
    for (const other of ['en-US', 'en', 'de', '', undefined, 'x-zh'])
      assert.equal(nearestLanguage(other), 'en-US', String(other));
  });
});
