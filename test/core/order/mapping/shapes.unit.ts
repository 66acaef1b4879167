import assert from 'node:assert/strict';
import type { Condition, Mapping, MatchCase, Rule } from '../../../../core/order/mapping/types.ts';
import { validateMapping } from '../../../../core/order/mapping/validate.ts';
import { aMapping, aRecord, context, map, orderOf, problemOf, rule } from './a-mapping.ts';

const line = (id: string, changes: object = {}) => ({ id, sku: 'TEA', quantity: 1, ...changes });

function byCase(target: string, transform: Rule['transform'], ...cases: MatchCase[]): Rule {
  return { target, source: { kind: 'first-match', cases, otherwise: null }, transform, required: false };
}

const faultsOf = (mapping: Mapping) => validateMapping(mapping).map(({ path, code }) => [path, code]);

describe('envelopes', () => {
  const mapping = { ...aMapping(), envelopes: ['answer.order', 'order'] };

  it('are taken off, and what comes without one is the order', () => {
    for (const record of [aRecord(), { order: aRecord() }, { answer: { order: aRecord() }, id: 'other' }])
      assert.equal(orderOf(map(mapping, record)).channelOrderId, '1');
  });

  it('are paths', () => {
    assert.deepEqual(faultsOf({ ...mapping, envelopes: ['order', 'a..b'] }), [
      ['envelopes[1]', 'mapping.path'],
    ]);
  });
});

describe('lines', () => {
  const withLists = (source: string, repeated?: 'number') => {
    const mapping = aMapping();
    return { ...mapping, lines: { ...mapping.lines, source, ...(repeated && { repeated }) } };
  };
  const ids = (mapping: Mapping, record: object) =>
    orderOf(map(mapping, record)).lines.map(({ lineId }) => lineId);

  it('of several lists come one after the other, and a list that is not there is empty', () => {
    const mapping = withLists('items + gifts');
    assert.deepEqual(ids(mapping, aRecord({ gifts: [line('g')] })), ['a', 'g']);
    for (const gifts of [null, [], undefined, '']) assert.deepEqual(ids(mapping, aRecord({ gifts })), ['a']);
    assert.equal(problemOf(map(mapping, aRecord({ gifts: 'none' }))).code, 'map.lines-not-list');
    assert.equal(problemOf(map(mapping, { id: '1' })).code, 'map.lines-missing');
    assert.deepEqual(faultsOf(withLists('items + ')), [['lines.source', 'mapping.path']]);
  });

  it('of one id are refused, or numbered without taking the id of another', () => {
    const record = aRecord({ items: [line('a'), line('a'), line('a-2'), line('a'), line('b')] });
    assert.equal(
      map(withLists('items'), record).ok,
      false,
      'an order with two lines of one id is refused unless they are to be numbered',
    );
    assert.deepEqual(ids(withLists('items', 'number'), record), ['a', 'a-3', 'a-2', 'a-4', 'b']);
  });
});

describe('sums of fields', () => {
  const total = (sum: string, record: Record<string, unknown>, sign?: 'leave-out') =>
    orderOf(
      map(
        aMapping([
          byCase('money.total', { kind: 'money', unit: 'major', ...(sign && { sign }) }, { when: [], sum }),
        ]),
        aRecord(record),
      ),
    ).money?.total;

  it('add and take away exactly, and count what is not there as nothing', () => {
    assert.equal(total('a + b', { a: '0.10', b: '0.20' }), 30);
    assert.equal(total('a - b', { a: 0.3, b: 0.1 }), 20);
    assert.equal(total('a - b + c', { a: '10', b: '2.50', c: 0.05 }), 755);
    assert.equal(total('a - b', { a: '10', b: '-2.50' }), 1250);
    assert.equal(total('a - b', { a: '10', b: '' }), 1000);
    assert.equal(total('a + list[*].x', { a: '1', list: [{ x: '2' }, {}, { x: '3' }] }), 600);
    assert.equal(total('a - b', {}), undefined);
    // A name may have a dash in it.
    assert.equal(total('pay-amount - b', { 'pay-amount': '3', b: '1' }), 200);
  });

  it('below zero are left out where that is asked for, else refused', () => {
    assert.equal(total('a - b', { a: '1', b: '2' }, 'leave-out'), undefined);
    assert.equal(total('a - b', { a: '2', b: '1' }, 'leave-out'), 100);
    const rules = [byCase('money.total', { kind: 'money', unit: 'major' }, { when: [], sum: 'a - b' })];
    assert.equal(problemOf(map(aMapping(rules), aRecord({ a: '1', b: '2' }))).code, 'order.minimum');
  });

  it('name the term that is no amount', () => {
    const rules = [byCase('money.total', { kind: 'money', unit: 'major' }, { when: [], sum: 'a - b' })];
    const problem = problemOf(map(aMapping(rules), aRecord({ a: '1', b: 'two' })));
    assert.equal(problem.code, 'order.money-not-decimal');
    assert.match(problem.sentence, /two/);
  });

  it('are made of paths', () => {
    for (const sum of ['a + ', ' - b', 'a..b + c'])
      assert.deepEqual(
        faultsOf(aMapping([byCase('money.total', { kind: 'money', unit: 'major' }, { when: [], sum })])),
        [[`rules[7].source.value`, 'mapping.path']],
        sum,
      );
  });
});

describe('what a rule may look at', () => {
  const found = (when: Condition[], record: Record<string, unknown>) =>
    orderOf(map(aMapping([byCase('sellerNote', { kind: 'text' }, { when, value: 'yes' })]), aRecord(record)))
      .sellerNote === 'yes';

  it('are members of a list that are not so, and names within them', () => {
    const others: Condition[] = [{ path: 'parcels[state!=sent]', is: 'absent' }];
    assert.equal(found(others, { parcels: [{ state: 'sent' }, { state: 'sent' }] }), true);
    assert.equal(found(others, { parcels: [{ state: 'sent' }, { state: 'lost' }] }), false);
    assert.equal(
      found(others, { parcels: [{ state: 'sent' }, {}] }),
      false,
      'one that does not say is not so',
    );
    const deep: Condition[] = [{ path: 'parcels[to.zip=1].id', is: 'present' }];
    assert.equal(found(deep, { parcels: [{ id: 'p', to: { zip: 1 } }] }), true);
    assert.equal(found(deep, { parcels: [{ id: 'p', to: { zip: 2 } }, { id: 'q' }] }), false);
  });

  it('is the account as well', () => {
    const cases: MatchCase[] = [
      { when: [{ path: '$account.shop', is: 'equals', value: 'main' }], template: '{$account.zone} {id}' },
    ];
    const order = orderOf(
      map(aMapping([byCase('sellerNote', { kind: 'text' }, ...cases)]), aRecord(), context),
    );
    assert.equal(order.sellerNote, 'Asia/Shanghai 1');
  });
});

describe('text after the last of something', () => {
  it('is what follows it, and all of a text without it', () => {
    const id = (value: unknown, after = '/') =>
      orderOf(
        map(aMapping([rule('channelOrderId', 'id', { kind: 'text', after }, true)]), aRecord({ id: value })),
      ).channelOrderId;
    assert.equal(id('gid://shopify/Order/5500000000001'), '5500000000001');
    assert.equal(id('5500000000001'), '5500000000001');
    assert.equal(id(9007199254740991), '9007199254740991');
    assert.equal(id('a::b::c', '::'), 'c');
  });
});
