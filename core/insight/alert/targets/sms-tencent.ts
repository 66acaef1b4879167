import { HubError } from '../../../errors.ts';
import { baseUrlProblems, isBlank, underBase } from '../address.ts';
import {
  type AlertChannel,
  type PreparedRequest,
  problem,
  requireSound,
  type SendReceipt,
} from '../channel.ts';
import { throttled } from '../http-exchange.ts';
import { maskPersonal } from '../personal.ts';
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
import { signTc3 } from './tc3-signature.ts';

export interface TencentSmsConfig extends SmsConfig {
  /** The SMS application's number, `1400…`. */
  sdkAppId: string;
  /** The approved template; its variables are the message's, in order. */
  templateId: string;
  region?: string;
}

const defaultEndpoint = 'sms.tencentcloudapi.com';
const mostRecipients = 200;
const contentType = 'application/json; charset=utf-8';

/** SMS through Tencent Cloud (SendSms, 2021-01-11). Secrets: `secretId`, `secretKey`. */
export const smsTencent: AlertChannel<TencentSmsConfig> = {
  kind: 'sms-tencent',
  label: { 'en-US': 'SMS (Tencent Cloud)', 'zh-CN': '腾讯云短信' },

  validate(config, secrets) {
    const problems = [
      ...recipientProblems(config.recipients, mostRecipients),
      ...baseUrlProblems(config.baseUrl),
    ];
    if (isBlank(config.signName)) problems.push(problem('signName', 'alert.sign-name-missing'));
    if (isBlank(config.templateId)) problems.push(problem('templateId', 'alert.template-missing'));
    if (isBlank(config.sdkAppId)) problems.push(problem('sdkAppId', 'alert.app-id-missing'));
    for (const name of ['secretId', 'secretKey']) {
      if (isBlank(secrets[name])) problems.push(problem(name, 'alert.access-key-missing'));
    }
    return problems;
  },

  prepare(message, config, secrets, now): PreparedRequest {
    requireSound(this.validate(config, secrets));
    const host = config.endpoint?.trim() || defaultEndpoint;
    const timestamp = Math.floor(now / 1000);
    const body = JSON.stringify({
      PhoneNumberSet: config.recipients.map(tencentPhone),
      SmsSdkAppId: config.sdkAppId.trim(),
      SignName: config.signName.trim(),
      TemplateId: config.templateId.trim(),
      TemplateParamSet: (message.variables ?? []).map(({ value }) => value),
    });
    const signed = signTc3(
      { host, service: 'sms', contentType, body, timestamp },
      secrets.secretId!.trim(),
      secrets.secretKey!.trim(),
    );
    return {
      kind: 'request',
      url: underBase(config.baseUrl?.trim() || `https://${host}`, '/').href,
      headers: {
        'content-type': contentType,
        'x-tc-action': 'SendSms',
        'x-tc-version': '2021-01-11',
        'x-tc-timestamp': String(timestamp),
        'x-tc-region': config.region?.trim() || 'ap-guangzhou',
        authorization: signed.authorization,
      },
      body,
      cut: false,
    };
  },

  async send(message, config, secrets, tools) {
    const request = this.prepare(message, config, secrets, tools.now, tools.nonce ?? '') as PreparedRequest;
    const result = await postSms(request, tools, Object.values(secrets), config.recipients.map(tencentPhone));
    return judge(result, tools.now);
  },
};

/** E.164; eleven digits that begin with 1 are a mainland number. */
function tencentPhone(recipient: string): string {
  const phone = plainPhone(recipient);
  if (phone.startsWith('+')) return phone;
  return /^1\d{10}$/.test(phone) ? `+86${phone}` : `+${phone}`;
}

/**
 * Every number has a verdict of its own. Sent to some and refused for others is a success that says so: trying
 * again would reach the first ones twice.
 */
function judge(result: SmsAnswer, now: number): SendReceipt {
  const { answer, told } = result;
  const response = objectIn(result.body.Response);
  const failed = objectIn(response?.Error);
  if (failed) throw tencentError(answer.host, told(failed.Code), told(failed.Message), now);
  const statuses = Array.isArray(response?.SendStatusSet) ? response.SendStatusSet.map(objectIn) : [];
  const sound = statuses.filter((status) => status !== undefined);
  if (sound.length === 0) throw unknownOutcome(answer.host, `HTTP ${answer.status}`);
  const refused = sound
    .filter(({ Code }) => Code !== 'Ok')
    .map(({ PhoneNumber, Code, Message }) => ({
      recipient: maskPersonal(String(PhoneNumber ?? ''), 'phone'),
      code: told(Code),
      reason: told(Message),
    }));
  const [first] = refused;
  if (first && refused.length === sound.length)
    throw tencentError(answer.host, first.code, first.reason, now);
  const serial = sound.find(({ Code }) => Code === 'Ok')?.SerialNo;
  return {
    kind: 'sms-tencent',
    at: now,
    providerId: typeof serial === 'string' ? serial : null,
    cut: false,
    refused,
  };
}

function tencentError(host: string, code: string, reason: string, now: number): HubError {
  if (/^RequestLimitExceeded/.test(code)) return throttled(host, 60_000);
  if (/^LimitExceeded/.test(code)) {
    if (/Daily/i.test(code)) return smsLimited(host, 'day', now);
    return smsLimited(host, /Hour/i.test(code) ? 'hour' : 'minute', now);
  }
  if (/^InternalError/.test(code)) return unknownOutcome(host, `${code}: ${reason}`);
  if (/^AuthFailure\.SignatureExpire/.test(code))
    return new HubError('alert.sms-clock', { host, code, reason });
  if (/^(AuthFailure|UnauthorizedOperation)/.test(code)) {
    return new HubError('alert.sms-credentials', { host, code, reason });
  }
  return smsRefused(host, code, reason);
}

function objectIn(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}
