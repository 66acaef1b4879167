import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Node, NodeRedApp } from 'node-red';
import {
  type AdminUser,
  bearerToken,
  type DeployType,
  type FlowNode,
  type LogLine,
  makeTemporaryDir,
  prepareUserDir,
  type RuntimeOptions,
  removeTemporaryDir,
} from './runtime-options.ts';

export type { AdminUser, DeployType, FlowNode, LogLine, RuntimeOptions } from './runtime-options.ts';
export { bearerToken } from './runtime-options.ts';
export { startRuntimeProcess } from './runtime-process.ts';

/** A real Node-RED inside the test process. */
export interface EmbeddedRuntime {
  RED: NodeRedApp;
  /** Where http nodes and the pack's own routes answer, without a slash at the end. */
  url: string;
  port: number;
  /** Root of the admin API, without a slash at the end. */
  adminUrl: string;
  userDir: string;
  /** Everything Node-RED logged at debug level or above, oldest first. */
  logs: readonly LogLine[];
  /** A running node by its id, with what it is known to have besides. @throws Error when there is none */
  node<N extends Node = Node>(id: string): N;
  /** Deploys, and resolves when the flows run; rejects when node types are missing. */
  setFlows(flows: readonly FlowNode[], type?: DeployType): Promise<void>;
  stop(): Promise<void>;
}

/** The published types of Node-RED know neither `deploymentType` nor flows without credentials. */
type SetFlowsRequest = Parameters<NodeRedApp['runtime']['flows']['setFlows']>[0];

/** The flows of a runtime that did not come up within this time are taken for stuck. */
const flowsStartLimitMs = 30_000;

let occupied = false;

/**
 * Starts Node-RED in this process. Its modules are singletons, so only one may run at a time; after `stop()`
 * another can be started in the same process.
 *
 * @param onLog told of each line as it is logged, besides `logs`
 * @throws Error when one is running, when a node type of the flows is missing, or when the pack is not built
 */
export async function startRuntime(
  options: RuntimeOptions = {},
  onLog?: (line: LogLine) => void,
): Promise<EmbeddedRuntime> {
  if (occupied) throw new Error('A Node-RED runs in this process already: stop it first.');
  occupied = true;
  const userDir = options.userDir ?? (await makeTemporaryDir());
  const removeOwnUserDir = async (): Promise<void> => {
    if (!options.userDir) await removeTemporaryDir(userDir);
  };
  let flows: readonly FlowNode[] | undefined;
  try {
    flows = await prepareUserDir(userDir, options);
  } catch (error) {
    await removeOwnUserDir();
    occupied = false;
    throw error;
  }
  const { default: RED } = await import('node-red');
  const server = createServer();
  const logs: LogLine[] = [];
  const settings = runtimeSettings(options, userDir, (line) => {
    logs.push(line);
    onLog?.(line);
  });

  const stop = async (): Promise<void> => {
    await RED.stop();
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await removeOwnUserDir();
    occupied = false;
  };
  let stopped: Promise<void> | undefined;
  const deploy = async (nodes: readonly FlowNode[], type: DeployType): Promise<void> => {
    // the runtime adds to what it is given, and a test's data is often shared between cases
    const request = { flows: { flows: structuredClone(nodes) }, deploymentType: type };
    const setFlows = () => RED.runtime.flows.setFlows(request as unknown as SetFlowsRequest);
    await whenFlowsStarted(RED, setFlows);
  };

  RED.init(server, settings as unknown as Parameters<NodeRedApp['init']>[1]);
  mountApps(server, RED, settings);
  try {
    await whenFlowsStarted(RED, async () => {
      await RED.start();
      server.listen(options.port ?? 0, '127.0.0.1');
      await once(server, 'listening');
    });
    if (flows) await deploy(flows, 'full');
  } catch (error) {
    await stop();
    throw error;
  }

  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  return {
    RED,
    url: origin + withoutEndSlash(settings.httpNodeRoot),
    port,
    adminUrl: origin + withoutEndSlash(settings.httpAdminRoot),
    userDir,
    logs,
    node<N extends Node>(id: string): N {
      const found = (RED.nodes as unknown as { getNode(id: string): N | null }).getNode(id);
      if (!found) throw new Error(`No node ${id} is running.`);
      return found;
    },
    setFlows: (nodes, type = 'full') => deploy(nodes, type),
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

interface TestSettings extends Record<string, unknown> {
  httpNodeRoot: string;
  httpAdminRoot: string;
}

function runtimeSettings(
  options: RuntimeOptions,
  userDir: string,
  onLog: (line: LogLine) => void,
): TestSettings {
  return {
    userDir,
    flowFile: 'flows.json',
    nodesDir: options.nodesDirs ? [...options.nodesDirs] : [],
    uiHost: '127.0.0.1',
    httpAdminRoot: '/',
    httpNodeRoot: '/',
    disableEditor: !options.editor,
    credentialSecret: 'a secret of the tests',
    telemetry: { enabled: false, updateNotification: false },
    externalModules: {
      autoInstall: false,
      palette: {
        allowInstall: false,
        allowUpload: false,
        allowList: ['*'],
        denyList: options.withDashboard ? [] : ['@flowfuse/node-red-dashboard'],
      },
      modules: { allowInstall: false },
    },
    editorTheme: { tours: false, projects: { enabled: false } },
    logging: { captured: { level: 'debug', metrics: false, audit: false, handler: () => reportTo(onLog) } },
    ...(options.adminAuth ? { adminAuth: adminAuthOf(options.adminAuth) } : {}),
    ...options.settings,
  };
}

interface LogEntry {
  level: number;
  msg: unknown;
  id?: string;
  type?: string;
}

function reportTo(onLog: (line: LogLine) => void): (entry: LogEntry) => void {
  return ({ level, msg, id, type }) => {
    const message = msg instanceof Error ? (msg.stack ?? msg.message) : String(msg);
    onLog({ level, message, ...(id ? { nodeId: id } : {}), ...(type ? { nodeType: type } : {}) });
  };
}

/**
 * Passwords are compared in clear text, because a bcrypt hash costs a quarter of a second a login. Each user
 * also has a ready bearer token, because a session made by logging in holds a timer for a week.
 */
function adminAuthOf(users: readonly AdminUser[]): Record<string, unknown> {
  const find = (username: string) => users.find((user) => user.username === username);
  const shown = (user: AdminUser | undefined) =>
    user ? { username: user.username, permissions: user.permissions } : null;
  return {
    type: 'credentials',
    users: async (username: string) => shown(find(username)),
    authenticate: async (username: string, password: string) => {
      const user = find(username);
      return user?.password === password ? shown(user) : null;
    },
    tokens: users.map((user) => ({
      token: bearerToken(user.username),
      user: user.username,
      scope: user.permissions,
    })),
  };
}

interface ExpressApp {
  (...args: Parameters<RequestListener>): void;
  use(path: string, app: unknown): void;
}

/** Mounts the two apps in the order of Node-RED's own command line: admin first. */
function mountApps(server: Server, RED: NodeRedApp, settings: TestSettings): void {
  const requireOfNodeRed = createRequire(createRequire(import.meta.url).resolve('node-red'));
  const express = requireOfNodeRed('express') as () => ExpressApp;
  const app = express();
  app.use(settings.httpAdminRoot, RED.httpAdmin);
  app.use(settings.httpNodeRoot, RED.httpNode);
  server.on('request', app);
}

/**
 * Does something that starts flows and resolves at the `flows:started` after it; rejects when the act fails
 * or Node-RED says that it cannot start the flows.
 */
async function whenFlowsStarted(RED: NodeRedApp, act: () => Promise<unknown>): Promise<void> {
  const { events } = RED;
  let stopListening = (): void => undefined;
  const started = new Promise<void>((resolve, reject) => {
    const onRuntimeEvent = ({ id, payload }: RuntimeEvent): void => {
      if (id !== 'runtime-state' || !payload?.error) return;
      const details = JSON.stringify(payload.types ?? payload.modules ?? []);
      reject(new Error(`The flows did not start: ${payload.error} ${details}`));
    };
    const timer = setTimeout(
      () => reject(new Error(`The flows did not start within ${flowsStartLimitMs} ms.`)),
      flowsStartLimitMs,
    );
    events.on('flows:started', resolve);
    events.on('runtime-event', onRuntimeEvent);
    stopListening = () => {
      clearTimeout(timer);
      events.off('flows:started', resolve);
      events.off('runtime-event', onRuntimeEvent);
    };
  });
  try {
    await Promise.all([started, act()]);
  } finally {
    stopListening();
  }
}

interface RuntimeEvent {
  id: string;
  payload?: { error?: string; types?: string[]; modules?: unknown };
}

function withoutEndSlash(path: string): string {
  return path.replace(/\/$/, '');
}
