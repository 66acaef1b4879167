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

export interface FeishuConfig extends RobotConfig {
  /** `card`: title and Markdown text in a card. */
  format?: 'text' | 'card';
}

const address: RobotAddress = {
  origin: 'https://open.feishu.cn',
  before: '/open-apis/bot/v2/hook/',
  tokenIn: (url) => /\/hook\/([^/]+)\/?$/.exec(url.pathname)?.[1],
};

/** A body may have 20 KB; what stands around the text takes less than the rest. */
const mostTextBytes = 18_000;
const mostTitleBytes = 500;

/**
 * Signature of a robot with signature check: base64 of HMAC-SHA256 with `timestamp\nsecret` as key over nothing.
 * Goes into the body.
 *
 * @param timestampSeconds epoch seconds, at most an hour off
 */
export function feishuSignature(secret: string, timestampSeconds: number): string {
  return createHmac('sha256', `${timestampSeconds}\n${secret}`).digest('base64');
}

/**
 * A group robot of Feishu, or of Lark when its address is pasted. Secrets: `webhook`, its address (or the token
 * alone), and `secret` where the robot checks signatures.
 */
export const feishu: AlertChannel<FeishuConfig> = {
  kind: 'feishu',
  label: { 'en-US': 'Feishu / Lark group robot', 'zh-CN': '飞书群机器人' },

  validate(config, secrets) {
    const problems = [...robotProblems(secrets.webhook, address), ...baseUrlProblems(config.baseUrl)];
    const format = config.format ?? 'text';
    if (format !== 'text' && format !== 'card') {
      problems.push(problem('format', 'alert.format-unknown', { format, known: 'text, card' }));
    }
    return problems;
  },

  prepare(message, config, secrets, now): PreparedRequest {
    requireSound(this.validate(config, secrets));
    const secret = secrets.secret?.trim();
    const seconds = Math.floor(now / 1000);
    const signed = secret ? { timestamp: String(seconds), sign: feishuSignature(secret, seconds) } : {};
    const { body, cut } = feishuBody(message, config);
    return {
      kind: 'request',
      url: robotUrl(secrets.webhook, address, config.baseUrl).href,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ ...signed, ...body }),
      cut,
    };
  },

  async send(message, config, secrets, tools) {
    const request = this.prepare(message, config, secrets, tools.now, tools.nonce ?? '') as PreparedRequest;
    const hidden = [robotToken(secrets.webhook, address)];
    return await sendToRobot({ kind: 'feishu', request, tools, secrets, hidden, judge });
  },
};

function feishuBody(message: AlertMessage, config: FeishuConfig): { body: object; cut: boolean } {
  const { text, cut } = cutToBytes(withKeyword(message.text, config.keyword), mostTextBytes, jsonBytes);
  if (config.format !== 'card') return { body: { msg_type: 'text', content: { text } }, cut };
  const title = cutToBytes(message.title, mostTitleBytes, jsonBytes).text;
  const card = {
    header: { title: { tag: 'plain_text', content: title } },
    elements: [{ tag: 'markdown', content: text }],
  };
  return { body: { msg_type: 'interactive', card }, cut };
}

function judge(body: Record<string, unknown>): RobotVerdict | undefined {
  // `StatusCode` is the form of older answers.
  const code = numberIn(body, 'code') ?? numberIn(body, 'StatusCode');
  if (code === undefined) return undefined;
  if (code === 0) return { kind: 'ok' };
  const reason = textIn(body, 'msg') || textIn(body, 'StatusMessage');
  const sentences: Readonly<Record<number, 'sign' | 'ip' | 'keyword'>> = {
    19021: 'sign',
    19022: 'ip',
    19024: 'keyword',
  };
  const sentence = sentences[code];
  if (sentence) return { kind: 'refused', sentence, code: String(code), reason };
  if (code === 11232) return { kind: 'throttled', waitMs: 60_000 };
  if (code === 9499) return { kind: 'refused', sentence: 'other', code: String(code), reason };
  return refusalByWords(String(code), reason);
}
