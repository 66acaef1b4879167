import assert from 'node:assert/strict';
import { compileExpression, defaultLimits } from '../../../../core/order/mapping/expression.ts';
import { Refusal } from '../../../../core/order/refusal.ts';

/** @param timeoutMs by default so long that it is none, however busy the machine is */
async function evaluate(text: string, input: unknown = {}, timeoutMs = 15_000): Promise<unknown> {
  const expression = compileExpression(text, { ...defaultLimits, timeoutMs });
  assert.ok(!(expression instanceof Refusal), text);
  const value = await expression.evaluate(input, { account: { shop: 'main' } });
  return value instanceof Refusal ? value.code : value;
}

describe('expressions', () => {
  it('give what JSONata gives', async () => {
    assert.equal(await evaluate('a.b & "!"', { a: { b: 'x' } }), 'x!');
    assert.deepEqual(await evaluate('a.b', { a: [{ b: 1 }, { b: 2 }] }), [1, 2]);
    assert.equal(await evaluate('$account.shop'), 'main');
    assert.equal(await evaluate('$match("25 kg", /(\\d+)\\s*kg/).groups[0]'), '25');
    assert.equal(await evaluate('$replace("a-b-c", /-/, "+")'), 'a+b+c');
    assert.deepEqual(await evaluate('$split("a, b;c", /[,;] ?/)'), ['a', 'b', 'c']);
    assert.equal(await evaluate('$pad("7", -3, "0")'), '007');
    assert.equal(await evaluate('missing'), undefined);
  });

  it('are stopped when they do not end', async () => {
    assert.equal(await evaluate('($f := function(){$f()}; $f())', {}, 100), 'map.jsonata-timeout');
    assert.equal(await evaluate('($f := function($n){$n + $f($n + 1)}; $f(1))'), 'map.jsonata-depth');
    assert.equal(await evaluate('[1..10000000]'), 'map.jsonata-too-large');
    assert.equal(await evaluate('$sum([1..9999].([1..9999].$))', {}, 100), 'map.jsonata-timeout');
    assert.equal(await evaluate('$pad("x", 50000000)'), 'map.jsonata-too-large');
    assert.equal(await evaluate('$reduce([1..40], function($a, $b){$a & $a}, "x")'), 'map.jsonata-depth');
  });

  it('are stopped when a regular expression runs away', async () => {
    const value = 'a'.repeat(60);
    assert.equal(await evaluate('$contains(v, /^(a+)+$/)', { v: `${value}!` }, 100), 'map.jsonata-timeout');
    assert.equal(await evaluate('$contains(v, /^(a+)+$/)', { v: value }), true);
  });

  it('cannot make expressions of text', async () => {
    assert.equal(await evaluate('$eval("1+1")'), 'map.jsonata-failed');
  });

  it('refuse functions as values', async () => {
    assert.equal(await evaluate('$uppercase'), 'map.jsonata-function');
    assert.equal(await evaluate('function($x){$x}'), 'map.jsonata-function');
  });

  it('leave the input as it was', async () => {
    const input = Object.freeze({ a: Object.freeze([Object.freeze({ b: 1 })]) });
    assert.deepEqual(await evaluate('a ~> |$|{"b": 2}|', input), [{ b: 2 }]);
    assert.deepEqual(input, { a: [{ b: 1 }] });
  });

  it('say where their text is wrong', () => {
    const cases: [string, number][] = [
      ['a.b.', 4],
      ['$sum(', 5],
      ['a + + b', 5],
    ];
    for (const [text, position] of cases) {
      const result = compileExpression(text);
      assert.ok(result instanceof Refusal, text);
      assert.equal(result.code, 'mapping.jsonata');
      assert.equal(result.params.position, position, text);
      assert.ok(String(result.params.reason).length > 5);
    }
  });
});
