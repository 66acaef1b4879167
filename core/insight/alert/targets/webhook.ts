import { signingKey } from '../../../channel/standard-webhooks/keys.ts';
import { signStandardWebhook } from '../../../channel/standard-webhooks/standard-webhooks.ts';
import { HubError } from '../../../errors.ts';
import { wellFormed } from '../../../well-formed.ts';
import { isBlank, urlProblems } from '../address.ts';
import { wireId } from '../alert-key.ts';
import {
  type AlertChannel,
  type AlertProblem,
  type PreparedRequest,
  problem,
  requireSound,
} from '../channel.ts';
import { exchange, statusError } from '../http-exchange.ts';

export interface WebhookConfig {
  url: string;
}

/** The event's name in the body. */
export const alertEventType = 'order-hub.alert';

/**
 * Any system that understands Standard Webhooks. The body is `{type, timestamp, data: {title, text, …}}`, the
 * `webhook-id` the same on every attempt, so that the receiver can tell a repeat. Secrets: `secret`, `whsec_…`
 * (or `whsk_…` for ed25519).
 */
export const webhook: AlertChannel<WebhookConfig> = {
  kind: 'webhook',
  label: { 'en-US': 'HTTP webhook (signed)', 'zh-CN': 'HTTP 推送（带签名）' },

  validate(config, secrets) {
    const problems = isBlank(config.url)
      ? [problem('url', 'alert.url-missing')]
      : urlProblems('url', config.url);
    return [...problems, ...secretProblems(secrets.secret)];
  },

  prepare(message, config, secrets, now): PreparedRequest {
    requireSound(this.validate(config, secrets));
    const { title, text, data } = message;
    const body = JSON.stringify({
      type: alertEventType,
      timestamp: new Date(now).toISOString(),
      data: { ...data, title: wellFormed(title), text: wellFormed(text) },
    });
    const id = `alert_${wireId(message.id)}`;
    const headers = signStandardWebhook(secrets.secret!.trim(), id, Math.floor(now / 1000), body);
    return { kind: 'request', url: config.url.trim(), headers, body, cut: false };
  },

  async send(message, config, secrets, tools) {
    const request = this.prepare(message, config, secrets, tools.now, tools.nonce ?? '') as PreparedRequest;
    const hidden = [...Object.values(secrets), config.url];
    const answer = await exchange(request, tools, hidden);
    if (answer.kind === 'fault') throw answer.error;
    // By the standard, 410 asks not to be called any more.
    if (answer.status === 410) throw new HubError('alert.webhook-gone', { host: answer.host });
    const error = statusError(answer, hidden);
    if (error) throw error;
    return {
      kind: 'webhook',
      at: tools.now,
      providerId: request.headers['webhook-id'] ?? null,
      cut: false,
      refused: [],
    };
  },
};

function secretProblems(secret: string | undefined): AlertProblem[] {
  if (!secret?.trim()) return [problem('secret', 'alert.secret-missing')];
  try {
    signingKey(secret.trim());
    return [];
  } catch (error) {
    if (HubError.is(error)) return [problem('secret', error.code, error.params)];
    throw error;
  }
}
