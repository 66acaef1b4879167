import type { WebhookRefusal, WebhookRequest } from './platform.ts';
import { refuse } from './refusal.ts';

/** How much of a foreign header is shown to a person. */
const shownLength = 80;

/**
 * Refuses a body in a form the hub does not read: compressed, or declared as something other than JSON. Decided
 * before the signature, since it needs no secret and the sender can be told. No declaration counts as JSON; the
 * charset is not looked at, for the bytes are kept as they came.
 */
export function judgeJsonForm(request: WebhookRequest): WebhookRefusal | undefined {
  const encoding = (request.headers['content-encoding'] ?? '').trim();
  if (encoding !== '' && encoding.toLowerCase() !== 'identity') {
    return refuse(415, 'channel.encoding-unsupported', { found: encoding.slice(0, shownLength) });
  }
  const declared = request.headers['content-type'] ?? '';
  if (declared.trim() === '' || isJson(mediaType(declared))) return undefined;
  return refuse(415, 'channel.type-unsupported', { found: declared.slice(0, shownLength) });
}

/** The `type/subtype` of a Content-Type in lower case, without its parameters. */
export function mediaType(contentType: string): string {
  return (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
}

/** `application/json`, or a type that names JSON as its syntax (RFC 6839, `application/…+json`). */
function isJson(type: string): boolean {
  return type === 'application/json' || /^application\/[\w.!#$&^-]+(?:\+[\w.!#$&^-]+)*\+json$/.test(type);
}

/** True when there is nothing in the body: no bytes, or white space only. Stops at the first other byte. */
export function isBlank(body: Buffer): boolean {
  return body.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d));
}
