import { baseUrlProblems } from '../address.ts';
import {
  type AlertChannel,
  type AlertMessage,
  type PreparedRequest,
  problem,
  requireSound,
} from '../channel.ts';
import { cutToBytes } from '../cut.ts';
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

export interface WecomConfig extends RobotConfig {
  format?: 'text' | 'markdown';
  /** Members to mention, by user id; `@all` for everybody. Text only. */
  mentionedList?: readonly string[];
  /** The same by phone number. */
  mentionedMobileList?: readonly string[];
}

const address: RobotAddress = {
  origin: 'https://qyapi.weixin.qq.com',
  before: '/cgi-bin/webhook/send?key=',
  tokenIn: (url) => url.searchParams.get('key'),
};

/** Bytes of UTF-8 that a message's content may have. */
const mostBytes = { text: 2048, markdown: 4096 };

/** A group robot of WeCom. Secrets: `webhook`, its address (or the key alone); there is no signature. */
export const wecom: AlertChannel<WecomConfig> = {
  kind: 'wecom',
  label: { 'en-US': 'WeCom group robot', 'zh-CN': '企业微信群机器人' },

  validate(config, secrets) {
    const problems = [...robotProblems(secrets.webhook, address), ...baseUrlProblems(config.baseUrl)];
    const format = config.format ?? 'text';
    if (format !== 'text' && format !== 'markdown') {
      problems.push(problem('format', 'alert.format-unknown', { format, known: 'text, markdown' }));
    }
    return problems;
  },

  prepare(message, config, secrets): PreparedRequest {
    requireSound(this.validate(config, secrets));
    const { body, cut } = wecomBody(message, config);
    return {
      kind: 'request',
      url: robotUrl(secrets.webhook, address, config.baseUrl).href,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
      cut,
    };
  },

  async send(message, config, secrets, tools) {
    const request = this.prepare(message, config, secrets, tools.now, tools.nonce ?? '') as PreparedRequest;
    const hidden = [robotToken(secrets.webhook, address)];
    return await sendToRobot({ kind: 'wecom', request, tools, secrets, hidden, judge });
  },
};

function wecomBody(message: AlertMessage, config: WecomConfig): { body: object; cut: boolean } {
  const format = config.format ?? 'text';
  const { text: content, cut } = cutToBytes(withKeyword(message.text, config.keyword), mostBytes[format]);
  if (format === 'markdown') return { body: { msgtype: 'markdown', markdown: { content } }, cut };
  const mentions = {
    mentioned_list: [...(config.mentionedList ?? [])],
    mentioned_mobile_list: [...(config.mentionedMobileList ?? [])],
  };
  return { body: { msgtype: 'text', text: { content, ...mentions } }, cut };
}

function judge(body: Record<string, unknown>): RobotVerdict | undefined {
  const code = numberIn(body, 'errcode');
  if (code === undefined) return undefined;
  if (code === 0) return { kind: 'ok' };
  const reason = textIn(body, 'errmsg');
  // The limit is counted by the minute.
  if (code === 45009) return { kind: 'throttled', waitMs: 60_000 };
  if (code === -1) return { kind: 'busy', code: String(code) };
  if (code === 93000) return { kind: 'refused', sentence: 'token', code: String(code), reason };
  return refusalByWords(String(code), reason);
}
