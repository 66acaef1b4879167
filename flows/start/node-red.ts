import { existsSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import type { NodeRedApp } from 'node-red';
import { HubError, reasonOf } from '../../core/errors.ts';
import { type Language, nearestLanguage } from '../../core/message.ts';
import { flowFile, type Secrets } from './data-folder.ts';
import type { Addresses } from './messages.ts';
import { originOf, type Place } from './place.ts';
import { startShops } from './shops/simulated-shops.ts';

export interface RunningHub {
  addresses: Addresses;
  /** Why the flows do not run although the editor does; undefined when they run. */
  trouble: HubError | undefined;
  stop(): Promise<void>;
}

interface Roots {
  httpAdminRoot: string;
  httpNodeRoot: string;
}

/** Flows that do not run after this time are told of; the editor is there to mend them. */
const flowsStartLimitMs = 60_000;

/**
 * Starts Node-RED with the flow of the data folder, and resolves when its flows run or it is known why they do
 * not. The port is taken first: a hub that runs already is found before anything of its data is touched.
 *
 * @throws HubError when the port cannot be had
 */
export async function startNodeRed(place: Place, secrets: Secrets): Promise<RunningHub> {
  const server = createServer();
  let app: RequestListener = answerStarting;
  server.on('request', (request, response) => app(request, response));
  const port = await listen(server, place);
  const origin = originOf(place.host, port);
  for (const [name, value] of Object.entries(secrets.environment)) process.env[name] ??= value;
  const shops = await startShops(place.dir, secrets);
  Object.assign(process.env, shops.environment);

  const { default: RED } = await import('node-red');
  const settings = { ...ownSettings(place, secrets, port), ...(await userSettings(place.settingsFile)) };
  RED.init(server, settings as unknown as Parameters<NodeRedApp['init']>[1]);
  const stop = async (): Promise<void> => {
    await RED.stop();
    await shops.close();
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  const roots = rootsOf(settings);
  // where the till and the mail box, which the flows play themselves, are reached
  const nodeRoot = `${origin}${roots.httpNodeRoot}`;
  process.env.ORDER_HUB_URL = nodeRoot.replace(/\/$/, '');
  process.env.ORDER_HUB_TILL_URL = `${nodeRoot}demo/till`;
  process.env.ORDER_HUB_MAILBOX_URL = `${nodeRoot}demo/mailbox`;
  let trouble: HubError | undefined;
  try {
    app = mounted(RED, roots);
    trouble = await flowsStarted(RED, () => RED.start());
  } catch (error) {
    await stop();
    throw error;
  }
  if (place.shopsLive) shops.open(nodeRoot);
  const editor = `${origin}${roots.httpAdminRoot}`;
  return {
    addresses: {
      board: `${nodeRoot}dashboard/hub`,
      editor,
      api: `${editor}order-hub/v1/health`,
      shops: shops.address,
    },
    trouble,
    stop,
  };
}

function ownSettings({ dir, host }: Place, { credentialSecret }: Secrets, port: number) {
  return {
    userDir: dir,
    flowFile,
    flowFilePretty: true,
    credentialSecret,
    uiHost: host,
    uiPort: port,
    httpAdminRoot: '/',
    httpNodeRoot: '/',
    // the till signs with node:crypto
    functionExternalModules: true,
    // what the till remembers survives a restart
    contextStorage: { default: { module: 'localfilesystem' } },
    lang: systemLanguage(process.env),
    telemetry: { enabled: false, updateNotification: false },
    // a stop is over in time also when one node hangs, milliseconds
    nodeCloseTimeout: 3_000,
    editorTheme: {
      tours: false,
      page: { title: 'Order Hub' },
      header: { title: 'Order Hub 订单中枢' },
    },
    logging: { console: { level: 'info', metrics: false, audit: false } },
  };
}

/** The language of the log and of the sentences kept with failures; a browser is answered in its own. */
function systemLanguage(env: NodeJS.ProcessEnv): Language {
  return nearestLanguage(env.LC_ALL || env.LC_MESSAGES || env.LANG);
}

/** Settings of the user's own go over ours: adminAuth, https, another context store. */
async function userSettings(file: string): Promise<Record<string, unknown>> {
  if (!existsSync(file)) return {};
  const { default: settings } = (await import(pathToFileURL(file).href)) as {
    default: Record<string, unknown>;
  };
  return settings;
}

async function listen(server: Server, { host, port }: Place): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
    server.listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): HubError {
  const codes: Record<string, string> = {
    EADDRINUSE: 'start.port-taken',
    EACCES: 'start.port-refused',
    EADDRNOTAVAIL: 'start.host-unknown',
    ENOTFOUND: 'start.host-unknown',
  };
  const code = codes[error.code ?? ''] ?? 'start.failed';
  return new HubError(code, { host, port, reason: reasonOf(error) }, { cause: error });
}

/** Webhooks that come before the flows run are sent again by the shops. */
function answerStarting(...[, response]: Parameters<RequestListener>): void {
  response.writeHead(503, { 'retry-after': '2', 'content-type': 'application/json' });
  response.end('{"error":"starting"}');
}

interface ExpressApp extends RequestListener {
  use(path: string, app: unknown): void;
}

/** The two apps in the order of Node-RED's own command line: admin first. */
function mounted(RED: NodeRedApp, { httpAdminRoot, httpNodeRoot }: Roots): RequestListener {
  const requireOfNodeRed = createRequire(createRequire(import.meta.url).resolve('node-red'));
  const express = requireOfNodeRed('express') as () => ExpressApp;
  const app = express();
  app.use(httpAdminRoot, RED.httpAdmin);
  app.use(httpNodeRoot, RED.httpNode);
  return app;
}

function rootsOf(settings: Partial<Roots>): Roots {
  const withSlashes = (path: string): string => `/${path}/`.replace(/\/{2,}/g, '/');
  return {
    httpAdminRoot: withSlashes(settings.httpAdminRoot ?? '/'),
    httpNodeRoot: withSlashes(settings.httpNodeRoot ?? '/'),
  };
}

interface RuntimeEvent {
  id: string;
  payload?: { error?: string; types?: string[]; modules?: unknown };
}

/** Does what starts the flows, and resolves when they run, or with what keeps them from it. */
async function flowsStarted(
  { events }: NodeRedApp,
  act: () => Promise<unknown>,
): Promise<HubError | undefined> {
  let forget = (): void => undefined;
  const settled = new Promise<HubError | undefined>((resolve) => {
    const trouble = (reason: string) => resolve(new HubError('start.flows-stuck', { reason }));
    const onStarted = () => resolve(undefined);
    const onRuntimeEvent = ({ id, payload }: RuntimeEvent): void => {
      if (id !== 'runtime-state' || !payload?.error) return;
      const details = payload.types ?? payload.modules;
      trouble(details ? `${payload.error} ${JSON.stringify(details)}` : payload.error);
    };
    const timer = setTimeout(() => trouble(`> ${flowsStartLimitMs / 1_000} s`), flowsStartLimitMs);
    events.once('flows:started', onStarted);
    events.on('runtime-event', onRuntimeEvent);
    forget = () => {
      clearTimeout(timer);
      events.off('flows:started', onStarted);
      events.off('runtime-event', onRuntimeEvent);
    };
  });
  try {
    await act();
    return await settled;
  } finally {
    forget();
  }
}
