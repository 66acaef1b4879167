import { isRecord } from '../../order/mapping/path.ts';
import type { ChannelAccess } from '../connection/connection.ts';
import { ChannelFault, callerFault } from '../connection/fault.ts';
import { formPost, gatewayAnswer } from '../connection/gateway.ts';
import type { CallAnswer } from '../connection/http-call.ts';
import { fieldAt, isTrue, type Row } from '../json-fields.ts';
import { faultIn } from './errors.ts';
import { signPdd } from './sign.ts';

export const title = 'Pinduoduo';
export const usualAddress = 'https://gw-api.pinduoduo.com/api/router';

export interface PddRequest {
  /** Such as `pdd.order.information.get`. */
  type: string;
  /** Without those that every call has. Undefined ones are not sent. */
  parameters: Readonly<Record<string, string | number | boolean | object | undefined>>;
  /** See CallRequest. */
  repeatable: boolean;
}

export interface PddAnswer {
  /** What stands within `…_response`. */
  data: Row;
  headers: Readonly<Record<string, string>>;
}

/**
 * Calls Pinduoduo's open platform for one shop.
 *
 * @param read takes what is wanted out of the answer; what it throws counts as the answer's fault
 * @throws ChannelFault
 */
export type Pdd = <T>(request: PddRequest, read: (answer: PddAnswer) => T, signal: AbortSignal) => Promise<T>;

export function pddOf(access: ChannelAccess): Pdd {
  return (request, read, signal) => {
    const parameters = textsOf(request.parameters);
    return access.call(
      () =>
        formPost(
          request.type,
          access.address || usualAddress,
          signedForm(access, request.type, parameters),
          request.repeatable,
        ),
      (answer) => read(judge(request.type, answer, access.now())),
      signal,
    );
  };
}

/** Each value as it is signed and sent; objects are written once, so that both are the same text. */
function textsOf(parameters: PddRequest['parameters']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]) => {
      if (value === undefined || value === '') return [];
      return [[name, typeof value === 'object' ? JSON.stringify(value) : String(value)]];
    }),
  );
}

function signedForm(
  { credentials, now }: ChannelAccess,
  type: string,
  parameters: Record<string, string>,
): Record<string, string> {
  const all = {
    ...parameters,
    type,
    client_id: credentials.appKey ?? '',
    access_token: credentials.accessToken ?? '',
    timestamp: String(Math.floor(now() / 1_000)),
    data_type: 'JSON',
  };
  return { ...all, sign: signPdd(credentials.appSecret ?? '', all) };
}

function judge(type: string, answer: CallAnswer, now: number): PddAnswer {
  const body = gatewayAnswer(title, type, answer, now);
  const error = fieldAt(body, 'error_response');
  if (isRecord(error)) throw faultIn({ platform: title, call: type }, error);
  const data = responseIn(body);
  if (!data) throw unexpected(type, '…_response');
  return { data, headers: answer.headers };
}

/** The one member that holds the answer: its name does not follow from that of the call. */
function responseIn(body: unknown): Row | undefined {
  if (!isRecord(body)) return undefined;
  const found = Object.entries(body).find(([name, value]) => name.endsWith('_response') && isRecord(value));
  return found?.[1] as Row | undefined;
}

/** Refuses what the gateway let through and the interface behind it did not do. */
export function refuseFailure(data: Row, call: string): void {
  if (data.is_success === undefined || isTrue(data.is_success)) return;
  throw callerFault({ platform: title, call, code: 'is_success=false', said: '' });
}

export function unexpected(call: string, field: string): ChannelFault {
  return new ChannelFault('platform', 'channel.answer-unexpected', { platform: title, call, field });
}
