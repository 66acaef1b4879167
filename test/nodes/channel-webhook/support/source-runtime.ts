import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { NodeAPI, NodeMessage } from 'node-red';
import type { Hub } from '../../../../core/hub.ts';
import type { HubStoreApi } from '../../../../nodes/shared/hub-lease.ts';
import { apiOf } from '../../../../nodes/shared/node-api.ts';
import { type EmbeddedRuntime, type FlowNode, startRuntime } from '../../../support/embedded-runtime.ts';
import {
  makeTemporaryDir,
  type RuntimeOptions,
  removeTemporaryDir,
} from '../../../support/runtime-options.ts';

const nodesFolder = fileURLToPath(new URL('../../../../nodes', import.meta.url));

/** A Node-RED in this process that runs our nodes from their sources, so that no build is needed. */
export interface SourceRuntime extends EmbeddedRuntime {
  /** The open hub of a hub-store node. */
  hub(store: string): Promise<Hub>;
  /** Gives a node a message, as a wire would. */
  receive(node: string, message: object): void;
  /** Stops it and removes its folder. */
  stop(): Promise<void>;
}

/** Starts Node-RED with some of our nodes and the test's recorder node. */
export async function startSources(
  types: readonly string[],
  flows: readonly FlowNode[],
  options: RuntimeOptions = {},
): Promise<SourceRuntime> {
  const folder = await makeTemporaryDir();
  const nodes = join(folder, 'sources');
  await mkdir(nodes);
  await writeFile(join(nodes, 'package.json'), '{ "type": "module" }');
  for (const type of types) await wrap(nodes, type, join(nodesFolder, type, `${type}.ts`));
  await wrap(nodes, 'test-recorder', fileURLToPath(new URL('./recorder.ts', import.meta.url)));
  const runtime = await startRuntime({
    userDir: join(folder, 'user'),
    ...options,
    flows,
    nodesDirs: [nodes],
  });
  // The published types of the embedded Node-RED do not know that its nodes can be asked for.
  const RED = runtime.RED as unknown as NodeAPI;
  return {
    ...runtime,
    receive(node, message) {
      RED.nodes.getNode(node).receive(message as NodeMessage);
    },
    hub(store) {
      const api = apiOf<HubStoreApi>(RED, store, 'hub-store');
      const lease = api.acquire({ opened: () => undefined, failing: () => undefined });
      return lease.ready().finally(() => lease.release());
    },
    async stop() {
      await runtime.stop();
      await removeTemporaryDir(folder);
    },
  };
}

/** A node file as Node-RED looks for it, with the empty dialog it wants beside it. */
async function wrap(folder: string, type: string, source: string): Promise<void> {
  await writeFile(join(folder, `${type}.js`), `export { default } from '${pathToFileURL(source)}';\n`);
  await writeFile(join(folder, `${type}.html`), '');
}
