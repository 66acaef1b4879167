import { credentialNames } from '../../core/channel/access-fields.ts';
import type { CallState } from '../../core/channel/connection/call/account-call.ts';
import type { ChannelConnection } from '../../core/channel/connection/connection.ts';
import {
  type AccountRules,
  defaultReplayWindowMs,
  type Platform,
  platformNamed,
} from '../../core/channel/platform.ts';
import { defaultMaxBodyBytes } from '../../core/channel/webhook-gate.ts';
import { HubError } from '../../core/errors.ts';
import type { Hub } from '../../core/hub.ts';
import { defineNode } from '../shared/define-node.ts';
import { accountFault } from './account-fault.ts';
import { AccountInterface } from './account-interface.ts';
import { type ChannelAccountConfig, channelOptions, inUnit, plainHost } from './account-settings.ts';
import './messages.ts';
import { listAccount } from './running-accounts.ts';
import { serveAccountTest } from './test-route.ts';

/** The interface of the platform came with version 2. */
const newInVersion2 = {
  address: '',
  shopId: '',
  location: '',
  apiVersion: '',
  signMethod: '',
  custom: '',
  callsPerSecond: '',
  timeoutSeconds: '',
};

/** What the nodes that receive, poll or push for an account ask of it. */
export interface ChannelAccountApi {
  readonly id: string;
  readonly path: string;
  readonly platform: Platform;
  readonly rules: AccountRules;
  readonly maxBodyBytes: number;
  /** What travels with each message of the account. */
  readonly channel: AccountContext;
  /**
   * The account's interface, made when it is first asked for and shared by all nodes of the account. Paced together with
   * all who use the hub's store; without a hub, for what is asked outside of the flow.
   *
   * @throws ChannelFault `channel.no-interface`, `channel.credential-missing`; HubError of the store
   */
  connection(hub?: Hub): Promise<ChannelConnection>;
  /** Calls back whenever it changes how the account's requests go; answers how to end that. */
  onCalls(listener: (state: CallState) => void): () => void;
}

export interface AccountContext {
  account: string;
  platform: string;
  channel: string;
  shop: string;
  currency: string;
  zone: string;
}

export default defineNode<ChannelAccountConfig>({
  type: 'channel-account',
  version: 2,
  migrations: [{ version: 2, up: (config) => ({ ...newInVersion2, ...config }) }],
  credentials: {
    secret: { type: 'password' },
    previousSecret: { type: 'password' },
    appKey: { type: 'text' },
    appSecret: { type: 'password' },
    accessToken: { type: 'password' },
  },
  load: serveAccountTest,
  check(config) {
    const fault = accountFault(config);
    if (fault) throw fault;
  },
  setup({ node, config, credentials }) {
    const platform = platformNamed(config.platform);
    const secrets = [
      credentials.secret,
      credentials.previousSecret,
      platform.signsWithAppSecret && credentials.appSecret?.trim(),
    ].filter((secret) => Boolean(secret)) as string[];
    const isCustom = platform.name === 'custom' && Boolean(config.custom?.trim());
    const calls = isCustom || credentialNames.some((name) => credentials[name]);
    // An account that is only called needs no secret for webhooks; without either it is of no use yet.
    if (secrets.length === 0 && !calls) node.warn(new HubError('account.no-secret').message);
    const plain = plainHost(config.address);
    if (plain) node.warn(new HubError('account.plain-http', { host: plain }).message);
    for (const secret of secrets) {
      const problem = platform.validateSecret(secret);
      if (problem) node.warn(problem.message);
    }
    const called = new AccountInterface(config.path, platform, channelOptions(config, credentials));
    const api: ChannelAccountApi = {
      id: node.id,
      path: config.path,
      platform,
      rules: {
        secrets,
        replayWindowMs: inUnit(config.replayMinutes, 60_000) ?? defaultReplayWindowMs,
        contentRepeats: config.repeats === 'yes' || (config.repeats !== 'no' && platform.contentRepeats),
      },
      maxBodyBytes: inUnit(config.maxMegabytes, 1024 * 1024) ?? defaultMaxBodyBytes,
      channel: {
        account: config.path,
        platform: platform.name,
        channel: config.channel?.trim().normalize() || platform.name,
        shop: config.shop.trim().normalize(),
        currency: config.currency,
        zone: config.zone,
      },
      connection: (hub) => called.connection(hub),
      onCalls: (listener) => called.onCalls(listener),
    };
    const unlist = listAccount(api);
    return {
      api,
      async close() {
        unlist();
        await called.close();
      },
    };
  },
});
