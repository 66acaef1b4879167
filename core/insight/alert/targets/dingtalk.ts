import { createHmac } from 'node:crypto';
import { baseUrlProblems } from '../address.ts';
import {
  type AlertChannel,
  type AlertMessage,
  type PreparedRequest,
  problem,
  requireSound,
} from '../channel.ts';
import { cutToBytes, jsonBytes } from '../cut.ts';
import {
  numberIn,
  type RobotAddress,
  type RobotConfig,
  type RobotVerdict,
  refusalByWords,
  robotProblems,
  robotToken,
  robotUrl,
  sendToRobot,
  textIn,
  withKeyword,
} from './robot.ts';

export interface DingtalkConfig extends RobotConfig {
  format?: 'text' | 'markdown';
  /** Members to mention, by the phone number they are registered with. */
  atMobiles?: readonly string[];
  atAll?: boolean;
}

const address: RobotAddress = {
  origin: 'https://oapi.dingtalk.com',
  before: '/robot/send?access_token=',
  tokenIn: (url) => url.searchParams.get('access_token'),
};

/** Bytes of text that are sent. The platform names no figure we could confirm; this is well within its body limit. */
const mostTextBytes = 15_000;
/** For this long a robot that was too fast is silent, when the answer does not say. */
const penaltyMs = 10 * 60_000;
const mobileForm = /^\+?[\d-]{5,20}$/;

/**
 * Signature of a robot with the security setting "sign" (加签): base64 of HMAC-SHA256 with the secret as key over
 * `timestamp\nsecret`. Goes url-encoded into the query.
 *
 * @param timestamp epoch milliseconds, at most an hour off
 */
export function dingtalkSignature(secret: string, timestamp: number): string {
  return createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64');
}

/**
 * A group robot of DingTalk. Secrets: `webhook`, its address (or the access token alone), and `secret` where the
 * robot checks signatures.
 */
export const dingtalk: AlertChannel<DingtalkConfig> = {
  kind: 'dingtalk',
  label: { 'en-US': 'DingTalk group robot', 'zh-CN': '钉钉群机器人' },

  validate(config, secrets) {
    const problems = [...robotProblems(secrets.webhook, address), ...baseUrlProblems(config.baseUrl)];
    const format = config.format ?? 'text';
    if (format !== 'text' && format !== 'markdown') {
      problems.push(problem('format', 'alert.format-unknown', { format, known: 'text, markdown' }));
    }
    const wrong = (config.atMobiles ?? []).find((mobile) => !mobileForm.test(mobile));
    if (wrong !== undefined) problems.push(problem('atMobiles', 'alert.mention-invalid', { found: wrong }));
    return problems;
  },

  prepare(message, config, secrets, now): PreparedRequest {
    requireSound(this.validate(config, secrets));
    const url = robotUrl(secrets.webhook, address, config.baseUrl);
    const secret = secrets.secret?.trim();
    if (secret) {
      url.searchParams.set('timestamp', String(now));
      url.searchParams.set('sign', dingtalkSignature(secret, now));
    }
    const { body, cut } = dingtalkBody(message, config);
    return {
      kind: 'request',
      url: url.href,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
      cut,
    };
  },

  async send(message, config, secrets, tools) {
    const request = this.prepare(message, config, secrets, tools.now, tools.nonce ?? '') as PreparedRequest;
    const hidden = [robotToken(secrets.webhook, address)];
    return await sendToRobot({ kind: 'dingtalk', request, tools, secrets, hidden, judge });
  },
};

function dingtalkBody(message: AlertMessage, config: DingtalkConfig): { body: object; cut: boolean } {
  const mobiles = [...(config.atMobiles ?? [])];
  const at = { atMobiles: mobiles, isAtAll: config.atAll === true };
  // In Markdown a mention takes effect only where the number stands in the text.
  const mentions =
    config.format === 'markdown' && mobiles.length > 0 ? `\n\n${mobiles.map((m) => `@${m}`).join(' ')}` : '';
  const { text, cut } = cutToBytes(withKeyword(message.text, config.keyword), mostTextBytes, jsonBytes);
  const body =
    config.format === 'markdown'
      ? { msgtype: 'markdown', markdown: { title: message.title, text: text + mentions }, at }
      : { msgtype: 'text', text: { content: text }, at };
  return { body, cut };
}

function judge(body: Record<string, unknown>): RobotVerdict | undefined {
  const code = numberIn(body, 'errcode') ?? numberIn(body, 'status');
  if (code === undefined) return undefined;
  if (code === 0) return { kind: 'ok' };
  const reason = textIn(body, 'errmsg') || textIn(body, 'punish');
  if (code === 130101 || code === 1111 || numberIn(body, 'status') === 1111) {
    const seconds = numberIn(body, 'wait');
    return { kind: 'throttled', waitMs: seconds && seconds > 0 ? seconds * 1000 : penaltyMs };
  }
  if (code === -1) return { kind: 'busy', code: String(code) };
  return refusalByWords(String(code), reason);
}
