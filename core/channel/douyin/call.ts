import type { ChannelAccess } from '../connection/connection.ts';
import { ChannelFault, withoutSecrets } from '../connection/fault.ts';
import { answerIn, type DouyinAnswer } from './answer.ts';
import { isTokenRefused } from './errors.ts';
import { paramJson } from './param-json.ts';
import { requestOf } from './request.ts';
import type { Tokens } from './tokens.ts';

export interface DouyinRequest {
  /** Such as `order.searchList`. */
  method: string;
  parameters: Readonly<Record<string, unknown>>;
  /** See CallRequest. */
  repeatable: boolean;
}

/**
 * Calls Douyin's open platform for one shop.
 *
 * @param read takes what is wanted out of the answer; what it throws counts as the answer's fault
 * @throws ChannelFault
 */
export type Douyin = <T>(
  request: DouyinRequest,
  read: (answer: DouyinAnswer) => T,
  signal: AbortSignal,
) => Promise<T>;

export function douyinOf(access: ChannelAccess, tokens: Tokens): Douyin {
  return async ({ method, parameters, repeatable }, read, signal) => {
    const call = { method, json: paramJson(parameters), repeatable };
    const askedWith = async <T>(token: string, take: (answer: DouyinAnswer) => T): Promise<T> => {
      try {
        return await access.call(
          () => requestOf(access, call, token),
          (answer) => take(answerIn(method, answer, access.now())),
          signal,
        );
      } catch (error) {
        throw ChannelFault.is(error) ? withoutSecrets(error, [token]) : error;
      }
    };
    const token = await tokens.token(signal);
    try {
      return await askedWith(token, read);
    } catch (error) {
      // What was refused for its token was not done, so that it may be asked again; once.
      if (!isTokenRefused(error) || !tokens.refused(token)) throw error;
      return askedWith(await tokens.token(signal), read);
    }
  };
}
