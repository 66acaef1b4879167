import { validatePlainSecret } from '../../core/channel/plain-secret.ts';
import type { PlatformName } from '../../core/channel/platform.ts';
import { HubError } from '../../core/errors.ts';
import '../../core/channel/shopify/messages.ts';
import '../../core/channel/standard-webhooks/messages.ts';
import '../../core/channel/woocommerce/messages.ts';

/*
 * What the dialog says of a secret while it is typed. It is the judgement of `validateSecret` in core/channel,
 * which needs Node.js's cryptography and therefore cannot run in a browser; a test holds the two together.
 */

/** Why a secret cannot be the platform's, or undefined when it can. */
export function secretAdvice(platform: string, secret: string): HubError | undefined {
  const special = adviceOf[platform as PlatformName];
  return special?.(secret) ?? validatePlainSecret(secret) ?? undefined;
}

/** Besides what makes any secret useless. */
const adviceOf: Readonly<Partial<Record<PlatformName, (secret: string) => HubError | undefined>>> = {
  shopify(secret) {
    const token = /^shp(?:at|ca|pa|ua)_/.exec(secret.trim());
    return token ? new HubError('shopify.secret-is-token', { prefix: token[0] }) : undefined;
  },
  woocommerce(secret) {
    const escaped = [...new Set(secret.match(/[&<>"]/g))];
    if (escaped.length > 0) return new HubError('woocommerce.secret-escaped', { found: escaped.join(' ') });
    return secret.trim().startsWith('ck_') ? new HubError('woocommerce.secret-is-key') : undefined;
  },
  custom: standardAdvice,
  'standard-webhooks': standardAdvice,
};

/** What a custom channel pushes it signs in the same way. */
function standardAdvice(secret: string): HubError | undefined {
  const plain = validatePlainSecret(secret);
  if (plain) return plain;
  if (secret.startsWith('whsk_')) return new HubError('standard-webhooks.secret-private');
  if (secret.startsWith('whpk_')) return lengthAdvice(secret.slice('whpk_'.length), 32, 32);
  return lengthAdvice(secret.startsWith('whsec_') ? secret.slice('whsec_'.length) : secret, 24, 64);
}

/** The longest text that is decoded at all, as the running node has it: base64 of 1024 bytes. */
const longestText = Math.ceil(1024 / 3) * 4;

function lengthAdvice(text: string, least: number, most: number): HubError | undefined {
  const bytes = text.length > longestText ? undefined : bytesOfBase64(text);
  if (bytes === undefined || bytes === 0 || bytes > 1024)
    return new HubError('standard-webhooks.secret-not-base64');
  const wanted = least === most ? `${most}` : `${least}–${most}`;
  return bytes < least || bytes > most
    ? new HubError('standard-webhooks.secret-length', { bytes, wanted })
    : undefined;
}

/** How many bytes a text is in standard base64, padded and canonical; undefined for any other text. */
function bytesOfBase64(text: string): number | undefined {
  try {
    const decoded = atob(text);
    return btoa(decoded) === text ? decoded.length : undefined;
  } catch {
    // DOMException is how atob says that the text is not base64.
    return undefined;
  }
}
