import { HubError, reasonOf } from '../../../errors.ts';
import '../messages.ts';
import type { AccountCall, AccountCallOptions } from './account-call.ts';

/**
 * Makes an account's calls possible. Loads cockatiel then: an optional dependency, which who only receives webhooks
 * does without.
 *
 * @throws HubError channel.retries-missing
 */
export async function openCall(
  options: AccountCallOptions,
  load: () => Promise<typeof import('./account-call.ts')> = () => import('./account-call.ts'),
): Promise<AccountCall> {
  try {
    const { AccountCall: Call } = await load();
    return new Call(options);
  } catch (error) {
    throw new HubError('channel.retries-missing', { reason: reasonOf(error) }, { cause: error });
  }
}
