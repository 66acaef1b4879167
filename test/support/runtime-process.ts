import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ChildMessage, ParentMessage } from './runtime-child.ts';
import {
  type DeployType,
  type FlowNode,
  type LogLine,
  makeTemporaryDir,
  type RuntimeOptions,
  removeTemporaryDir,
} from './runtime-options.ts';

export interface RuntimeProcessOptions extends RuntimeOptions {
  /** Added to this process's environment; `undefined` takes a variable away. */
  env?: Record<string, string | undefined>;
  /** Told the process's id as soon as it is there, for tests that do not let it come up. */
  onSpawn?(pid: number): void;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A real Node-RED in a process of its own, for tests that crash it or run beside other runtimes. */
export interface RuntimeProcess {
  url: string;
  port: number;
  adminUrl: string;
  userDir: string;
  pid: number;
  /** Everything Node-RED logged at debug level or above and that arrived before the process ended. */
  logs: readonly LogLine[];
  /** What the process wrote to its standard output and error. */
  output(): string;
  /** How the process ended, also when it was not asked to. */
  exited: Promise<Exit>;
  setFlows(flows: readonly FlowNode[], type?: DeployType): Promise<void>;
  /** Sends a signal (default SIGKILL) and resolves when the process is gone. The user directory stays. */
  kill(signal?: NodeJS.Signals): Promise<Exit>;
  /** Stops in order, or only cleans up when the process is gone: removes a user directory made here. */
  stop(): Promise<void>;
}

/** A child that has not stopped in order after this time is killed and the test told so. */
const stopLimitMs = 20_000;

/**
 * Starts Node-RED in a child process and resolves when its flows run. To start again where another one
 * stopped or was killed, give that one's `userDir` (and `port`).
 *
 * @throws Error with the child's own words when it does not come up
 */
export async function startRuntimeProcess(options: RuntimeProcessOptions = {}): Promise<RuntimeProcess> {
  const { env, onSpawn, ...runtimeOptions } = options;
  const userDir = options.userDir ?? (await makeTemporaryDir());
  const child = fork(fileURLToPath(new URL('./runtime-child.ts', import.meta.url)), [], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.once('spawn', () => onSpawn?.(child.pid as number));
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const output = (): string => Buffer.concat(chunks).toString();

  const exited = new Promise<Exit>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const cleanUp = async (): Promise<void> => {
    if (!options.userDir) await removeTemporaryDir(userDir);
  };
  const logs: LogLine[] = [];
  child.on('message', (message: ChildMessage) => {
    if (message.type === 'log') logs.push(message.line);
  });

  const ready = expectReply(child, exited, 'ready', output);
  tell(child, { type: 'start', options: { ...runtimeOptions, userDir } });
  let place: Extract<ChildMessage, { type: 'ready' }>;
  try {
    place = await ready;
  } catch (error) {
    await exited;
    await cleanUp();
    throw error;
  }

  let gone = false;
  void exited.then(() => {
    gone = true;
  });

  return {
    url: place.url,
    port: place.port,
    adminUrl: place.adminUrl,
    userDir,
    pid: child.pid as number,
    logs,
    output,
    exited,
    async setFlows(flows, type = 'full') {
      const deployed = expectReply(child, exited, 'deployed', output);
      tell(child, { type: 'deploy', flows, deployType: type });
      await deployed;
    },
    kill(signal = 'SIGKILL') {
      child.kill(signal);
      return exited;
    },
    async stop() {
      if (!gone) {
        tell(child, { type: 'stop' });
        const timer = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
        const { code, signal } = await exited;
        clearTimeout(timer);
        if (code !== 0) {
          await cleanUp();
          throw new Error(`Node-RED did not stop in order (${signal ?? code}).\n${output()}`);
        }
      }
      await cleanUp();
    },
  };
}

/** The next message of a kind from the child, or an error when it reports a failure or ends first. */
function expectReply<T extends ChildMessage['type']>(
  child: ChildProcess,
  exited: Promise<Exit>,
  type: T,
  output: () => string,
): Promise<Extract<ChildMessage, { type: T }>> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: ChildMessage): void => {
      if (message.type !== type && message.type !== 'failed') return;
      child.off('message', onMessage);
      if (message.type === 'failed') reject(new Error(message.message));
      else resolve(message as Extract<ChildMessage, { type: T }>);
    };
    child.on('message', onMessage);
    void exited.then(({ code, signal }) =>
      reject(new Error(`Node-RED ended (${signal ?? code}) before it was ${type}.\n${output()}`)),
    );
  });
}

function tell(child: ChildProcess, message: ParentMessage): void {
  child.send(message);
}
