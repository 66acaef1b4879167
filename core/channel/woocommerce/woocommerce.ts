import { HubError } from '../../errors.ts';
import { isBlank, judgeJsonForm, mediaType } from '../body-form.ts';
import { judgeBodySignature } from '../body-signature.ts';
import { contentKey } from '../content-key.ts';
import { validatePlainSecret } from '../plain-secret.ts';
import type { AccountRules, Platform, WebhookRequest, WebhookVerdict } from '../platform.ts';
import { hmac } from '../signature.ts';
import { connectWooCommerce } from './connection.ts';
import './messages.ts';

const title = 'WooCommerce';
const signatureHeader = 'x-wc-webhook-signature';

/** `webhook_id=` and a database id of up to 20 digits. */
const pingBody = /^webhook_id=\d{1,20}$/;
const longestPing = 'webhook_id='.length + 20;

/**
 * WooCommerce signs the raw body: base64 HMAC-SHA256, key = secret of the webhook. It signs no time, so there is
 * no replay window.
 *
 * There is no delivery key: `X-WC-Webhook-Delivery-ID` is a hash of the webhook's id and the current second, so
 * two orders delivered within a second share it. What recognises a repeat is the content, and therefore the
 * content key stays even when the account says that content does not repeat.
 */
export const woocommerce: Platform = {
  name: 'woocommerce',
  title,
  contentRepeats: true,
  judge,
  validateSecret,
  connect: connectWooCommerce,
};

function judge(request: WebhookRequest, rules: AccountRules): WebhookVerdict {
  if (isPing(request)) return { kind: 'ping' };
  const refusal = judgeJsonForm(request) ?? judgeBodySignature(title, signatureHeader, request, rules);
  if (refusal) return refusal;
  const topic = request.headers['x-wc-webhook-topic'] ?? '';
  if (isBlank(request.body))
    return { kind: 'ignore', code: 'channel.body-empty', params: { topic: topic || null } };
  return { kind: 'accept', topic, deliveryKey: null, contentKey: keyOf(topic, request) };
}

/**
 * The content is named by all its bytes and not by (id, date_modified_gmt, topic): that time has whole seconds,
 * and of two states within one second the later would be lost.
 *
 * The body of a deletion is the id alone, and that of an `action.…` the id and the action's name. An order that
 * is put in the bin, taken out and put in again says the same bytes twice and means it, so there the delivery
 * counts as well: retried or copied requests are still recognised, and saving a deletion twice changes nothing.
 */
function keyOf(topic: string, request: WebhookRequest): string {
  const timeless = topic.startsWith('action.') || topic.endsWith('.deleted');
  const labels = timeless ? [topic, request.headers['x-wc-webhook-delivery-id'] ?? ''] : [topic];
  return contentKey(labels, request.body);
}

/**
 * When a webhook is saved, WooCommerce posts `webhook_id=N` as a form, unsigned, and wants exactly 200 before it
 * switches the webhook on. Since nothing proves who sends it, only precisely that is a ping.
 */
function isPing(request: WebhookRequest): boolean {
  return (
    request.headers[signatureHeader] === undefined &&
    request.headers['content-encoding'] === undefined &&
    mediaType(request.headers['content-type'] ?? '') === 'application/x-www-form-urlencoded' &&
    request.body.length <= longestPing &&
    pingBody.test(request.body.toString('latin1'))
  );
}

function validateSecret(secret: string): HubError | undefined {
  const escaped = [...new Set(secret.match(/[&<>"]/g))];
  if (escaped.length > 0) return new HubError('woocommerce.secret-escaped', { found: escaped.join(' ') });
  if (secret.trim().startsWith('ck_')) return new HubError('woocommerce.secret-is-key');
  return validatePlainSecret(secret);
}

/** The headers with which WooCommerce sends this body; topic and ids are the caller's to add. */
export function signWooCommerce(secret: string, body: string | Buffer): Record<string, string> {
  return {
    'content-type': 'application/json',
    [signatureHeader]: hmac('sha256', secret, body).toString('base64'),
  };
}
