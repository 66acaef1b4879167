import { HubError } from '../../errors.ts';
import { isBlank, judgeJsonForm } from '../body-form.ts';
import { judgeBodySignature } from '../body-signature.ts';
import { contentKey } from '../content-key.ts';
import { validatePlainSecret } from '../plain-secret.ts';
import type { AccountRules, Platform, WebhookRequest, WebhookVerdict } from '../platform.ts';
import { hmac } from '../signature.ts';
import { connectShopify } from './connection.ts';
import './messages.ts';

const title = 'Shopify';

/** The header family of webhooks, and the one of the newer Events, which drops the `x-`. */
const families = ['x-shopify', 'shopify'] as const;

/**
 * Shopify signs the raw body: base64 HMAC-SHA256, key = client secret of the app (of a webhook made by hand, the
 * secret the shop shows). It signs no time, so there is no replay window: what protects from replay are the keys.
 *
 * The delivery key is `X-Shopify-Webhook-Id`, the same on each of the retries. Content counts as well, for one
 * change has been seen to arrive twice at one instant under two ids; an order carries `updated_at`, so equal
 * bytes are one state. An account may switch that off, and then the delivery key alone decides.
 */
export const shopify: Platform = {
  name: 'shopify',
  title,
  contentRepeats: true,
  judge,
  validateSecret,
  connect: connectShopify,
};

function judge(request: WebhookRequest, rules: AccountRules): WebhookVerdict {
  const refusal =
    judgeJsonForm(request) ?? judgeBodySignature(title, `${familyOf(request)}-hmac-sha256`, request, rules);
  if (refusal) return refusal;
  const topic = headerOf(request, 'topic') ?? '';
  if (isBlank(request.body))
    return { kind: 'ignore', code: 'channel.body-empty', params: { topic: topic || null } };
  return {
    kind: 'accept',
    topic,
    deliveryKey: headerOf(request, 'webhook-id') ?? null,
    contentKey: rules.contentRepeats ? contentKey([topic], request.body) : null,
  };
}

/** The family the request is signed in; the older one when it is not signed at all. */
function familyOf(request: WebhookRequest): string {
  return families.find((family) => request.headers[`${family}-hmac-sha256`]) ?? families[0];
}

/** A header of the family the request is signed in; an empty one counts as absent. */
function headerOf(request: WebhookRequest, name: string): string | undefined {
  return request.headers[`${familyOf(request)}-${name}`] || undefined;
}

function validateSecret(secret: string): HubError | undefined {
  const token = /^shp(?:at|ca|pa|ua)_/.exec(secret.trim());
  if (token) return new HubError('shopify.secret-is-token', { prefix: token[0] });
  return validatePlainSecret(secret);
}

/** The headers with which Shopify sends this body; topic and ids are the caller's to add. */
export function signShopify(secret: string, body: string | Buffer): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-shopify-hmac-sha256': hmac('sha256', secret, body).toString('base64'),
  };
}
