import { isRecord } from '../../order/mapping/path.ts';
import { beijingText } from '../beijing-time.ts';
import type { ChannelAccess } from '../connection/connection.ts';
import { ChannelFault } from '../connection/fault.ts';
import { formPost, gatewayAnswer } from '../connection/gateway.ts';
import type { CallAnswer } from '../connection/http-call.ts';
import { fieldAt, isTrue, type Row, textAt } from '../json-fields.ts';
import { faultOf } from './errors.ts';
import { signJos } from './sign.ts';

export const title = 'JD';
export const usualAddress = 'https://api.jd.com/routerjson';

export interface JosRequest {
  /** Such as `jingdong.pop.order.enSearch`. */
  method: string;
  /** What becomes `360buy_param_json`. */
  parameters: Readonly<Record<string, unknown>>;
  /** See CallRequest. */
  repeatable: boolean;
}

export interface JosAnswer {
  /** What stands within `…_responce`, as JD spells it. */
  data: Row;
  headers: Readonly<Record<string, string>>;
}

/**
 * Calls JD's open platform for one shop.
 *
 * @param read takes what is wanted out of the answer; what it throws counts as the answer's fault
 * @throws ChannelFault
 */
export type Jos = <T>(request: JosRequest, read: (answer: JosAnswer) => T, signal: AbortSignal) => Promise<T>;

export function josOf(access: ChannelAccess): Jos {
  return (request, read, signal) => {
    // Serialised once: what is signed is what is sent.
    const json = JSON.stringify(request.parameters);
    return access.call(
      () =>
        formPost(
          request.method,
          access.address || usualAddress,
          signedForm(access, request.method, json),
          request.repeatable,
        ),
      (answer) => read(judge(request.method, answer, access.now())),
      signal,
    );
  };
}

function signedForm(
  { credentials, now }: ChannelAccess,
  method: string,
  json: string,
): Record<string, string> {
  const parameters = {
    '360buy_param_json': json,
    access_token: credentials.accessToken ?? '',
    app_key: credentials.appKey ?? '',
    method,
    timestamp: beijingText(now()),
    v: '2.0',
  };
  const sign = signJos(credentials.appSecret ?? '', parameters);
  return { ...parameters, sign };
}

function judge(method: string, answer: CallAnswer, now: number): JosAnswer {
  const body = gatewayAnswer(title, method, answer, now);
  const error = fieldAt(body, 'error_response');
  if (isRecord(error)) {
    const code = textAt(error, 'code');
    const said = textAt(error, 'zh_desc') || textAt(error, 'en_desc');
    throw faultOf({ platform: title, call: method, code, said }, code);
  }
  const data = responseIn(body, method);
  if (!data) throw unexpected(method, responseKey(method));
  return { data, headers: answer.headers };
}

function responseKey(method: string): string {
  return `${method.replaceAll('.', '_')}_responce`;
}

/** The key is misspelt; should JD mend it one day, that is read as well. */
function responseIn(body: unknown, method: string): Row | undefined {
  const key = responseKey(method);
  const data = fieldAt(body, key) ?? fieldAt(body, key.replace(/_responce$/, '_response'));
  return isRecord(data) ? data : undefined;
}

/**
 * Refuses what the gateway let through and the interface behind it did not do: `success` is a flag or its text.
 *
 * @param result such as `apiResult`
 */
export function assertSuccess(result: unknown, call: string): void {
  if (isTrue(fieldAt(result, 'success'))) return;
  if (!isRecord(result)) throw unexpected(call, 'success');
  const said = ['chineseErrCode', 'errorMessage', 'message', 'englishErrCode']
    .map((name) => textAt(result, name))
    .find((text) => text !== '');
  const code = textAt(result, 'numberCode') || textAt(result, 'code') || 'success=false';
  throw faultOf({ platform: title, call, code, said: said ?? '' }, undefined);
}

export function unexpected(call: string, field: string): ChannelFault {
  return new ChannelFault('platform', 'channel.answer-unexpected', { platform: title, call, field });
}
