import assert from 'node:assert/strict';
import { nodeTypes, readManifest } from './node-sources.ts';

describe('package.json', () => {
  const manifest = readManifest();

  it('lists the nodes there are and no others', () => {
    assert.deepEqual(Object.keys(manifest['node-red'].nodes).sort(), nodeTypes());
  });

  it('can be found in the flow library', () => {
    assert.ok(manifest.name.startsWith('@'), 'packs are published under a scope');
    assert.ok(manifest.keywords.includes('node-red'));
    assert.equal(manifest.license, 'Apache-2.0');
  });

  it('says which Node-RED and which Node.js it needs', () => {
    assert.equal(manifest['node-red'].version, '>=4.1');
    assert.equal(manifest.engines.node, '>=22.12');
  });

  it('stays within the six runtime dependencies that the flow library counts as few', () => {
    assert.ok(Object.keys(manifest.dependencies).length <= 6);
  });

  it('names exact versions, so that everybody installs what was tested', () => {
    for (const [name, version] of Object.entries(manifest.dependencies))
      assert.match(version, /^\d+\.\d+\.\d+$/, name);
  });
});
