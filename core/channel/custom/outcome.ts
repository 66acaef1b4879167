import { retryAfterMs } from '../../retry-after.ts';
import {
  ChannelFault,
  callerFault,
  credentialsFault,
  permissionFault,
  platformFault,
  type Said,
  throttledFault,
} from '../connection/fault.ts';
import type { CallAnswer } from '../connection/http-call.ts';
import { type Answered, plainText, valueIn } from './answer-value.ts';
import type { Condition, OutcomeRules } from './config.ts';

export interface JudgeOptions {
  title: string;
  call: string;
  outcome: OutcomeRules;
  /** Whether GraphQL is spoken, whose errors come with status 200. */
  isGraphQl?: boolean;
  /** Epoch milliseconds. */
  now(): number;
}

/**
 * Says what an answer means: its data, or the fault that status, code and words tell.
 *
 * @throws ChannelFault
 */
export function outcomeJudge(options: JudgeOptions): (answer: CallAnswer) => Answered {
  const { title: platform, call, outcome, isGraphQl = false, now } = options;
  const codeOf = valueIn(outcome.code);
  const wordsOf = valueIn(outcome.message);
  return (answer) => {
    const { status, headers } = answer;
    const isSuccessful = status >= 200 && status < 300;
    const data = isSuccessful ? dataOf(answer) : dataOfError(answer);
    const answered = { data, headers };
    const errors = isGraphQl ? graphQlErrors(data) : undefined;
    if (isSuccessful && !errors && (!outcome.success || holds(outcome.success, answered))) return answered;

    const code = plainText(codeOf(answered)) || errors?.code || '';
    const words = plainText(wordsOf(answered)) || errors?.message;
    const what = {
      platform,
      call,
      code: code || String(status),
      said: words || (isSuccessful ? '' : answer.text.slice(0, 500)),
    };
    const wait = retryAfterMs(headers['retry-after'], now());
    const named = faultNamed(outcome, code, what, wait);
    if (named) throw named;
    if (status === 429) throw throttledFault(what, wait);
    if (status === 401) throw credentialsFault(what);
    if (status === 403) throw permissionFault(what);
    if (status >= 500 || status === 408) throw platformFault(what);
    const refused = callerFault(what);
    throw new ChannelFault(refused.kind, refused.code, { ...refused.params, status });
  };
}

/** The fault that a code of the channel's own stands for; undefined for one that the configuration does not name. */
export function faultNamed(
  { throttled, credentials, permission, platform }: OutcomeRules,
  code: string,
  what: Said,
  waitMs?: number,
): ChannelFault | undefined {
  if (throttled.includes(code)) return throttledFault(what, waitMs);
  if (credentials.includes(code)) return credentialsFault(what);
  if (permission.includes(code)) return permissionFault(what);
  return platform.includes(code) ? platformFault(what) : undefined;
}

/** Whether a fault is one of these: told by the channel's code, or by the status of its answer. */
export function isTold({ params }: ChannelFault, codes: readonly string[]): boolean {
  return codes.includes(String(params.code)) || codes.includes(String(params.status));
}

/** Whether what a path leads to is one of the values it should have. */
export function holds({ path, equals }: Condition, answered: Answered): boolean {
  return equals.includes(plainText(valueIn(path)(answered)));
}

/** An answer without a body is a success all the same, such as 204. */
function dataOf(answer: CallAnswer): unknown {
  return answer.text.trim() === '' ? null : answer.json();
}

/** Of a page that a web server answers with there is nothing to read. */
function dataOfError(answer: CallAnswer): unknown {
  try {
    return dataOf(answer);
  } catch (error) {
    if (ChannelFault.is(error)) return null;
    throw error;
  }
}

/** The first error of GraphQL (specification section 7.1.2); undefined when there is none. */
function graphQlErrors(data: unknown): { code: string; message: string } | undefined {
  const { errors } = (data ?? {}) as { errors?: unknown };
  if (errors === undefined || errors === null || (Array.isArray(errors) && errors.length === 0))
    return undefined;
  const at = (source: string): string => plainText(valueIn(source)({ data, headers: {} }));
  return { code: at('errors[0].extensions.code'), message: at('errors[0].message') || plainText(errors) };
}
