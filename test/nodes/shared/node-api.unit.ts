import assert from 'node:assert/strict';
import type { Node, NodeAPI } from 'node-red';
import { HubError } from '../../../core/errors.ts';
import { apiOf, offerApi } from '../../../nodes/shared/node-api.ts';

function runtimeWith(nodes: Record<string, Node>): NodeAPI {
  return { nodes: { getNode: (id: string) => nodes[id] ?? null } } as unknown as NodeAPI;
}

describe('what a config node offers to others', () => {
  it('is found by the id of the node', () => {
    const node = { id: 'store' } as Node;
    const api = { answer: () => 42 };
    offerApi(node, api);
    assert.equal(apiOf<typeof api>(runtimeWith({ store: node }), 'store', 'hub-store').answer(), 42);
  });

  it('does not show in what is made of the node', () => {
    const node = { id: 'store' } as Node;
    offerApi(node, { secret: 1 });
    assert.equal(JSON.stringify(node), '{"id":"store"}');
  });

  const missing: [why: string, id: string | undefined][] = [
    ['none is chosen', undefined],
    ['the field is empty', ''],
    ['it was deleted', 'gone'],
    ['it is of another kind or in error itself', 'silent'],
  ];
  for (const [why, id] of missing)
    it(`is refused with the type to choose when ${why}`, () => {
      assert.throws(
        () => apiOf(runtimeWith({ silent: { id: 'silent' } as Node }), id, 'hub-store'),
        (error) =>
          HubError.is(error) && error.code === 'node.config-missing' && error.message.includes('hub-store'),
      );
    });
});
