import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Runs a module as a process of its own, and answers the one message it sends. */
export async function inOwnProcess<R>(module: string, args: readonly string[]): Promise<R> {
  const path = fileURLToPath(module);
  const child = fork(path, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const answered = once(child, 'message').then(([answer]) => answer as R);
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`${path} ended without an answer (exit ${code})`);
  });
  return Promise.race([answered, failed]).finally(() => child.kill());
}
