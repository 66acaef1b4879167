import { HubError } from '../../../errors.ts';
import { redacted } from '../../../redacted.ts';
import { type AlertProblem, type PreparedRequest, problem, type SendTools } from '../channel.ts';
import { exchange, type HttpAnswer, jsonObject } from '../http-exchange.ts';
import { maskPersonal } from '../personal.ts';

/** What the SMS providers' settings have in common. */
export interface SmsConfig {
  /** Phone numbers: 11 digits within mainland China, or `+` and country code. */
  recipients: readonly string[];
  /** The approved signature that stands before the text. */
  signName: string;
  /** Host that requests are signed for; regions have their own. */
  endpoint?: string;
  /** Origin of a relay that passes requests on to the endpoint. */
  baseUrl?: string;
}

const phoneForm = /^\+?\d{5,20}$/;

/** A phone number without what people put between the digits. */
export function plainPhone(recipient: string): string {
  return recipient.normalize('NFKC').replace(/[\s()-]/g, '');
}

export function recipientProblems(recipients: unknown, most: number): AlertProblem[] {
  if (!Array.isArray(recipients) || recipients.length === 0) {
    return [problem('recipients', 'alert.recipients-missing')];
  }
  if (recipients.length > most) {
    return [problem('recipients', 'alert.recipients-many', { found: recipients.length, most })];
  }
  const wrong = recipients.find((value) => typeof value !== 'string' || !phoneForm.test(plainPhone(value)));
  return wrong === undefined ? [] : [problem('recipients', 'alert.phone-invalid', { found: String(wrong) })];
}

/** The answer of a provider: its JSON, whatever the HTTP status. */
export interface SmsAnswer {
  answer: HttpAnswer;
  body: Record<string, unknown>;
  /** What a provider said, without secrets and phone numbers. */
  told(text: unknown): string;
}

/**
 * Posts to an SMS provider. Sending is not idempotent: when the answer was lost or cannot be read, the message may
 * be on its way, and sending again could ring a phone twice. That ends as `alert.sms-unknown-outcome`, not
 * retryable; only what surely never left is.
 */
export async function postSms(
  request: PreparedRequest,
  tools: SendTools,
  secrets: readonly (string | undefined)[],
  recipients: readonly string[],
): Promise<SmsAnswer> {
  const answer = await exchange(request, tools, secrets);
  if (answer.kind === 'fault') {
    if (answer.arrived === 'no') throw answer.error;
    throw unknownOutcome(String(answer.error.params.host), answer.error.message);
  }
  const spellings = recipients.flatMap((phone) => [
    phone,
    phone.replace(/^\+/, ''),
    phone.replace(/^\+?86/, ''),
  ]);
  // Longer spellings first: of +8613… nothing must be left standing.
  const phones = [...new Set(spellings)].sort((a, b) => b.length - a.length);
  const told = (text: unknown) => {
    let clean = typeof text === 'string' ? text : '';
    for (const phone of phones) clean = clean.replaceAll(phone, maskPersonal(phone, 'phone'));
    return redacted(clean, secrets) || '–';
  };
  const body = jsonObject(answer.text);
  if (!body) throw unknownOutcome(answer.host, `HTTP ${answer.status}`);
  return { answer, body, told };
}

export function unknownOutcome(host: string, reason: string): HubError {
  return new HubError('alert.sms-unknown-outcome', { host, reason });
}

/** The provider's refusal in its own words. */
export function smsRefused(host: string, code: string, reason: string): HubError {
  return new HubError('alert.sms-refused', { host, code, reason });
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** Providers count days in China's time, UTC+8 without summer time. */
const chinaOffsetMs = 8 * hourMs;

/** A provider's limit on messages to one number: nothing was sent, and it passes by itself. */
export function smsLimited(host: string, period: 'minute' | 'hour' | 'day', now: number): HubError {
  const waits = { minute: minuteMs, hour: hourMs, day: dayMs - ((now + chinaOffsetMs) % dayMs) };
  const retryAfterMs = waits[period];
  const minutes = Math.ceil(retryAfterMs / minuteMs);
  return new HubError('alert.sms-limited', { host, minutes }, { retryable: true, retryAfterMs });
}
