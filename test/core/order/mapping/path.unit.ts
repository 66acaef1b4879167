import assert from 'node:assert/strict';
import { compilePath } from '../../../../core/order/mapping/path.ts';
import { Refusal } from '../../../../core/order/refusal.ts';

function get(path: string, from: unknown): unknown {
  const compiled = compilePath(path);
  assert.ok(!(compiled instanceof Refusal), path);
  return compiled.get(from);
}

const record = {
  id: 1,
  a: { b: { c: { d: { e: 'deep' } } } },
  '中文 字段': { 值: '茶' },
  'odd.key': { 'x"y': 2 },
  items: [{ id: 'i1', tags: ['t1', 't2'] }, { id: 'i2' }, { id: 'i3', tags: ['t3'] }],
  nothing: null,
};

describe('paths', () => {
  it('find names, places in lists, and all of a list', () => {
    const cases: [string, unknown][] = [
      ['id', 1],
      ['a.b.c.d.e', 'deep'],
      ['a.b.c.d', { e: 'deep' }],
      ['中文 字段.值', '茶'],
      ['["odd.key"]["x\\"y"]', 2],
      ['a["b"].c.d.e', 'deep'],
      ['items[0].id', 'i1'],
      ['items[-1].id', 'i3'],
      ['items[*].id', ['i1', 'i2', 'i3']],
      ['items[*].tags[*]', ['t1', 't2', 't3']],
      ['items[*].tags', [['t1', 't2'], ['t3']]],
      ['items[2].tags[0]', 't3'],
    ];
    for (const [path, value] of cases) assert.deepEqual(get(path, record), value, path);
  });

  it('find the members of a list whose field is a text, or the same as in the line', () => {
    const parcels = {
      list: [
        {
          state: 'sent',
          lines: [
            { id: 7, units: 1 },
            { id: '8', units: 2 },
          ],
        },
        { state: 'lost', lines: [{ id: 7, units: 4 }] },
        { state: 'sent', lines: [{ id: '7', units: 8 }] },
        { lines: [{ units: 16 }] },
        'none',
      ],
    };
    const cases: [path: string, here: unknown, value: unknown][] = [
      ['list[state=lost].lines[0].units', undefined, [4]],
      ['list[state=sent].lines[id=$here.id].units', { id: '7' }, [1, 8]],
      ['list[state=sent].lines[id=$here.id].units', { id: 8 }, [2]],
      ['list[*].lines[id=$here.id].units', { id: 7 }, [1, 4, 8]],
      ['list[*].lines[id=$here.id].units', {}, []],
      ['list[*].lines[id=$here.id].units', undefined, []],
      ['list[state=undefined].lines', undefined, []],
      [
        'list[state=sent].lines[id=7]',
        undefined,
        [
          { id: 7, units: 1 },
          { id: '7', units: 8 },
        ],
      ],
      ['list[constructor=x].lines', undefined, []],
      ['id[state=sent]', undefined, undefined],
    ];
    for (const [path, here, value] of cases) {
      const compiled = compilePath(path);
      assert.ok(!(compiled instanceof Refusal), path);
      assert.deepEqual(compiled.get(parcels, here), value, path);
    }
  });

  it('find nothing where nothing is, without an error', () => {
    for (const path of [
      'b',
      'a.x.y.z',
      'nothing.a',
      'id.a',
      'items[9].id',
      'items[-9]',
      'a[0]',
      'items.id',
      'a[*].b',
    ]) {
      assert.equal(get(path, record), undefined, path);
    }
    for (const from of [undefined, null, 'text', 7, []]) assert.equal(get('a.b', from), undefined);
  });

  it('never find what JavaScript adds to objects', () => {
    for (const path of [
      'constructor',
      'toString',
      '__proto__',
      'a.constructor.name',
      'items.length',
      'hasOwnProperty',
    ]) {
      assert.equal(get(path, record), undefined, path);
    }
    assert.equal(get('constructor', JSON.parse('{"constructor":"mine"}')), 'mine');
    assert.equal(get('__proto__.x', JSON.parse('{"__proto__":{"x":1}}')), 1);
  });

  it('say where they cannot be read', () => {
    const cases: [string, number][] = [
      ['', 1],
      ['a..b', 2],
      ['.a', 1],
      ['a[', 2],
      ['a[x]', 2],
      ['a[x=]', 2],
      ['a[=x]', 2],
      ['a[x=y=z]', 2],
      ['a]', 2],
      ['a.b"c', 4],
      ['$root.', 7],
    ];
    for (const [path, position] of cases) {
      const result = compilePath(path);
      assert.ok(result instanceof Refusal, path);
      assert.deepEqual([result.code, result.params.position], ['mapping.path', position], path);
    }
  });

  it('may start at the record', () => {
    const path = compilePath('$root.a.b');
    assert.ok(!(path instanceof Refusal));
    assert.equal(path.fromRoot, true);
    assert.deepEqual(path.get({ a: { b: 1 } }), 1);
  });
});
