import { isRecord } from '../../order/mapping/path.ts';
import { beijingText } from '../beijing-time.ts';
import type { ChannelAccess } from '../connection/connection.ts';
import { ChannelFault } from '../connection/fault.ts';
import { formPost, gatewayAnswer } from '../connection/gateway.ts';
import type { CallAnswer } from '../connection/http-call.ts';
import { fieldAt, type Row } from '../json-fields.ts';
import type { Parameters } from '../parameter-signature.ts';
import { faultIn } from './errors.ts';
import { type SignMethod, signMethods, signTop } from './sign.ts';

export const title = 'Taobao / Tmall';
export const usualAddress = 'https://gw.api.taobao.com/router/rest';

export interface TopRequest {
  /** Such as `taobao.trade.fullinfo.get`. */
  method: string;
  /** Without those that every call has. Empty ones are not sent. */
  parameters: Parameters;
  /** See CallRequest. */
  repeatable: boolean;
}

export interface TopAnswer {
  /** What stands within `…_response`. */
  data: Row;
  headers: Readonly<Record<string, string>>;
}

/**
 * Calls the Taobao open platform for one seller.
 *
 * @param read takes what is wanted out of the answer; what it throws counts as the answer's fault
 * @throws ChannelFault
 */
export type Top = <T>(request: TopRequest, read: (answer: TopAnswer) => T, signal: AbortSignal) => Promise<T>;

export function topOf(access: ChannelAccess): Top {
  return (request, read, signal) =>
    access.call(
      () =>
        formPost(
          request.method,
          access.address || usualAddress,
          signedForm(access, request),
          request.repeatable,
        ),
      (answer) => read(judge(request.method, answer, access.now())),
      signal,
    );
}

function signedForm(
  { credentials, settings, now }: ChannelAccess,
  request: TopRequest,
): Record<string, string> {
  const method = signMethodOf(settings.signMethod);
  const all: Record<string, string> = {
    ...request.parameters,
    method: request.method,
    app_key: credentials.appKey ?? '',
    session: credentials.accessToken ?? '',
    timestamp: beijingText(now()),
    format: 'json',
    v: '2.0',
    sign_method: method,
  };
  const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
  const sign = signTop(credentials.appSecret ?? '', sent, method);
  return { ...sent, sign };
}

function signMethodOf(setting: unknown): SignMethod {
  return signMethods.find((method) => method === setting) ?? signMethods[0];
}

function judge(method: string, answer: CallAnswer, now: number): TopAnswer {
  const body = gatewayAnswer(title, method, answer, now);
  const error = fieldAt(body, 'error_response');
  if (isRecord(error)) throw faultIn(title, method, error);
  const key = responseKey(method);
  const data = fieldAt(body, key);
  if (!isRecord(data)) throw unexpected(method, key);
  return { data, headers: answer.headers };
}

/** `taobao.trade.fullinfo.get` answers under `trade_fullinfo_get_response`. */
function responseKey(method: string): string {
  return `${method.replace(/^taobao\./, '').replaceAll('.', '_')}_response`;
}

export function unexpected(method: string, field: string): ChannelFault {
  return new ChannelFault('platform', 'channel.answer-unexpected', { platform: title, call: method, field });
}
