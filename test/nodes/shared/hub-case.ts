import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import type { Hub } from '../../../core/hub.ts';
import hubStore from '../../../nodes/hub-store/hub-store.ts';
import type { HubStoreApi } from '../../../nodes/shared/hub-lease.ts';
import { apiOf } from '../../../nodes/shared/node-api.ts';
import { helper } from './helper.ts';

const storeId = '0c5e0000000000aa';
const nodeId = '0c5e0000000000bb';

type Message = Record<string, unknown>;

export interface HubCase {
  /** Id of the node under test. */
  readonly node: string;
  /** Sends a message to the node under test and answers the port it left by and the message there. */
  send(message: Message): Promise<{ port: number; message: Message }>;
  /** The hub the node works on. */
  hub(): Promise<Hub>;
  stop(): Promise<void>;
}

/** A config node that the node under test names. */
export interface OtherNode {
  node: (RED: NodeAPI) => void;
  config: { id: string; type: string } & Record<string, unknown>;
}

/** Runs one node of ours on a store of its own, with a listener behind each port. */
export async function startHubCase(
  node: (RED: NodeAPI) => void,
  config: { type: string; ports: number } & Record<string, unknown>,
  others: readonly OtherNode[] = [],
  credentials: Readonly<Record<string, Record<string, string>>> = {},
): Promise<HubCase> {
  const folder = mkdtempSync(join(tmpdir(), 'order-hub-node-'));
  const { ports, ...fields } = config;
  const outs = Array.from({ length: ports }, (_, port) => `0c5e00000000000${port}`);
  await helper.load(
    [hubStore, node, ...others.map((other) => other.node)],
    [
      { id: '0c5e0000000000cc', type: 'tab', label: 'case' },
      { id: storeId, type: 'hub-store', path: join(folder, 'hub.sqlite'), version: 1 },
      {
        id: nodeId,
        z: '0c5e0000000000cc',
        x: 100,
        y: 100,
        store: storeId,
        version: 1,
        ...fields,
        wires: outs.map((id) => [id]),
      },
      ...others.map((other) => other.config),
      ...outs.map((id) => ({ id, z: '0c5e0000000000cc', type: 'helper', x: 300, y: 100, wires: [] })),
    ],
    credentials,
  );
  const waiting: ((left: { port: number; message: Message }) => void)[] = [];
  outs.forEach((id, port) => {
    helper.getNode(id).on('input', (message) => waiting.shift()?.({ port, message }));
  });
  return {
    node: nodeId,
    send: (message) =>
      new Promise((resolve) => {
        waiting.push(resolve);
        helper.getNode(nodeId).receive(message);
      }),
    hub: () => acquireHub(helper.getNode(storeId)),
    async stop() {
      await helper.unload();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The hub of a store node, held until the node is closed. */
function acquireHub(store: unknown): Promise<Hub> {
  const RED = { nodes: { getNode: () => store } } as unknown as NodeAPI;
  const lease = apiOf<HubStoreApi>(RED, storeId, 'hub-store').acquire({ opened() {}, failing() {} });
  return lease.ready().finally(() => lease.release());
}
