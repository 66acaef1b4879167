import { type MessageParams, sentence } from '../message.ts';
import './messages.ts';
import type { AcceptedMessage, AccountRules, Platform, WebhookRequest, WebhookVerdict } from './platform.ts';

/** The largest body of an account that has not chosen a limit: 5 MB (5 × 1024 × 1024 bytes). */
export const defaultMaxBodyBytes = 5 * 1024 * 1024;

/** Seconds after which a sender may try again: a start takes moments, a person switching something on longer. */
const retryAfterSeconds = { notReady: 10, disabled: 300 } as const;

/** What the gate has to know of the account an address belongs to. */
export interface AccountState {
  platform: Platform;
  rules: AccountRules;
  disabled: boolean;
  /** Bytes; default {@link defaultMaxBodyBytes}. */
  maxBodyBytes?: number;
}

/** What is known of a request before its body has been read. */
export interface WebhookArrival {
  /** Undefined when no account has the address. */
  account: AccountState | undefined;
  /** In capitals, as Node.js gives it. */
  method: string;
  /** The declared Content-Length in bytes, when there is one. */
  contentLength: number | undefined;
  /** Another middleware has read the stream: the bytes that were signed are gone. */
  bodyAlreadyParsed: boolean;
  /** The flows have started, and the store answers. False while deploying, too. */
  ready: boolean;
}

export interface WebhookCall extends WebhookArrival {
  /** The reader gave up at the account's limit, so `request.body` is not whole. */
  bodyTooLarge: boolean;
  request: WebhookRequest;
}

export interface WebhookAnswer {
  status: number;
  /** Seconds for the header Retry-After. */
  retryAfterSeconds?: number;
  /** Value of the header Allow. */
  allow?: string;
  /** JSON for the caller: for 401 and 404 the same whatever the reason. */
  body: Readonly<Record<string, string | number | boolean>>;
  /** Code and values of the sentence for the account's owner: log, status, last delivery. */
  code: string;
  params: MessageParams;
  /** Present when these have to be stored first; the status is the answer once they all are durable. */
  accept?: readonly AcceptedMessage[];
}

/**
 * What can be said before a byte of the body is read; undefined when the body is needed. What will not change by
 * waiting (404, 405, 413, 500) goes before what will (503). An address nobody has is told 404 only when the hub is
 * ready: while it deploys, the account may just not be there yet, and the sender has to come back.
 */
export function judgeArrival(arrival: WebhookArrival): WebhookAnswer | undefined {
  const { account, method, contentLength, bodyAlreadyParsed, ready } = arrival;
  if (!account) return ready ? unknownAccount() : later('channel.not-ready', retryAfterSeconds.notReady);
  if (method !== 'POST') {
    return { ...told(405, 'channel.method-wrong', { method }), allow: 'POST' };
  }
  const limit = account.maxBodyBytes ?? defaultMaxBodyBytes;
  if (contentLength !== undefined && contentLength > limit) return tooLarge(limit);
  // The one thing that must never be tried instead: signing over JSON that was parsed and written again.
  if (bodyAlreadyParsed) return told(500, 'channel.body-consumed');
  if (account.disabled) return later('channel.disabled', retryAfterSeconds.disabled);
  if (!ready) return later('channel.not-ready', retryAfterSeconds.notReady);
  return undefined;
}

/** The answer to a webhook, and what of it to store first. Pure; never throws, whatever the request holds. */
export function judgeWebhook(call: WebhookCall): WebhookAnswer {
  const early = judgeArrival(call);
  if (early) return early;
  const { account, request } = call;
  if (!account) return unknownAccount();
  const limit = account.maxBodyBytes ?? defaultMaxBodyBytes;
  if (call.bodyTooLarge || request.body.length > limit) return tooLarge(limit);
  const { platform, rules } = account;
  return answerTo(platform.judge(request, rules), request, platform.success ?? { ok: true });
}

function answerTo(
  verdict: WebhookVerdict,
  { body }: WebhookRequest,
  success: WebhookAnswer['body'],
): WebhookAnswer {
  const fine = (code: string, params: MessageParams): WebhookAnswer => ({
    status: 200,
    body: success,
    code,
    params,
  });
  const accepted = (messages: readonly AcceptedMessage[]): WebhookAnswer => {
    const topics = [...new Set(messages.map(({ topic }) => topic).filter((topic) => topic !== ''))];
    return { ...fine('channel.accepted', { topic: topics.join(', ') || null }), accept: messages };
  };
  switch (verdict.kind) {
    case 'accept': {
      const { topic, deliveryKey, contentKey } = verdict;
      return accepted([{ topic, deliveryKey, contentKey, body }]);
    }
    case 'accept-each':
      return accepted(verdict.messages);
    case 'ping':
      return fine('channel.ping', {});
    case 'ignore':
      return fine(verdict.code, verdict.params);
    case 'refuse':
      return verdict.status === 401
        ? { status: 401, body: { error: 'unauthorized' }, code: verdict.code, params: verdict.params }
        : told(verdict.status, verdict.code, verdict.params);
  }
}

/** An answer whose reason the caller may know, in English: it is read by whoever runs the sending system. */
function told(status: number, code: string, params: MessageParams = {}): WebhookAnswer {
  return { status, body: { error: code, message: sentence(code, params, 'en-US') }, code, params };
}

function unknownAccount(): WebhookAnswer {
  return { status: 404, body: { error: 'not-found' }, code: 'channel.account-unknown', params: {} };
}

function tooLarge(limit: number): WebhookAnswer {
  return told(413, 'channel.body-too-large', { limit });
}

function later(code: string, seconds: number): WebhookAnswer {
  return { ...told(503, code, { seconds }), retryAfterSeconds: seconds };
}
