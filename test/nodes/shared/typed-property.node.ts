import assert from 'node:assert/strict';
import type { Node, NodeAPI } from 'node-red';
import { HubError } from '../../../core/errors.ts';
import type { HubMessage } from '../../../nodes/shared/define-node.ts';
import { readProperty } from '../../../nodes/shared/typed-property.ts';
import { helper } from './helper.ts';

const tab = { id: '5b0a93d1c0e7f201', type: 'tab' };
const node = { id: '5b0a93d1c0e7f202', type: 'helper', z: tab.id, x: 100, y: 100, wires: [] };

describe('reading a typed input', () => {
  let RED: NodeAPI;
  before(() => helper.startServer());
  after(() => helper.stopServer());
  beforeEach(() =>
    helper.load(
      [
        (api) => {
          RED = api;
        },
      ],
      [tab, node],
    ),
  );
  afterEach(() => helper.unload());

  const read = (value: string, type: string, message: object = {}) =>
    readProperty(
      RED,
      helper.getNode(node.id) as unknown as Node,
      { value, type },
      { _msgid: 'm', ...message } as HubMessage,
      'lines',
    );

  it('reads a path of the message', async () => {
    assert.deepEqual(await read('payload.lines[0].sku', 'msg', { payload: { lines: [{ sku: 'A' }] } }), 'A');
  });
  it('reads nothing where the message has nothing', async () => {
    assert.equal(await read('payload.nowhere', 'msg', { payload: {} }), undefined);
  });
  it('reads JSONata, JSON, numbers and text', async () => {
    assert.equal(await read('$sum(payload.n)', 'jsonata', { payload: [{ n: 1 }, { n: 2 }] }), 3);
    assert.deepEqual(await read('[{"sku":"A"}]', 'json'), [{ sku: 'A' }]);
    assert.equal(await read('12', 'num'), 12);
    assert.equal(await read('12', 'str'), '12');
  });

  for (const [value, type] of [
    ['$sum(', 'jsonata'],
    ['{"sku":', 'json'],
    ['payload[', 'msg'],
  ] as const)
    it(`refuses ${type} ${value} by the name of the field`, async () => {
      await assert.rejects(read(value, type), (error) => {
        assert.ok(HubError.is(error));
        assert.equal(error.code, 'node.bad-property');
        assert.ok(error.message.includes('"lines"'), error.message);
        return true;
      });
    });
});
