import type { AxiosInstance, AxiosProxyConfig } from 'axios';
import { HubError } from '../../errors.ts';
import { type MessageParams, sentence } from '../../message.ts';
import './messages.ts';

/** The ways an alert can reach somebody. */
export const alertKinds = [
  'smtp',
  'webhook',
  'dingtalk',
  'wecom',
  'feishu',
  'sms-aliyun',
  'sms-tencent',
] as const;
export type AlertKind = (typeof alertKinds)[number];

/** An alert ready to be sent: rendered, masked and escaped for its target (see `composeAlert`). */
export interface AlertMessage {
  /** The same on every attempt, different for every alert: see `alertKey`. */
  id: string;
  /** One line. */
  title: string;
  text: string;
  /** What programs on the other side read besides the text; only signed webhooks carry it. */
  data?: Readonly<Record<string, string | number | boolean | null>>;
  /** Variables of an SMS template, in its order. */
  variables?: readonly { name: string; value: string }[];
}

/** Credentials by name; never shown, logged or put into an error. */
export type AlertSecrets = Readonly<Record<string, string | undefined>>;

/** A fault in a target's settings; `warning` does not keep it from sending. */
export interface AlertProblem {
  level: 'error' | 'warning';
  /** The setting or credential it is about. */
  field: string;
  code: string;
  params: MessageParams;
  sentence: string;
}

/** An HTTP request as it goes over the wire. It holds secrets: for sending, never for showing. */
export interface PreparedRequest {
  kind: 'request';
  url: string;
  headers: Readonly<Record<string, string>>;
  /** Empty for a request without a body. */
  body: string;
  /** Whether the text had to be shortened to what the target takes. */
  cut: boolean;
}

export interface PreparedMail {
  kind: 'mail';
  from: MailAddress;
  to: readonly MailAddress[];
  subject: string;
  text: string;
  /** Derived from the alert's id, so that a mail sent again after a lost answer can be told as the same one. */
  messageId: string;
  date: Date;
  cut: boolean;
}

export interface MailAddress {
  name: string;
  address: string;
}

export type HttpClient = Pick<AxiosInstance, 'request'>;

/** What sending needs from outside. */
export interface SendTools {
  http: HttpClient;
  /** Epoch milliseconds: signatures carry it. */
  now: number;
  /** Makes two requests of the same moment differ; random when left out. */
  nonce?: string;
  /** Milliseconds until the whole exchange, and until the connection, is given up. Default 10 s each. */
  timeoutMs?: number;
  connectTimeoutMs?: number;
  /** Gives up at once when the node closes. */
  signal?: AbortSignal;
  /** Without one, requests go directly, whatever the environment says. */
  proxy?: AxiosProxyConfig;
}

export interface SendReceipt {
  kind: AlertKind;
  /** When the attempt began, epoch milliseconds. */
  at: number;
  /** What the other side calls the message, if it said. */
  providerId: string | null;
  cut: boolean;
  /** Recipients that were refused while others were not; masked. Sending again would reach the others twice. */
  refused: readonly { recipient: string; code: string; reason: string }[];
}

/**
 * One way to send alerts. `validate` and `prepare` are pure. `send` throws a HubError: `retryable` when the same
 * message may get through later, with `retryAfterMs` when the other side said how long to wait. No error holds a
 * secret, in its text, its values or its cause.
 */
export interface AlertChannel<C extends object = object> {
  readonly kind: AlertKind;
  readonly label: Readonly<Record<'en-US' | 'zh-CN', string>>;
  validate(config: C, secrets: AlertSecrets): AlertProblem[];
  /** @throws HubError the first of `validate`'s errors */
  prepare(
    message: AlertMessage,
    config: C,
    secrets: AlertSecrets,
    now: number,
    nonce: string,
  ): PreparedRequest | PreparedMail;
  send(message: AlertMessage, config: C, secrets: AlertSecrets, tools: SendTools): Promise<SendReceipt>;
}

/** A problem with its sentence filled in. */
export function problem(
  field: string,
  code: string,
  params: MessageParams = {},
  level: AlertProblem['level'] = 'error',
): AlertProblem {
  return { level, field, code, params, sentence: sentence(code, params) };
}

/** @throws HubError the first error among the problems */
export function requireSound(problems: readonly AlertProblem[]): void {
  const error = problems.find(({ level }) => level === 'error');
  if (error) throw new HubError(error.code, error.params);
}
