import { HubError } from '../../../errors.ts';
import { redacted } from '../../../redacted.ts';
import { wellFormed } from '../../../well-formed.ts';
import { isBlank, isLoopback } from '../address.ts';
import { wireId } from '../alert-key.ts';
import {
  type AlertChannel,
  type AlertProblem,
  type AlertSecrets,
  type MailAddress,
  type PreparedMail,
  problem,
  requireSound,
  type SendReceipt,
  type SendTools,
} from '../channel.ts';
import { defaultTimeoutMs } from '../http-exchange.ts';
import { maskPersonal } from '../personal.ts';

export interface SmtpConfig {
  host: string;
  port: number;
  /** `tls`: from the first byte (465). `starttls`: demanded before anything secret is said (587). `none`: never. */
  security: 'tls' | 'starttls' | 'none';
  /** Empty for servers that want no sign-in. */
  user?: string;
  /** `Shop <shop@example.com>` or the address alone. */
  from: string;
  to: readonly string[];
}

type Nodemailer = typeof import('nodemailer');

const mostRecipients = 50;

/**
 * E-mail by SMTP. Secrets: `password`.
 *
 * @param load brings nodemailer, which is optional and loaded with the first mail
 */
export function smtpChannel(
  load: () => Promise<Nodemailer> = () => import('nodemailer'),
): AlertChannel<SmtpConfig> {
  return {
    kind: 'smtp',
    label: { 'en-US': 'E-mail', 'zh-CN': '邮件' },
    validate,
    prepare,
    async send(message, config, secrets, tools) {
      const mail = prepare(message, config, secrets, tools.now);
      return await deliver(await mailer(load), mail, config, secrets, tools);
    },
  };
}

export const smtp = smtpChannel();

function validate(config: SmtpConfig, secrets: AlertSecrets): AlertProblem[] {
  const problems: AlertProblem[] = [];
  if (isBlank(config.host)) problems.push(problem('host', 'alert.mail-host-missing'));
  if (!Number.isInteger(config.port) || config.port < 1 || config.port > 65_535) {
    problems.push(problem('port', 'alert.port-invalid', { found: String(config.port) }));
  }
  if (!['tls', 'starttls', 'none'].includes(config.security)) {
    const known = 'tls, starttls, none';
    problems.push(problem('security', 'alert.format-unknown', { format: String(config.security), known }));
  }
  if (!mailAddress(config.from))
    problems.push(problem('from', 'alert.sender-invalid', { found: String(config.from) }));
  problems.push(...recipientProblems(config.to));
  if (!isBlank(config.user) && !secrets.password)
    problems.push(problem('password', 'alert.password-missing'));
  if (
    config.security === 'none' &&
    secrets.password &&
    !isBlank(config.host) &&
    !isLoopback(config.host.trim())
  ) {
    problems.push(problem('security', 'alert.password-plain', { host: config.host }, 'warning'));
  }
  return problems;
}

function recipientProblems(to: unknown): AlertProblem[] {
  if (!Array.isArray(to) || to.length === 0) return [problem('to', 'alert.recipients-missing')];
  if (to.length > mostRecipients) {
    return [problem('to', 'alert.recipients-many', { found: to.length, most: mostRecipients })];
  }
  const wrong = to.find((recipient) => !mailAddress(recipient));
  return wrong === undefined ? [] : [problem('to', 'alert.mail-address-invalid', { found: String(wrong) })];
}

/** One address, with or without a name before it. Taken apart here, so that nothing in it is read as two. */
function mailAddress(text: unknown): MailAddress | undefined {
  if (typeof text !== 'string' || /\p{Cc}/u.test(text)) return undefined;
  const match = /^(?:"?([^"<>]*?)"?\s*<([^\s<>]+)>|([^\s<>]+))$/.exec(text.trim());
  const address = match?.[2] ?? match?.[3] ?? '';
  if (!/^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/.test(address)) return undefined;
  return { name: match?.[1]?.trim() ?? '', address };
}

function prepare(
  message: Parameters<AlertChannel<SmtpConfig>['prepare']>[0],
  config: SmtpConfig,
  secrets: AlertSecrets,
  now: number,
): PreparedMail {
  requireSound(validate(config, secrets));
  const from = mailAddress(config.from)!;
  return {
    kind: 'mail',
    from,
    to: config.to.map((recipient) => mailAddress(recipient)!),
    subject: wellFormed(message.title).replace(/\p{Cc}+/gu, ' '),
    text: wellFormed(message.text),
    messageId: `<${wireId(message.id)}@${from.address.slice(from.address.lastIndexOf('@') + 1)}>`,
    date: new Date(now),
    cut: false,
  };
}

async function mailer(load: () => Promise<Nodemailer>): Promise<Nodemailer> {
  try {
    return await load();
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new HubError('alert.mailer-missing', { reason });
  }
}

async function deliver(
  nodemailer: Nodemailer,
  mail: PreparedMail,
  config: SmtpConfig,
  secrets: AlertSecrets,
  tools: SendTools,
): Promise<SendReceipt> {
  const timeoutMs = tools.timeoutMs ?? defaultTimeoutMs;
  const connectTimeoutMs = tools.connectTimeoutMs ?? Math.min(timeoutMs, defaultTimeoutMs);
  const user = config.user?.trim() ?? '';
  const transport = nodemailer.createTransport({
    host: config.host.trim(),
    port: config.port,
    secure: config.security === 'tls',
    requireTLS: config.security === 'starttls',
    ignoreTLS: config.security === 'none',
    auth: user === '' ? undefined : { user, pass: secrets.password ?? '' },
    connectionTimeout: connectTimeoutMs,
    dnsTimeout: connectTimeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = tools.signal ? AbortSignal.any([timeout, tools.signal]) : timeout;
  try {
    const sent = await transport.sendMail({
      from: mail.from,
      to: [...mail.to],
      subject: mail.subject,
      text: mail.text,
      messageId: mail.messageId,
      date: mail.date,
      headers: { 'Auto-Submitted': 'auto-generated' },
      signal,
    });
    const { rejected } = sent;
    const refused = rejected.map((recipient) => ({
      recipient: maskPersonal(recipient, 'email'),
      code: 'EENVELOPE',
      reason: '–',
    }));
    return { kind: 'smtp', at: tools.now, providerId: sent.messageId, cut: mail.cut, refused };
  } catch (error) {
    throw mailError(error, { config, secrets, timeoutMs, timeout, stopped: tools.signal, mail });
  } finally {
    transport.close();
  }
}

interface MailFailure {
  config: SmtpConfig;
  secrets: AlertSecrets;
  mail: PreparedMail;
  timeoutMs: number;
  timeout: AbortSignal;
  stopped: AbortSignal | undefined;
}

function mailError(error: unknown, failure: MailFailure): HubError {
  const { config, secrets, timeoutMs, timeout, stopped, mail } = failure;
  const host = `${config.host.trim()}:${config.port}`;
  if (stopped?.aborted) return new HubError('alert.stopped', { host }, { retryable: true });
  if (timeout.aborted)
    return new HubError('alert.timeout', { host, seconds: timeoutMs / 1000 }, { retryable: true });

  const { code, response, responseCode, message } = smtpFailure(error);
  const user = config.user?.trim() ?? '';
  const hidden = [secrets.password, user, `\0${user}\0${secrets.password ?? ''}`];
  let told = response || message;
  for (const { address } of mail.to) told = told.replaceAll(address, maskPersonal(address, 'email'));
  const reason = redacted(told, hidden) || '–';
  const params = { host, reason };
  const status = responseCode ?? 0;
  const temporary = status >= 400 && status < 500;
  if (code === 'EAUTH' && !temporary) return new HubError('alert.mail-auth', params);
  if (code === 'ETLS') return new HubError('alert.mail-tls', params);
  if (code === 'ESOCKET' && /certificate|self[- ]signed|altnames|wrong version|ssl routines/i.test(message)) {
    return new HubError('alert.mail-tls', params);
  }
  if (code === 'ETIMEDOUT') {
    return new HubError('alert.timeout', { host, seconds: timeoutMs / 1000 }, { retryable: true });
  }
  if (temporary) return new HubError('alert.mail-later', { ...params, status }, { retryable: true });
  if (status >= 500) return new HubError('alert.mail-refused', { ...params, status });
  if (code === 'EENVELOPE' || code === 'EMESSAGE')
    return new HubError('alert.mail-refused', { ...params, status: code });
  return new HubError('alert.unreachable', params, { retryable: true });
}

/** What nodemailer puts onto its errors. */
function smtpFailure(error: unknown): {
  code: string;
  response: string;
  responseCode?: number;
  message: string;
} {
  if (!(error instanceof Error)) return { code: '', response: '', message: String(error) };
  const { code, response, responseCode } = error as Error & Record<string, unknown>;
  return {
    code: typeof code === 'string' ? code : '',
    response: typeof response === 'string' ? response : '',
    responseCode: typeof responseCode === 'number' ? responseCode : undefined,
    message: error.message,
  };
}
