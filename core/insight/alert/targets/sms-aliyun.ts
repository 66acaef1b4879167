import { randomUUID } from 'node:crypto';
import { HubError } from '../../../errors.ts';
import { baseUrlProblems, isBlank, underBase } from '../address.ts';
import { type AlertChannel, type PreparedRequest, problem, requireSound } from '../channel.ts';
import { throttled } from '../http-exchange.ts';
import { signAcs3 } from './acs3-signature.ts';
import {
  plainPhone,
  postSms,
  recipientProblems,
  type SmsAnswer,
  type SmsConfig,
  smsLimited,
  smsRefused,
  unknownOutcome,
} from './sms.ts';

export interface AliyunSmsConfig extends SmsConfig {
  /** The approved template, `SMS_…`; its variables are the message's, by name. */
  templateCode: string;
}

const defaultEndpoint = 'dysmsapi.aliyuncs.com';
const mostRecipients = 1000;

/** SMS through Alibaba Cloud (SendSms, 2017-05-25). Secrets: `accessKeyId`, `accessKeySecret`. */
export const smsAliyun: AlertChannel<AliyunSmsConfig> = {
  kind: 'sms-aliyun',
  label: { 'en-US': 'SMS (Alibaba Cloud)', 'zh-CN': '阿里云短信' },

  validate(config, secrets) {
    const problems = [
      ...recipientProblems(config.recipients, mostRecipients),
      ...baseUrlProblems(config.baseUrl),
    ];
    if (isBlank(config.signName)) problems.push(problem('signName', 'alert.sign-name-missing'));
    if (isBlank(config.templateCode)) problems.push(problem('templateCode', 'alert.template-missing'));
    for (const name of ['accessKeyId', 'accessKeySecret']) {
      if (isBlank(secrets[name])) problems.push(problem(name, 'alert.access-key-missing'));
    }
    return problems;
  },

  prepare(message, config, secrets, now, nonce): PreparedRequest {
    requireSound(this.validate(config, secrets));
    const host = config.endpoint?.trim() || defaultEndpoint;
    const variables = Object.fromEntries((message.variables ?? []).map(({ name, value }) => [name, value]));
    const signed = signAcs3(
      {
        method: 'POST',
        host,
        action: 'SendSms',
        version: '2017-05-25',
        query: {
          PhoneNumbers: config.recipients.map(aliyunPhone).join(','),
          SignName: config.signName.trim(),
          TemplateCode: config.templateCode.trim(),
          TemplateParam: JSON.stringify(variables),
        },
        body: '',
        now,
        nonce,
      },
      secrets.accessKeyId!.trim(),
      secrets.accessKeySecret!.trim(),
    );
    const url = underBase(config.baseUrl?.trim() || `https://${host}`, '/');
    // Exactly the query that was signed: URL would encode some characters differently.
    return {
      kind: 'request',
      url: `${url.href}?${signed.query}`,
      headers: signed.headers,
      body: '',
      cut: false,
    };
  },

  async send(message, config, secrets, tools) {
    const nonce = tools.nonce ?? randomUUID();
    const request = this.prepare(message, config, secrets, tools.now, nonce) as PreparedRequest;
    const hidden = [...Object.values(secrets), request.url];
    const result = await postSms(request, tools, hidden, config.recipients.map(aliyunPhone));
    if (result.body.Code !== 'OK') throw aliyunError(result, tools.now);
    const { BizId: id } = result.body;
    return {
      kind: 'sms-aliyun',
      at: tools.now,
      providerId: typeof id === 'string' ? id : null,
      cut: false,
      refused: [],
    };
  },
};

/** Mainland numbers go without country code, others with it and without the plus. */
function aliyunPhone(recipient: string): string {
  return plainPhone(recipient)
    .replace(/^\+86(?=1\d{10}$)/, '')
    .replace(/^\+/, '');
}

function aliyunError({ answer, body, told }: SmsAnswer, now: number): HubError {
  const { host } = answer;
  const code = typeof body.Code === 'string' ? told(body.Code) : '';
  const reason = told(body.Message);
  // Not the provider's own form of an answer: a gateway's, and the request may have gone through.
  if (code === '') return unknownOutcome(host, `HTTP ${answer.status}`);
  if (/BUSINESS_LIMIT|DAY_LIMIT|HOUR_LIMIT|MINUTE_LIMIT/i.test(code)) {
    return smsLimited(host, periodIn(`${code} ${reason}`), now);
  }
  if (/^Throttling/.test(code)) return throttled(host, answer.retryAfterMs ?? 60_000);
  if (/^(isp\.|InternalError|ServiceUnavailable|UnknownError|SignatureNonceUsed)/.test(code)) {
    // Faults inside the provider; a nonce already used says that this very request was received before.
    return unknownOutcome(host, `${code}: ${reason}`);
  }
  if (
    /SignatureDoesNotMatch|InvalidAccessKey|IncompleteSignature|Forbidden|NoPermission|RAM_PERMISSION/i.test(
      code,
    )
  ) {
    return new HubError('alert.sms-credentials', { host, code, reason });
  }
  if (/InvalidTimeStamp/i.test(code)) return new HubError('alert.sms-clock', { host, code, reason });
  return smsRefused(host, code, reason);
}

/** The provider tells which of its limits it was in words: 分钟级, 小时级, 天级. */
function periodIn(text: string): 'minute' | 'hour' | 'day' {
  if (/天|日|day/i.test(text)) return 'day';
  return /小时|hour/i.test(text) ? 'hour' : 'minute';
}
