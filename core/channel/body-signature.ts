import type { AccountRules, WebhookRefusal, WebhookRequest } from './platform.ts';
import { refuse } from './refusal.ts';
import { decodeBase64, hmac, sameBytes } from './signature.ts';

/** Bytes in an HMAC-SHA256. */
const digestBytes = 32;

/**
 * Checks the kind of signature several shops use: one header with the base64 HMAC-SHA256 of the raw body, the
 * key being the secret as text. Undefined when one of the secrets made it, else the refusal.
 */
export function judgeBodySignature(
  platform: string,
  header: string,
  request: WebhookRequest,
  rules: AccountRules,
): WebhookRefusal | undefined {
  const value = request.headers[header];
  if (!value) return refuse(401, 'channel.signature-missing', { platform, header });
  const signature = decodeBase64(value, { least: digestBytes, most: digestBytes });
  if (!signature) return refuse(401, 'channel.signature-malformed', { platform, header });
  // Anybody can sign with an empty key.
  const secrets = rules.secrets.filter((secret) => secret !== '');
  if (secrets.length === 0) return refuse(401, 'channel.secret-none', { platform });
  const matches = secrets.some((secret) => sameBytes(hmac('sha256', secret, request.body), signature));
  return matches ? undefined : refuse(401, 'channel.signature-wrong', { platform, secrets: secrets.length });
}
