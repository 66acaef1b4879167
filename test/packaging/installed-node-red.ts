import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from './node-sources.ts';
import { npm } from './packed-tarball.ts';

/** Longest time Node-RED may take to start or to deploy, in milliseconds. */
const patienceMs = 60_000;

/** A Node-RED started by its own command line, as a user has it. */
export interface InstalledNodeRed {
  /** Root of the admin API, with a slash at the end. */
  adminUrl: string;
  /** Lines of its log so far. */
  log: readonly string[];
  /** Lines of the log that report an error. */
  errors(): string[];
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** Deploys flows and resolves when they run. @throws Error when a type is missing or the runtime refuses them */
  deploy(flows: object[]): Promise<void>;
  stop(): Promise<void>;
}

/**
 * The script of Node-RED in a given version: that of this checkout if it is the one, else installed from the
 * registry once and kept in node_modules/.cache.
 */
export async function nodeRedScript(version: string): Promise<string> {
  const ours = join(root, 'node_modules/node-red');
  if ((await versionIn(ours)) === version) return join(ours, 'red.js');
  const cache = join(root, 'node_modules/.cache/order-hub', `node-red-${version}`);
  const installed = join(cache, 'node_modules/node-red');
  if ((await versionIn(installed)) !== version) {
    await mkdir(dirname(cache), { recursive: true });
    const fresh = await mkdtemp(`${cache}-`);
    await writeFile(join(fresh, 'package.json'), '{"private":true}');
    await npm(['install', '--prefix', fresh, `node-red@${version}`], fresh);
    await rm(cache, { recursive: true, force: true });
    await rename(fresh, cache);
  }
  return join(installed, 'red.js');
}

async function versionIn(folder: string): Promise<string | undefined> {
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) return undefined;
  return (JSON.parse(await readFile(manifest, 'utf8')) as { version: string }).version;
}

/** Makes an empty user directory with the tarball installed into it, as the palette manager would. */
export async function installInto(userDir: string, tarball: string): Promise<void> {
  await mkdir(userDir, { recursive: true });
  await writeFile(
    join(userDir, 'package.json'),
    JSON.stringify({ name: 'node-red-project', version: '0.0.1', private: true }),
  );
  await writeFile(join(userDir, 'settings.cjs'), settings);
  await npm(['install', '--prefix', userDir, '--omit=dev', tarball], userDir);
}

const settings = `module.exports = {
  uiHost: '127.0.0.1',
  flowFile: 'flows.json',
  credentialSecret: 'a secret of the packaging tests',
  lang: 'en-US',
  telemetry: { enabled: false, updateNotification: false },
  externalModules: { palette: { allowInstall: false }, modules: { allowInstall: false } },
  logging: { console: { level: 'info', metrics: false, audit: false } },
};
`;

/** Starts Node-RED on a free port and resolves once its flows run and its admin API answers. */
export async function startNodeRed(script: string, userDir: string): Promise<InstalledNodeRed> {
  const child = spawn(
    process.execPath,
    [script, '--userDir', userDir, '--settings', join(userDir, 'settings.cjs'), '--port', '0'],
    { cwd: userDir, env: { ...process.env, NODE_ENV: 'production' }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const log = new Log(child);
  try {
    await log.line(/Started flows/);
    const running = await log.line(/Server now running at (http:\/\/\S+)/);
    return new RunningNodeRed(child, log, running[1]!);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

class RunningNodeRed implements InstalledNodeRed {
  readonly adminUrl: string;
  readonly #child: ChildProcess;
  readonly #log: Log;

  constructor(child: ChildProcess, log: Log, adminUrl: string) {
    this.#child = child;
    this.#log = log;
    this.adminUrl = adminUrl;
  }

  get log(): readonly string[] {
    return this.#log.lines;
  }

  errors(): string[] {
    return this.#log.lines.filter((line) => /\[(?:error|fatal)\]|Uncaught Exception/.test(line));
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(new URL(path, this.adminUrl), { headers });
  }

  async deploy(flows: object[]): Promise<void> {
    const started = this.#log.next(/Started (?:modified )?(?:flows|nodes)|Waiting for missing types/);
    const response = await fetch(new URL('flows', this.adminUrl), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'node-red-api-version': 'v2',
        'node-red-deployment-type': 'full',
      },
      body: JSON.stringify({ flows }),
    });
    if (!response.ok) {
      started.catch(() => undefined);
      throw new Error(`The deploy was answered ${response.status}: ${await response.text()}`);
    }
    const [line] = await started;
    if (/missing types/.test(line))
      throw new Error(`Node types are missing: ${this.#log.lines.slice(-5).join(' ')}`);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), patienceMs);
    this.#child.kill('SIGINT');
    await exited;
    clearTimeout(kill);
  }
}

/** The lines a process writes, with a way to wait for one. */
class Log {
  readonly lines: string[] = [];
  readonly #watchers = new Set<(line: string) => void>();
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout!, child.stderr!])
      createInterface({ input: stream }).on('line', (line) => {
        this.lines.push(line);
        for (const watch of this.#watchers) watch(line);
      });
  }

  /** The first line that fits, written already or to come. */
  line(pattern: RegExp): Promise<RegExpExecArray> {
    for (const line of this.lines) {
      const match = pattern.exec(line);
      if (match) return Promise.resolve(match);
    }
    return this.next(pattern);
  }

  /** The next line to come that fits. @throws Error when the process ends first, or none came in time */
  next(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#watchers.delete(watch);
        this.#child.off('exit', onExit);
      };
      const fail = (why: string): void => {
        end();
        reject(new Error(`${why} before it wrote ${pattern}:\n${this.lines.slice(-20).join('\n')}`));
      };
      const watch = (line: string): void => {
        const match = pattern.exec(line);
        if (!match) return;
        end();
        resolve(match);
      };
      const onExit = (): void => fail('Node-RED ended');
      const timer = setTimeout(() => fail(`${patienceMs} ms passed`), patienceMs);
      this.#watchers.add(watch);
      this.#child.once('exit', onExit);
    });
  }
}
