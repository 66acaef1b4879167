import { type AccessField, accessFields } from './access-fields.ts';
import type { AccountCallOptions, CallState } from './connection/call/account-call.ts';
import { AccountPacing } from './connection/call/account-pacing.ts';
import { openCall } from './connection/call/open-call.ts';
import type { ChannelAccess, ChannelConnection } from './connection/connection.ts';
import { ChannelFault } from './connection/fault.ts';
import type { Platform } from './platform.ts';

/** Requests a second of an account that has not chosen a rate: below what any of the platforms allows. */
export const defaultCallsPerSecond = 5;

export interface ChannelOptions
  extends Omit<ChannelAccess, 'call' | 'now'>,
    Partial<Omit<AccountCallOptions, 'platform' | 'secrets'>> {
  /** Requests a second, where no pacing is given. */
  callsPerSecond?: number;
}

/** An account that can be called, with how its calls go. */
export interface OpenChannel {
  readonly connection: ChannelConnection;
  state(): CallState;
  /** Calls back whenever the state changes; answers how to end that. */
  onState(listener: (state: CallState) => void): () => void;
  close(): void;
}

/**
 * Opens the interface of one shop on a platform. Nothing is called yet.
 *
 * @throws ChannelFault `channel.no-interface`, `channel.credential-missing`; HubError `channel.retries-missing`
 */
export async function openChannel(platform: Platform, options: ChannelOptions): Promise<OpenChannel> {
  const missing = missingField(platform.name, {
    ...options.settings,
    ...options.credentials,
    address: options.address,
  });
  if (missing)
    throw new ChannelFault('credentials', 'channel.credential-missing', {
      platform: platform.title,
      field: missing.known,
    });
  const { connect } = platform;
  if (!connect) throw new ChannelFault('caller', 'channel.no-interface', { platform: platform.title });
  const { shop, address, credentials, settings, zone, currency, callsPerSecond, ...rest } = options;
  const account = await openCall({
    ...rest,
    platform: platform.title,
    pacing: options.pacing ?? new AccountPacing(callsPerSecond ?? defaultCallsPerSecond),
    secrets: Object.values(credentials),
  });
  try {
    const access = {
      shop,
      address,
      credentials,
      settings,
      zone,
      currency,
      call: account.call,
      now: Date.now,
    };
    const connection = connect(access);
    return {
      connection,
      state: () => account.state(),
      onState: (listener) => account.onState(listener),
      close() {
        connection.close?.();
        account.close();
      },
    };
  } catch (error) {
    account.close();
    throw error;
  }
}

/** The first field a platform cannot be called without and that is empty. */
export function missingField(
  platform: string,
  values: Readonly<Record<string, unknown>>,
): AccessField | undefined {
  return accessFields[platform]?.find(({ name, required }) => required && !values[name]);
}
