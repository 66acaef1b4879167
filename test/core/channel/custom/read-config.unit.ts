import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readCustomChannel } from '../../../../core/channel/custom/read-config.ts';
import { HubError } from '../../../../core/errors.ts';
import { allMessages } from '../../../../core/message.ts';

const list = { request: { path: '/orders' }, id: 'id', paging: { kind: 'none' } };
const good = { authentication: { kind: 'none' }, orders: list };

const withOrders = (changes: object) => ({ ...good, orders: { ...list, ...changes } });
const hmac = { kind: 'hmac', parts: ['body'], signature: { in: 'header', name: 'x-sign' } };
const stock = { request: { method: 'PUT', path: '/stock/{listing}', body: { n: '{quantity}' } } };

describe('the configuration of a custom channel', () => {
  it('fills in what is usual', () => {
    const { title, orders, outcome } = readCustomChannel(JSON.stringify(good));
    assert.equal(title, 'Custom channel');
    assert.deepEqual(orders!.window, { mostDays: 1, lagSeconds: 60, overlapSeconds: 300, reachDays: 365 });
    assert.deepEqual([orders!.request.method, orders!.pageSize, orders!.timeFormat], ['GET', 100, 'iso']);
    assert.equal(outcome.success, undefined);
  });

  for (const page of ['custom.md', 'custom.zh-CN.md'])
    it(`is as docs/channels/${page} shows it`, () => {
      const text = readFileSync(new URL(`../../../../docs/channels/${page}`, import.meta.url), 'utf8');
      const [, json] = /```json\n([\s\S]*?)```/.exec(text) ?? assert.fail('The page shows no configuration');
      const { orders, order, stock, shipments } = readCustomChannel(json!);
      assert.ok(orders && order && stock && shipments);
    });

  it('takes codes written as numbers for the texts they are compared with', () => {
    const { outcome } = readCustomChannel(
      JSON.stringify({ ...good, outcome: { success: { path: 'code', equals: 0 }, throttled: [429] } }),
    );
    assert.deepEqual(outcome.success!.equals, ['0']);
    assert.deepEqual(outcome.throttled, ['429']);
  });

  it('leaves the text of a GraphQL query alone', () => {
    const graphql = { query: '{ orders {id} }', variables: { after: '{cursor}' } };
    const paging = { kind: 'cursor', next: 'data.next' };
    const read = readCustomChannel(
      JSON.stringify(withOrders({ request: { path: '/graphql', graphql }, paging })),
    );
    assert.equal(read.orders!.request.graphql!.query, graphql.query);
  });

  for (const [what, config, code, at] of [
    ['no JSON', '{', 'custom.not-json', undefined],
    ['a list', [], 'custom.not-group', ''],
    ['nothing to do', { authentication: { kind: 'none' } }, 'custom.nothing-to-do', undefined],
    ['no authentication', { orders: list }, 'custom.missing', 'authentication'],
    [
      'an unknown authentication',
      { ...good, authentication: { kind: 'magic' } },
      'custom.choice',
      'authentication.kind',
    ],
    [
      'a name of Object',
      { ...good, authentication: { kind: 'constructor' } },
      'custom.choice',
      'authentication.kind',
    ],
    ['a slip of the finger', { ...good, order_list: {} }, 'custom.unknown-field', 'order_list'],
    ['a slip further in', withOrders({ pagesize: 5 }), 'custom.unknown-field', 'orders.pagesize'],
    ['no id', withOrders({ id: '' }), 'custom.missing', 'orders.id'],
    ['a path that is none', withOrders({ records: 'a..b' }), 'custom.path', 'orders.records'],
    ['a number in words', withOrders({ pageSize: 'many' }), 'custom.not-number', 'orders.pageSize'],
    ['no rows a page', withOrders({ pageSize: 0 }), 'custom.not-number', 'orders.pageSize'],
    ['a number for a text', withOrders({ zone: 8 }), 'custom.not-text', 'orders.zone'],
    ['an unknown zone', withOrders({ zone: 'Beijing' }), 'custom.zone', 'orders.zone'],
    ['a form of times', withOrders({ timeFormat: 'local' }), 'custom.time-format', 'orders.timeFormat'],
    [
      'a whole address',
      withOrders({ request: { path: 'https://a.test/x' } }),
      'custom.request-path',
      'orders.request.path',
    ],
    [
      'a query in the path',
      withOrders({ request: { path: '/x?a=1' } }),
      'custom.request-path',
      'orders.request.path',
    ],
    [
      'a value there is not',
      withOrders({ request: { path: '/x/{id}' } }),
      'custom.placeholder',
      'orders.request',
    ],
    [
      'pages without number',
      withOrders({ paging: { kind: 'page' } }),
      'custom.placeholder-missing',
      'orders.request',
    ],
    [
      'a cursor unsaid',
      withOrders({ paging: { kind: 'cursor', next: 'next' } }),
      'custom.placeholder-missing',
      'orders.request',
    ],
    ['sorted by what', withOrders({ sorted: 'modified' }), 'custom.sorted', 'orders.sorted'],
    [
      'two bodies',
      withOrders({ request: { path: '/', body: {}, graphql: { query: 'q' } } }),
      'custom.one-of',
      'orders.request',
    ],
    [
      'a flag in words',
      { ...good, order: { request: { path: '/{order}' }, each: 'yes' } },
      'custom.not-flag',
      'order.each',
    ],
    [
      'a signature over nothing',
      { ...good, authentication: { ...hmac, parts: [] } },
      'custom.missing',
      'authentication.parts',
    ],
    [
      'a part there is not',
      { ...good, authentication: { ...hmac, parts: ['url'] } },
      'custom.choice',
      'authentication.parts[0]',
    ],
    [
      'parts as a text',
      { ...good, authentication: { ...hmac, parts: 'body' } },
      'custom.not-list',
      'authentication.parts',
    ],
    [
      'a time signed and not sent',
      { ...good, authentication: { ...hmac, parts: ['timestamp'] } },
      'custom.missing',
      'authentication.timestamp',
    ],
    [
      'a place for tokens',
      { ...good, authentication: { kind: 'oauth2', tokenUrl: 'token' } },
      'custom.token-url',
      'authentication.tokenUrl',
    ],
    [
      'a batch without items',
      { ...good, stock: { ...stock, most: 5 } },
      'custom.placeholder-missing',
      'stock.request',
    ],
    [
      'items of nothing',
      { ...good, stock: { request: { path: '/', body: '{items}' } } },
      'custom.missing',
      'stock.item',
    ],
    [
      'parts without lines',
      { ...good, shipments: { request: { path: '/{order}' }, partial: 'lines' } },
      'custom.placeholder-missing',
      'shipments.request',
    ],
  ] as const)
    it(`says what is wrong with ${what}`, () => {
      const json = typeof config === 'string' ? config : JSON.stringify(config);
      assert.throws(
        () => readCustomChannel(json),
        (error) => {
          assert.ok(HubError.is(error), String(error));
          assert.deepEqual([error.code, error.params.at], [code, at]);
          assert.ok(allMessages()[error.code]);
          return true;
        },
      );
    });
});
