import {
  type AccountRules,
  defaultReplayWindowMs,
  type Platform,
  platformNamed,
} from '../../core/channel/platform.ts';
import { defaultMaxBodyBytes } from '../../core/channel/webhook-gate.ts';
import { HubError } from '../../core/errors.ts';
import { type BaseConfig, defineNode } from '../shared/define-node.ts';
import {
  channelFault,
  currencyFault,
  numberFault,
  pathFault,
  shopFault,
  zoneFault,
} from './account-fields.ts';
import './messages.ts';
import { listAccount } from './running-accounts.ts';

export interface ChannelAccountConfig extends BaseConfig {
  platform: string;
  /** The account's part of the address, such as `shopify-main`; lower-case letters, digits and dashes. */
  path: string;
  /** Name of the sales channel in order keys; the platform's when empty. */
  channel: string;
  shop: string;
  currency: string;
  zone: string;
  /** Whether equal content counts as a repeat: as the platform has it, or decided here. */
  repeats: 'platform' | 'yes' | 'no';
  replayMinutes: string | number;
  maxMegabytes: string | number;
}

/** What the nodes that receive, poll or push for an account ask of it. */
export interface ChannelAccountApi {
  readonly id: string;
  readonly path: string;
  readonly platform: Platform;
  readonly rules: AccountRules;
  readonly maxBodyBytes: number;
  /** What travels with each message of the account. */
  readonly channel: AccountContext;
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
  version: 1,
  credentials: { secret: { type: 'password' }, previousSecret: { type: 'password' } },
  check(config) {
    platformNamed(config.platform);
    const fault =
      pathFault(config.path) ??
      shopFault(config.shop) ??
      channelFault(config.channel) ??
      currencyFault(config.currency) ??
      zoneFault(config.zone) ??
      numberFault(config.replayMinutes) ??
      numberFault(config.maxMegabytes);
    if (fault) throw fault;
  },
  setup({ node, config, credentials }) {
    const platform = platformNamed(config.platform);
    const secrets = [credentials.secret, credentials.previousSecret].filter((secret) =>
      Boolean(secret),
    ) as string[];
    if (secrets.length === 0) node.warn(new HubError('account.no-secret').message);
    for (const secret of secrets) {
      const problem = platform.validateSecret(secret);
      if (problem) node.warn(problem.message);
    }
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
    };
    return { api, close: listAccount(api) };
  },
});

/** A number of the dialog in a smaller unit; undefined when the field is empty. */
function inUnit(value: string | number | undefined, unit: number): number | undefined {
  return value === '' || value === undefined || value === null ? undefined : Math.round(Number(value) * unit);
}
