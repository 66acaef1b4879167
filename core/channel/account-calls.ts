import type { CallState } from './connection/call/account-call.ts';
import type { OpenChannel } from './open-channel.ts';

/** An account that calls its platform. */
export interface CallingAccount {
  account: string;
  /** The name people know the platform by. */
  platform: string;
  channel: Pick<OpenChannel, 'state' | 'onState'>;
}

/** The accounts of this process that call their platforms, and how that goes. */
export class AccountCalls {
  readonly #calling = new Map<string, CallingAccount>();

  /** Makes an account known; answers how to take it out again. */
  list(calling: CallingAccount): () => void {
    this.#calling.set(calling.account, calling);
    return () => {
      if (this.#calling.get(calling.account) === calling) this.#calling.delete(calling.account);
    };
  }

  all(): CallingAccount[] {
    return [...this.#calling.values()].sort((a, b) => (a.account < b.account ? -1 : 1));
  }

  /** Undefined for an account that has called nobody yet. */
  state(account: string): CallState | undefined {
    return this.#calling.get(account)?.channel.state();
  }
}
