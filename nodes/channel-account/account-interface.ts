import type { CallState } from '../../core/channel/connection/call/account-call.ts';
import { SharedPacing } from '../../core/channel/connection/call/shared-pacing.ts';
import type { ChannelConnection } from '../../core/channel/connection/connection.ts';
import {
  type ChannelOptions,
  defaultCallsPerSecond,
  type OpenChannel,
  openChannel,
} from '../../core/channel/open-channel.ts';
import type { Platform } from '../../core/channel/platform.ts';
import type { Hub } from '../../core/hub.ts';
import { Listeners } from '../../core/store/listeners.ts';

/** The interface of an account, made when it is first asked for and shared by all nodes of the account. */
export class AccountInterface {
  readonly #account: string;
  readonly #platform: Platform;
  readonly #options: ChannelOptions;
  readonly #pacing: SharedPacing;
  readonly #told = new Listeners<CallState>();
  #opening: Promise<OpenChannel> | undefined;
  #hub: Hub | undefined;
  #unlist: (() => void) | undefined;

  /** @param account its path, by which all instances know it */
  constructor(account: string, platform: Platform, options: ChannelOptions) {
    this.#account = account;
    this.#platform = platform;
    this.#options = options;
    this.#pacing = new SharedPacing(account, options.callsPerSecond ?? defaultCallsPerSecond);
  }

  /**
   * The connection, paced together with all who use the hub's store, and obeying what the platform demanded before.
   *
   * @param hub absent for what is asked outside of the flow
   * @throws ChannelFault `channel.no-interface`, `channel.credential-missing`; HubError of the store
   */
  async connection(hub?: Hub): Promise<ChannelConnection> {
    if (hub) this.#pacing.keepIn(hub.store);
    const channel = await this.#open();
    // A store that closed and opened again has a new hub.
    if (hub && hub !== this.#hub) {
      this.#hub = hub;
      this.#unlist?.();
      this.#unlist = hub.calls.list({ account: this.#account, platform: this.#platform.title, channel });
    }
    await this.#pacing.learn();
    return channel.connection;
  }

  /** Calls back whenever it changes how the account's requests go; answers how to end that. */
  onCalls(listener: (state: CallState) => void): () => void {
    return this.#told.add(listener);
  }

  async close(): Promise<void> {
    this.#unlist?.();
    const opened = await this.#opening?.catch(() => undefined);
    opened?.close();
  }

  #open(): Promise<OpenChannel> {
    this.#opening ??= openChannel(this.#platform, { ...this.#options, pacing: this.#pacing }).then(
      (opened) => {
        opened.onState((state) => this.#told.tell(state));
        return opened;
      },
      (error: unknown) => {
        // Asked again, it may be there: a package that was missing, for one.
        this.#opening = undefined;
        throw error;
      },
    );
    return this.#opening;
  }
}
