import { isBlank, judgeJsonForm } from '../body-form.ts';
import { contentKey } from '../content-key.ts';
import type { AccountRules, WebhookRefusal, WebhookRequest, WebhookVerdict } from '../platform.ts';
import { refuse } from '../refusal.ts';
import { sameBytes } from '../signature.ts';
import { title } from './answer.ts';
import { isAddressCheck, messagesIn } from './push-messages.ts';
import { eventSigns } from './sign.ts';

const keyHeader = 'app-id';
const signHeader = 'event-sign';

/**
 * Douyin signs app key, raw body and secret: by MD5, or by HMAC-SHA256 as one source has it; either is lower-case hex in
 * `event-sign`. No time is signed, so there is no replay window: what protects from replay are the messages' ids.
 *
 * A body is a list of messages; each is stored for itself under its id, which is the same when it comes again.
 */
export function judgePush(request: WebhookRequest, rules: AccountRules): WebhookVerdict {
  const refusal = judgeJsonForm(request) ?? judgeSign(request, rules);
  if (refusal) return refusal;
  const { body } = request;
  const keyOf = (topic: string, bytes: Buffer): string | null =>
    rules.contentRepeats ? contentKey([topic], bytes) : null;
  if (isBlank(body)) return nothing;
  const messages = messagesIn(body);
  if (!messages) return { kind: 'accept', topic: '', deliveryKey: null, contentKey: keyOf('', body) };
  if (messages.length === 0) return nothing;
  const news = messages.filter((message) => !isAddressCheck(message));
  if (news.length === 0) return { kind: 'ping' };
  return {
    kind: 'accept-each',
    messages: news.map(({ tag, id, body: text }) => {
      const bytes = Buffer.from(text);
      return { topic: tag, deliveryKey: id, contentKey: keyOf(tag, bytes), body: bytes };
    }),
  };
}

const nothing: WebhookVerdict = { kind: 'ignore', code: 'channel.body-empty', params: { topic: null } };

/** Undefined when one of the secrets made the signature, else the refusal. */
function judgeSign({ headers, body }: WebhookRequest, rules: AccountRules): WebhookRefusal | undefined {
  const appKey = headers[keyHeader] ?? '';
  const sign = headers[signHeader] ?? '';
  for (const [header, value] of [
    [signHeader, sign],
    [keyHeader, appKey],
  ] as const)
    if (value === '') return refuse(401, 'channel.signature-missing', { platform: title, header });
  if (!/^(?:[0-9a-f]{32}|[0-9a-f]{64})$/.test(sign))
    return refuse(401, 'channel.signature-malformed', { platform: title, header: signHeader });
  // Anybody can sign with an empty key.
  const secrets = rules.secrets.filter((secret) => secret !== '');
  if (secrets.length === 0) return refuse(401, 'channel.secret-none', { platform: title });
  const signed = Buffer.from(sign, 'hex');
  // Nothing stands between key and body where they are signed: digits must not pass from one to the other.
  const isSplit = /^\d{1,32}$/.test(appKey) && !/^\d/.test(body.toString('latin1', 0, 1));
  const matches = secrets.some((secret) =>
    Object.values(eventSigns).some((make) => sameBytes(make(appKey, body, secret), signed)),
  );
  return isSplit && matches
    ? undefined
    : refuse(401, 'channel.signature-wrong', { platform: title, secrets: secrets.length });
}
