import type { ChannelAccess } from '../../../../core/channel/connection/connection.ts';
import type { CallRequest } from '../../../../core/channel/connection/http-call.ts';
import { connectDouyin } from '../../../../core/channel/douyin/connection.ts';
import { parseJson } from '../../../../core/json.ts';
import { type Answer, answeringChannel } from '../answering-channel.ts';

/** An envelope of success. */
export function done(data: unknown, code = 10_000): Answer {
  return { body: { code, msg: 'success', sub_code: '', sub_msg: '', log_id: 'log', data } };
}

export function refusal(code: number, subCode = '', subMsg = '', msg = ''): Answer {
  return { body: { code, msg, sub_code: subCode, sub_msg: subMsg, log_id: 'log-7', data: null } };
}

/** The parameters of a request, ids beyond 2^53 as texts. */
export function sentIn({ body }: CallRequest): Record<string, unknown> {
  return parseJson(body ?? '') as Record<string, unknown>;
}

/** A Douyin shop whose calls a function answers; its token was entered. */
export function douyinShop(
  answer: (method: string, sent: Record<string, unknown>, url: URL) => Answer,
  access: Partial<ChannelAccess> = {},
) {
  return answeringChannel(connectDouyin, (url, request) => answer(request.name, sentIn(request), url), {
    credentials: { appKey: '7000000000000000001', appSecret: 'douyin-test-secret', accessToken: 'entered' },
    address: '',
    ...access,
  });
}
