import assert from 'node:assert/strict';
import { coreNodeTypes, nodeTypes, readExamples, readNode } from './node-sources.ts';

const chinese = /\p{Script=Han}/u;

describe('the examples', () => {
  const ours = new Set(nodeTypes());
  const core = coreNodeTypes();

  it('show every node', () => {
    const examples = readExamples();
    const shown = new Set([...examples.values()].flat().map(({ type }) => type));
    const missing = [...ours].filter((type) =>
      readNode(type).category === 'config'
        ? !shown.has(type)
        : !examples.get(`${type}.json`)?.some((node) => node.type === type),
    );
    assert.deepEqual(missing, [], 'each node is shown by the example of its name, a config node by any');
  });

  for (const [file, example] of readExamples())
    describe(file, () => {
      it('is a list of nodes with nothing of third parties in it', () => {
        assert.ok(Array.isArray(example));
        const foreign = example.map(({ type }) => type).filter((type) => !ours.has(type) && !core.has(type));
        assert.deepEqual(foreign, []);
      });

      it('says in a comment what to try, in both languages', () => {
        const comments = example.filter(({ type }) => type === 'comment');
        assert.ok(comments.length > 0);
        const told = comments.map(({ info }) => info ?? '').join('\n');
        assert.match(told, chinese);
        assert.match(told, /\b[a-z]+ [a-z]+ [a-z]+\b/i);
      });

      it('has ids that clash with nothing', () => {
        const ids = example.map(({ id }) => id);
        assert.equal(new Set(ids).size, ids.length);
        // Node-RED takes any property that equals a config node's id for a reference to it.
        for (const id of ids) assert.match(id, /^[0-9a-f]{8,}(\.[0-9a-f]+)?$/);
      });

      it('is whole: every tab, wire and config node it names is in it', () => {
        const ids = new Set(example.map(({ id }) => id));
        for (const node of example) {
          if (node.z !== undefined) assert.ok(ids.has(node.z), `${node.id}: z ${node.z}`);
          for (const target of (node.wires ?? []).flat())
            assert.ok(ids.has(target), `${node.id}: wire to ${target}`);
          for (const field of ['store', 'account', 'target'])
            if (typeof node[field] === 'string' && node[field] !== '' && ours.has(node.type))
              assert.ok(ids.has(node[field]), `${node.id}: ${field} ${node[field]}`);
          if (node.wires) assert.ok(node.x !== undefined && node.y !== undefined, `${node.id} has no place`);
        }
      });

      it('has the settings its nodes have now', () => {
        for (const node of example.filter(({ type }) => ours.has(type)))
          assert.equal(typeof node.version, 'number', `${node.type} ${node.id} has no version`);
      });
    });
});
