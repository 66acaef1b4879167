import type { ChannelAccess } from '../connection/connection.ts';
import { ChannelFault } from '../connection/fault.ts';
import { type FreshToken, TokenKeeper } from '../connection/token-keeper.ts';
import { textAt } from '../json-fields.ts';
import { answerIn, title, unexpected } from './answer.ts';
import { paramJson } from './param-json.ts';
import { type DouyinCall, requestOf } from './request.ts';

const create = 'token.create';

/** The token that calls are made with. */
export interface Tokens {
  /** @throws ChannelFault */
  token(signal: AbortSignal): Promise<string>;
  /** Told that Douyin refused this one; whether another one can be had. */
  refused(token: string): boolean;
  /** The shop's name and until when the token holds, epoch milliseconds, as far as Douyin has told. */
  known(): { shop: string | null; endsAt: number | null };
  close(): void;
}

/**
 * The tokens of a shop: made by the hub from the shop's id, as an application for oneself may, or the one that was entered.
 *
 * @throws ChannelFault `channel.credential-missing`
 */
export function tokensOf(access: ChannelAccess): Tokens {
  const { shopId } = access.settings;
  if (typeof shopId === 'string' && shopId !== '') return madeTokens(access, shopId);
  const { accessToken } = access.credentials;
  if (accessToken) return enteredToken(accessToken);
  throw new ChannelFault('credentials', 'channel.credential-missing', { platform: title, field: 'shop_id' });
}

function enteredToken(token: string): Tokens {
  return {
    token: async () => token,
    refused: () => false,
    known: () => ({ shop: null, endsAt: null }),
    close: () => undefined,
  };
}

function madeTokens(access: ChannelAccess, shopId: string): Tokens {
  let shop: string | null = null;
  const call: DouyinCall = {
    method: create,
    // The code is wanted, and empty for an application of one's own.
    json: paramJson({ code: '', grant_type: 'authorization_self', shop_id: shopId }),
    // Asked twice, it is the same token or one more.
    repeatable: true,
  };
  const request = () => requestOf(access, call);
  const keeper = new TokenKeeper({
    now: access.now,
    request,
    ask: (signal) =>
      access.call(
        request,
        (answer): FreshToken => {
          const { data } = answerIn(create, answer, access.now());
          const value = textAt(data, 'access_token');
          const seconds = textAt(data, 'expires_in');
          if (value === '') throw unexpected(create, 'access_token');
          shop = textAt(data, 'shop_name') || null;
          return { value, lifeMs: /^\d{1,12}$/.test(seconds) ? Number(seconds) * 1_000 : null };
        },
        signal,
      ),
  });
  return {
    token: (signal) => keeper.token(signal),
    refused(token) {
      keeper.refused(token);
      return true;
    },
    known: () => ({ shop, endsAt: keeper.endsAt() }),
    close: () => keeper.close(),
  };
}
