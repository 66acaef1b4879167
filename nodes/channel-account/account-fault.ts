import { platformNamed } from '../../core/channel/platform.ts';
import type { HubError } from '../../core/errors.ts';
import {
  addressFault,
  channelFault,
  currencyFault,
  customFault,
  numberFaults,
  pathFault,
  shopFault,
  zoneFault,
} from './account-fields.ts';
import type { ChannelAccountConfig } from './account-settings.ts';

/**
 * What is wrong with an account, the first field that is: asked by the running node and by the dialog's Test button.
 *
 * @throws HubError `channel.platform-unknown`
 */
export function accountFault(config: ChannelAccountConfig): HubError | undefined {
  const { name } = platformNamed(config.platform);
  return (
    pathFault(config.path) ??
    shopFault(config.shop) ??
    channelFault(config.channel) ??
    currencyFault(config.currency) ??
    zoneFault(config.zone) ??
    numberFaults.replayMinutes(config.replayMinutes) ??
    numberFaults.maxMegabytes(config.maxMegabytes) ??
    addressFault(config.address) ??
    (name === 'custom' ? customFault(config.custom) : undefined) ??
    numberFaults.callsPerSecond(config.callsPerSecond) ??
    numberFaults.timeoutSeconds(config.timeoutSeconds)
  );
}
