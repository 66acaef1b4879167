import type { ChannelAccountApi } from './channel-account.ts';

const running = new Map<string, ChannelAccountApi>();

/** Makes an account of the running flows known by its path; answers how to take it out again. */
export function listAccount(account: ChannelAccountApi): () => void {
  running.set(account.path, account);
  return () => {
    if (running.get(account.path) === account) running.delete(account.path);
  };
}

/** The account that has a path, whether a node receives for it or not. */
export function runningAccount(path: string): ChannelAccountApi | undefined {
  return running.get(path);
}
