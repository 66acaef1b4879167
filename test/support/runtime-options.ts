import { cp, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A node of a flow as it stands in flows.json; `credentials` may be given in clear text. */
export interface FlowNode {
  id: string;
  type: string;
  [property: string]: unknown;
}

/** Somebody who may log in to the admin API, with scopes such as `*`, `read` or `order-hub.stock.adjust`. */
export interface AdminUser {
  username: string;
  password: string;
  permissions: string | string[];
}

/** The token with which a user of `adminAuth` calls the admin API: `authorization: Bearer <token>`. */
export function bearerToken(username: string): string {
  return `token-of-${username}`;
}

export type DeployType = 'full' | 'nodes' | 'flows';

/** What a Node-RED for a test is started with. Everything is plain data, so a child process can be given it. */
export interface RuntimeOptions {
  /** Deployed before the start is reported. Without it, what the user directory holds is started. */
  flows?: readonly FlowNode[];
  /** A JSON file with flows, instead of `flows`. */
  flowsFile?: string;
  /** Folders with node files (`x.js` or `x.cjs` with an `x.html` beside it). */
  nodesDirs?: readonly string[];
  /** The user directory. One that is given is kept at stop; otherwise a temporary one is made and removed. */
  userDir?: string;
  /** Default 0: any free port. Always on 127.0.0.1. */
  port?: number;
  /** Merged over the settings a test gets by default. */
  settings?: Record<string, unknown>;
  /** Users of the admin API; without any, everybody may do everything. */
  adminAuth?: readonly AdminUser[];
  /** Makes the pack as built in this checkout available, as an installation by npm would. */
  withPack?: boolean;
  /** Loads @flowfuse/node-red-dashboard too, which costs about half a second. */
  withDashboard?: boolean;
  /** Serves the editor. Default false: it costs start time and most tests need only the admin API. */
  editor?: boolean;
}

/** One line of Node-RED's log. Levels: 10 fatal, 20 error, 30 warn, 40 info, 50 debug. */
export interface LogLine {
  level: number;
  message: string;
  nodeId?: string;
  nodeType?: string;
}

export const packName = '@order-hub/node-red-order-hub';
export const checkout = fileURLToPath(new URL('../..', import.meta.url));

/** Makes a new, empty directory for one test. The caller removes it. */
export function makeTemporaryDir(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'order-hub-test-'));
}

/** Fills a user directory with what the options ask for and returns the flows to deploy, if any are given. */
export async function prepareUserDir(
  userDir: string,
  options: RuntimeOptions,
): Promise<readonly FlowNode[] | undefined> {
  await mkdir(userDir, { recursive: true });
  const packageFile = join(userDir, 'package.json');
  if (!(await exists(packageFile))) {
    const dependencies = options.withPack ? { [packName]: '*' } : {};
    await writeFile(
      packageFile,
      JSON.stringify({ name: 'node-red-project', version: '0.0.1', private: true, dependencies }),
    );
  }
  if (options.withPack) await linkPack(userDir);
  const flows = options.flowsFile
    ? (JSON.parse(await readFile(options.flowsFile, 'utf8')) as FlowNode[])
    : options.flows;
  // Flows left by an earlier start must not run for a moment before the given ones replace them.
  if (flows) await writeFile(join(userDir, 'flows.json'), '[]');
  return flows;
}

/** Removes a directory made by {@link makeTemporaryDir}, also while files in it are just being closed. */
export async function removeTemporaryDir(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}

/** Copies a user directory, so that a test can look at a store as a crash left it. */
export async function copyUserDir(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, verbatimSymlinks: true });
}

async function linkPack(userDir: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8')) as {
    'node-red'?: { nodes?: Record<string, string>; plugins?: Record<string, string> };
  };
  const files = Object.values({ ...manifest['node-red']?.nodes, ...manifest['node-red']?.plugins });
  if (files.length === 0) throw new Error('package.json lists no nodes, so there is no pack to load.');
  for (const file of files) {
    if (!(await exists(resolve(checkout, file)))) throw new Error(`${file} is missing: run "npm run build".`);
  }
  const link = join(userDir, 'node_modules', packName);
  if (await exists(link)) return;
  await mkdir(resolve(link, '..'), { recursive: true });
  await symlink(checkout, link, 'dir');
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
