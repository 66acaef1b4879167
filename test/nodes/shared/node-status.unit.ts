import assert from 'node:assert/strict';
import { NodeStatus } from '../../../nodes/shared/node-status.ts';

type Shown = { fill?: string; shape?: string; text?: string };

function recorded(): { status: NodeStatus; shown: Shown[] } {
  const shown: Shown[] = [];
  const status = new NodeStatus({ status: (value) => shown.push(value as Shown) });
  return { status, shown };
}

describe("a node's status", () => {
  const vocabulary: [act: (status: NodeStatus) => void, shown: Shown][] = [
    [(s) => s.ready(), { fill: 'green', shape: 'ring', text: 'hub.status.ready' }],
    [(s) => s.ok(12), { fill: 'green', shape: 'dot', text: '12' }],
    [(s) => s.ok(), { fill: 'green', shape: 'dot', text: 'hub.status.ok' }],
    [(s) => s.working(3), { fill: 'yellow', shape: 'dot', text: '3' }],
    [(s) => s.connecting(), { fill: 'yellow', shape: 'ring', text: 'hub.status.connecting' }],
    [(s) => s.refused('a.status.b'), { fill: 'red', shape: 'dot', text: 'a.status.b' }],
    [(s) => s.down(), { fill: 'red', shape: 'ring', text: 'hub.status.down' }],
    [(s) => s.disabled(), { fill: 'grey', shape: 'ring', text: 'hub.status.disabled' }],
  ];
  for (const [act, expected] of vocabulary)
    it(`shows a ${expected.fill} ${expected.shape} with ${expected.text}`, () => {
      const { status, shown } = recorded();
      act(status);
      assert.deepEqual(shown, [expected]);
    });

  it('is sent only when it changes', () => {
    const { status, shown } = recorded();
    status.ok(1);
    status.ok(1);
    status.ok(2);
    status.refused(2);
    status.ok(2);
    assert.deepEqual(
      shown.map(({ fill, text }) => `${fill} ${text}`),
      ['green 1', 'green 2', 'red 2', 'green 2'],
    );
  });

  it('is not sent any more once the node closes', () => {
    const { status, shown } = recorded();
    status.ready();
    status.close();
    status.down();
    assert.equal(shown.length, 1);
  });
});
