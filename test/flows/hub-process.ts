import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { checkout } from '../support/runtime-options.ts';

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Milliseconds from the signal, or from the start, to the end. */
  ms: number;
}

/** `flows/start.ts` in a process of its own, as `npm start` runs it after the build. */
export interface HubProcess {
  /** Root of the editor and of the hub's API, with a slash at the end. */
  url: string;
  board: string;
  /** Where the simulated shops tell what their buyers see. */
  shops: string;
  /** When the process was started, as of `performance.now()`. */
  startedAt: number;
  output(): string;
  stop(signal?: NodeJS.Signals): Promise<Ended>;
}

/** A start that has said nothing after this time has failed, milliseconds. */
const startLimitMs = 60_000;

/** Runs the start script to its end, for starts that are to be refused. */
export async function refusedStart(env: Record<string, string>): Promise<Ended & { output: string }> {
  const began = performance.now();
  const { child, output } = run(env);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, ms: performance.now() - began, output: output() };
}

/** @throws Error with the output when the script ends before it has told its addresses */
export async function startHub(env: Record<string, string>): Promise<HubProcess> {
  const startedAt = performance.now();
  const { child, output } = run(env);
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const addresses = addressesOf(child, output);
  let limit: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    limit = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`The start told no address.\n${output()}`));
    }, startLimitMs);
  });
  try {
    await Promise.race([
      addresses,
      closed.then(([code]) => Promise.reject(new Error(`The start ended with ${code}.\n${output()}`))),
      late,
    ]);
  } finally {
    // It would kill a hub that has been running for a while.
    clearTimeout(limit);
  }
  return {
    ...(await addresses),
    startedAt,
    output,
    async stop(signal = 'SIGTERM') {
      const began = performance.now();
      child.kill(signal);
      const [code, by] = await closed;
      return { code, signal: by, ms: performance.now() - began };
    },
  };
}

function run(env: Record<string, string>): { child: ChildProcess; output: () => string } {
  const child = spawn(process.execPath, ['flows/start.ts'], {
    cwd: checkout,
    env: { ...process.env, NODE_NO_WARNINGS: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return { child, output: () => Buffer.concat(chunks).toString() };
}

function addressesOf(
  child: ChildProcess,
  output: () => string,
): Promise<Pick<HubProcess, 'url' | 'board' | 'shops'>> {
  return new Promise((resolve) => {
    const look = (): void => {
      const board = /http:\S+\/dashboard\/hub/.exec(output())?.[0];
      const api = /http:\S+\/order-hub\/v1\/health/.exec(output())?.[0];
      const shops = /Shops .*(http:\S+)/.exec(output())?.[1];
      if (!board || !api || !shops) return;
      child.stdout?.off('data', look);
      resolve({ board, shops, url: api.replace(/order-hub\/v1\/health$/, '') });
    };
    child.stdout?.on('data', look);
  });
}

/** Asks until an answer fits; the hub has no event for somebody outside. @throws Error with the last answer */
export async function until<T>(
  ask: () => Promise<T>,
  fits: (answer: T) => boolean,
  limitMs: number,
): Promise<T> {
  const end = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (fits(answer)) return answer;
    if (performance.now() > end)
      throw new Error(
        `Nothing fitting within ${limitMs} ms; last: ${JSON.stringify(answer).slice(0, 2_000)}`,
      );
    await delay(100);
  }
}
