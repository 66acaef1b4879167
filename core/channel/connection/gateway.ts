import { retryAfterMs } from '../../retry-after.ts';
import { platformFault, throttledFault } from './fault.ts';
import type { CallAnswer, CallRequest } from './http-call.ts';

/*
 * Open platforms that answer everything under one address, whatever is asked, and tell of their refusals inside an
 * answer with HTTP 200.
 */

/** A form that is posted to a gateway. */
export function formPost(
  name: string,
  url: string,
  form: Readonly<Record<string, string>>,
  repeatable: boolean,
): CallRequest {
  return {
    name,
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' },
    body: new URLSearchParams(form).toString(),
    repeatable,
  };
}

/**
 * What a gateway answered, refusals included. Another status than 200 is from what stands before it.
 *
 * @param now epoch milliseconds
 * @throws ChannelFault
 */
export function gatewayAnswer(platform: string, call: string, answer: CallAnswer, now: number): unknown {
  const { status, headers } = answer;
  const what = { platform, call, code: String(status), said: '' };
  if (status === 429) throw throttledFault(what, retryAfterMs(headers['retry-after'], now));
  if (status >= 500) throw platformFault(what);
  return answer.json();
}
