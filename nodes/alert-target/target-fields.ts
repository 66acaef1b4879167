import { HubError } from '../../core/errors.ts';
import type { AlertKind } from '../../core/insight/alert/channel.ts';
import './messages.ts';

/*
 * What the dialog of a target and the running node both know: which settings and credentials each kind has. Nothing
 * here needs Node.js, so that the browser can have it too.
 */

/** The fields of each kind, in the dialog's order. */
export const fieldsOfKind: Readonly<Record<AlertKind, readonly string[]>> = {
  smtp: ['host', 'port', 'security', 'user', 'password', 'from', 'to'],
  webhook: ['url', 'webhookSecret'],
  dingtalk: ['dingtalkWebhook', 'dingtalkSecret', 'keyword', 'atMobiles', 'atAll'],
  wecom: ['wecomWebhook', 'keyword', 'mentionedList', 'mentionedMobileList'],
  feishu: ['feishuWebhook', 'feishuSecret', 'keyword'],
  'sms-aliyun': ['aliyunKeyId', 'aliyunKeySecret', 'signName', 'templateCode', 'recipients', 'variables'],
  'sms-tencent': [
    'tencentKeyId',
    'tencentKeySecret',
    'sdkAppId',
    'signName',
    'templateId',
    'region',
    'recipients',
    'variables',
  ],
};

/** Each kind's credentials: the name under which the node keeps one, by the channel's name for it. */
export const credentialsOfKind: Readonly<Record<AlertKind, Readonly<Record<string, string>>>> = {
  smtp: { password: 'password' },
  webhook: { secret: 'webhookSecret' },
  dingtalk: { webhook: 'dingtalkWebhook', secret: 'dingtalkSecret' },
  wecom: { webhook: 'wecomWebhook' },
  feishu: { webhook: 'feishuWebhook', secret: 'feishuSecret' },
  'sms-aliyun': { accessKeyId: 'aliyunKeyId', accessKeySecret: 'aliyunKeySecret' },
  'sms-tencent': { secretId: 'tencentKeyId', secretKey: 'tencentKeySecret' },
};

/** Every credential that a target may keep. */
export const credentialNames: readonly string[] = Object.values(credentialsOfKind).flatMap((names) =>
  Object.values(names),
);

/** Kinds whose address can be replaced by that of a relay. */
export const relayedKinds: readonly AlertKind[] = [
  'dingtalk',
  'wecom',
  'feishu',
  'sms-aliyun',
  'sms-tencent',
];

type Value = string | number | undefined | null;

/** Alerts a minute; empty for what the kind takes. */
export function rateFault(value: Value): HubError | undefined {
  return wholeNumber(value, 6_000)
    ? undefined
    : new HubError('alert-target.bad-rate', { value: String(value) });
}

/** Attempts altogether; empty for the usual number. */
export function attemptsFault(value: Value): HubError | undefined {
  return wholeNumber(value, 50)
    ? undefined
    : new HubError('alert-target.bad-attempts', { value: String(value) });
}

function wholeNumber(value: Value, most: number): boolean {
  if (value === undefined || value === null || String(value).trim() === '') return true;
  const number = Number(value);
  return Number.isSafeInteger(number) && number >= 1 && number <= most;
}
