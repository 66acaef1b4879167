import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import { HubError, reasonOf } from '../../core/errors.ts';
import { nearestLanguage, speak } from '../../core/message.ts';
import { type ConfigMigration, migrateConfig, type SavedConfig } from './config-migration.ts';
import { acquireHub, type HubLease } from './hub-lease.ts';
import { offerApi } from './node-api.ts';
import { NodeStatus } from './node-status.ts';
import { addPromptType } from './prompt-nodes.ts';
import './messages.ts';

/** The message as our nodes see it: payload is the thing itself, `order` travels along. */
export type HubMessage = NodeMessage & Record<string, unknown>;

export type Send = (message: HubMessage | (HubMessage | HubMessage[] | null)[]) => void;

/** What a node's setup gets to work with. */
export interface NodeContext<Config> {
  readonly RED: NodeAPI;
  readonly node: Node;
  /** The saved settings, migrated and checked. */
  readonly config: Config;
  /** Secrets; never in the flow file, never in a log. */
  readonly credentials: Readonly<Record<string, string | undefined>>;
  readonly status: NodeStatus;
  /** The store this node uses. Only for nodes defined with `usesHub`. */
  readonly hub: HubLease;
  /** False from the moment the node begins to close; late callbacks look at it. */
  readonly open: boolean;
  /** Sends outside of an input handler (sources); does nothing after close. */
  send: Send;
}

/** What a node does; each part is optional. */
export interface NodeParts {
  /**
   * Handles one message. Returning is `done`; a throw is `done(error)`: reported once, handed to catch nodes,
   * and a delivery that caused it is tried again.
   */
  input?(message: HubMessage, send: Send): Promise<void> | void;
  /** Whether the status says already why a message failed, better than that it did. */
  faultShown?(): boolean;
  /** Lets go of what the node holds. Runs at most once and is given up after two seconds. */
  close?(removed: boolean): Promise<void> | void;
  /** What other nodes may ask of this one (config nodes). */
  api?: object;
}

export interface NodeDefinition<Config> {
  readonly type: string;
  /** The version of the saved settings; grows with each migration. */
  readonly version: number;
  readonly migrations?: readonly ConfigMigration[];
  readonly credentials?: Record<string, { type: 'text' | 'password' }>;
  /** True for nodes with a `store` field that names a hub-store. */
  readonly usesHub?: boolean;
  /** Checks the settings. @throws HubError that says which field is wrong and what to enter */
  check?(config: Config): void;
  /** Builds the node. A throw leaves it visible, red, with the error in the log. */
  setup(context: NodeContext<Config>): NodeParts;
  /** Once a runtime, when the pack is loaded: routes and the like. */
  load?(RED: NodeAPI): void;
}

/** Settings each of our nodes has. */
export interface BaseConfig {
  id: string;
  name?: string;
  version?: number;
  store?: string;
}

/** Node-RED waits 15 seconds for a node to close; ours never hold a deploy up for more than this. */
const closeTimeoutMs = 1_800;

/** Makes the function Node-RED calls for a node type, with everything the nodes have in common. */
export function defineNode<Config extends BaseConfig>(
  definition: NodeDefinition<Config>,
): (RED: NodeAPI) => void {
  return (RED) => {
    speak(nearestLanguage((RED.settings as { lang?: string } | undefined)?.lang));
    definition.load?.(RED);
    addPromptType(definition.type);
    function construct(this: Node, saved: NodeDef): void {
      RED.nodes.createNode(this, saved);
      build(RED, this, saved, definition);
    }
    const options = definition.credentials ? { credentials: definition.credentials } : {};
    RED.nodes.registerType(definition.type, construct as never, options as never);
  };
}

function build<Config extends BaseConfig>(
  RED: NodeAPI,
  node: Node,
  saved: NodeDef,
  definition: NodeDefinition<Config>,
): void {
  const status = new NodeStatus(node);
  const life = { open: true };
  // The last resort: neither the node nor Node-RED took it, and a rejection nobody takes ends the process.
  const tellFault = (error: unknown): void =>
    RED.log.error(`${definition.type}: ${new HubError('hub.internal', { reason: reasonOf(error) }).message}`);
  let parts: NodeParts = {};
  let broken = false;
  let hub: HubLease | undefined;
  try {
    const config = migrateConfig(
      saved as unknown as SavedConfig,
      definition.version,
      definition.migrations ?? [],
    ) as unknown as Config;
    definition.check?.(config);
    if (definition.usesHub) hub = acquireHub(RED, config.store, status);
    parts = definition.setup({
      RED,
      node,
      config,
      credentials: ((node as { credentials?: unknown }).credentials ?? {}) as Record<string, string>,
      status,
      get hub() {
        if (!hub) throw new Error(`${definition.type} is not defined with usesHub`);
        return hub;
      },
      get open() {
        return life.open;
      },
      send: (message) => {
        if (life.open) node.send(message as never);
      },
    });
    if (parts.api) offerApi(node, parts.api);
  } catch (error) {
    broken = true;
    // A store that opens later would show the node as ready.
    hub?.release();
    hub = undefined;
    status.down('hub.status.bad-config');
    node.error(HubError.is(error) ? error.message : reasonOf(error));
    const refusal = HubError.is(error) ? error : new HubError('node.bad-config', { reason: reasonOf(error) });
    parts = { input: () => Promise.reject(refusal) };
  }
  const { input } = parts;
  if (input) {
    node.on('input', (message, send, done) => {
      const guarded: Send = (out) => {
        if (life.open) send(out as never);
      };
      // The handler may throw before its first await, so the call itself belongs into the promise.
      Promise.resolve()
        .then(() => input(message as HubMessage, guarded))
        .then(
          () => done(),
          (error: unknown) => {
            // What came of a delivery comes again, for its run is interrupted by then; nothing is wrong with the node.
            if (!life.open && isStopped(error)) {
              node.log(error.message);
              done();
              return;
            }
            // What is wrong with the settings or the store is shown already, and says more.
            const shown =
              broken || parts.faultShown?.() || (HubError.is(error) && error.code.startsWith('store.'));
            try {
              if (!shown) status.down('hub.status.error');
            } finally {
              done(error instanceof Error ? error : new Error(reasonOf(error)));
            }
          },
        )
        .catch(tellFault);
    });
  }
  node.on('close', (removed: boolean, done: () => void) => {
    life.open = false;
    status.close();
    void closeWithin(closeTimeoutMs, async () => parts.close?.(removed))
      .catch((error: unknown) =>
        node.error(new HubError('node.close-failed', { reason: reasonOf(error) }).message),
      )
      .then(() => hub?.release())
      .catch(tellFault)
      .then(() => done())
      .catch(tellFault);
  });
}

/** A request to a channel that was given up because the node closes. */
function isStopped(error: unknown): error is HubError {
  return HubError.is(error) && error.code === 'channel.stopped';
}

/** Runs `act`, but answers after `ms` even if it has not ended. */
async function closeWithin(ms: number, act: () => Promise<void> | void): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    await Promise.race([act(), late]);
  } finally {
    clearTimeout(timer);
  }
}
