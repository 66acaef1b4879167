import assert from 'node:assert/strict';
import {
  enteredJson,
  enteredLines,
  enteredList,
  escaped,
  jsonOf,
  linesOf,
  textOf,
  unescaped,
  valueAt,
  withValue,
} from '../../../../nodes/channel-account/custom-form/form-value.ts';

describe('the form of a custom channel', () => {
  it('puts a value where nothing was, and takes it away again', () => {
    const made = withValue({ title: 'Shop' }, 'orders.paging.kind', 'page');
    assert.deepEqual(made, { title: 'Shop', orders: { paging: { kind: 'page' } } });
    assert.equal(valueAt(made, 'orders.paging.kind'), 'page');
    assert.equal(valueAt(made, 'orders.paging.kind.more'), undefined);
    assert.deepEqual(withValue(made, 'orders', undefined), { title: 'Shop' });
  });

  it('keeps JSON that is not finished as it was typed, and the configuration is none until it is', () => {
    const typed = '{ "stock": "{quantity}", $& ';
    const body = enteredJson(typed);
    assert.equal(jsonOf(body), typed);
    const text = textOf(withValue({ title: 'Shop' }, 'stock.request.body', body));
    assert.ok(text.includes(typed), `what was typed is lost: ${text}`);
    assert.throws(() => JSON.parse(text), SyntaxError);
  });

  it('reads finished JSON with long ids as texts, and an empty field as nothing', () => {
    assert.deepEqual(enteredJson('{"id": 9007199254740993}'), { id: '9007199254740993' });
    assert.equal(enteredJson('  '), undefined);
  });

  it('reads parameters line by line as it shows them', () => {
    const query = { 'created_at[$gte]': '{from}', filter: 'a=b', empty: '' };
    assert.deepEqual(enteredLines(linesOf(query)), query);
    assert.equal(enteredLines('\n  \n'), undefined);
  });

  it('takes commas of both scripts between several texts', () => {
    assert.deepEqual(enteredList('401, 403，E7 ,'), ['401', '403', 'E7']);
    assert.equal(enteredList(' '), undefined);
  });

  it('shows line ends in a field of one line', () => {
    for (const text of ['\n', '\t|\n', '\\n', '&', '']) assert.equal(unescaped(escaped(text)), text);
    assert.equal(escaped('\n'), '\\n');
  });
});
