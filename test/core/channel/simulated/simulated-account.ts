import { AccountPacing } from '../../../../core/channel/connection/call/account-pacing.ts';
import { type OpenChannel, openChannel } from '../../../../core/channel/open-channel.ts';
import { platformNamed } from '../../../../core/channel/platform.ts';
import type { SimulatedShop } from '../../../simulator/simulator.ts';

/** What a child process needs to speak with a simulated shop. */
export interface SimulatedAccount {
  platform: string;
  address: string;
  access: Record<string, string>;
  /** How the interface of a shop of one's own is said; nothing for any other. */
  custom?: object;
}

export function accountOf(
  { platform, address, access }: SimulatedShop,
  custom: object | undefined,
): SimulatedAccount {
  return { platform, address, access: { ...access }, ...(platform === 'custom' && custom && { custom }) };
}

/** Opens a simulated shop like an account of the hub, but sooner at it again; its throttling names a second. */
export function openSimulatedAccount({
  platform,
  address,
  access,
  custom,
}: SimulatedAccount): Promise<OpenChannel> {
  return openChannel(platformNamed(platform), {
    shop: 'main',
    address,
    credentials: access,
    settings: { ...access, ...(custom && { custom: JSON.stringify(custom) }) },
    zone: 'Asia/Shanghai',
    currency: 'CNY',
    pacing: new AccountPacing(1e6),
    timeoutMs: 500,
    firstWaitMs: 5,
    longestWaitMs: 2_000,
    breakAfter: 1_000,
  });
}
