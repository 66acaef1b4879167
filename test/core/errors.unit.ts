import assert from 'node:assert/strict';
import { HubError, reasonOf } from '../../core/errors.ts';
import { defineMessages, speak } from '../../core/message.ts';

defineMessages({
  'errors-test.full': {
    'en-US': 'The disk is full: {free} bytes left.',
    'zh-CN': '磁盘已满：剩余 {free} 字节。',
  },
});

describe('a fault with a code', () => {
  afterEach(() => speak('en-US'));

  it('carries code and values, and its sentence is the message', () => {
    const error = new HubError('errors-test.full', { free: 12 });
    assert.equal(error.code, 'errors-test.full');
    assert.deepEqual(error.params, { free: 12 });
    assert.equal(error.message, 'The disk is full: 12 bytes left.');
    assert.equal(String(error), 'The disk is full: 12 bytes left.');
    assert.ok(error instanceof Error);
  });

  it('has its code as a property of its own, which is what Node-RED hands to catch nodes', () => {
    assert.ok(Object.hasOwn(new HubError('errors-test.full'), 'code'));
  });

  it('is told in the language spoken when it happened, and in another when asked', () => {
    speak('zh-CN');
    const error = new HubError('errors-test.full', { free: 7 });
    assert.equal(error.message, '磁盘已满：剩余 7 字节。');
    assert.equal(error.told('en-US'), 'The disk is full: 7 bytes left.');
  });

  it('is final unless it says that trying again may help, and for how long to wait', () => {
    const final = new HubError('errors-test.full');
    assert.equal(final.retryable, false);
    assert.equal(final.retryAfterMs, undefined);
    const passing = new HubError('errors-test.full', {}, { retryable: true, retryAfterMs: 1_500 });
    assert.equal(passing.retryable, true);
    assert.equal(passing.retryAfterMs, 1_500);
  });

  it('keeps its cause, and has none when there is none', () => {
    const cause = new Error('ENOSPC');
    assert.equal(new HubError('errors-test.full', {}, { cause }).cause, cause);
    assert.ok(!Object.hasOwn(new HubError('errors-test.full'), 'cause'));
  });

  it('is recognised when another copy of the module made it, and nothing else is', () => {
    const foreign = Object.assign(new Error('from elsewhere'), { name: 'HubError', code: 'x.y' });
    assert.ok(HubError.is(foreign));
    assert.ok(HubError.is(new HubError('errors-test.full')));
    const strangers = [
      new Error('plain'),
      Object.assign(new Error('no code'), { name: 'HubError' }),
      { name: 'HubError', code: 'x.y' },
      'HubError',
      undefined,
      null,
    ];
    for (const stranger of strangers) assert.ok(!HubError.is(stranger), String(stranger));
  });
});

describe('the reason of an error in one line', () => {
  it('joins an error with its causes', () => {
    const error = new Error('could not save', { cause: new Error('disk', { cause: 'EIO' }) });
    assert.equal(reasonOf(error), 'could not save: disk: EIO');
  });

  it('joins the errors of an aggregate', () => {
    const error = new AggregateError(
      [new Error('::1 refused'), new Error('127.0.0.1 refused')],
      'no connection',
    );
    assert.equal(reasonOf(error), 'no connection: ::1 refused: 127.0.0.1 refused');
  });

  it('says nothing twice', () => {
    assert.equal(reasonOf(new Error('timed out', { cause: new Error('timed out') })), 'timed out');
  });

  it('falls back on the name of an error without a message', () => {
    assert.equal(reasonOf(new RangeError()), 'RangeError');
  });

  it('shows what is not an error as text', () => {
    assert.equal(reasonOf('text'), 'text');
    assert.equal(reasonOf(undefined), 'undefined');
    assert.equal(reasonOf(404), '404');
  });
});
