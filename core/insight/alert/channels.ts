import type { AlertChannel, AlertKind } from './channel.ts';
import { dingtalk } from './targets/dingtalk.ts';
import { feishu } from './targets/feishu.ts';
import { smsAliyun } from './targets/sms-aliyun.ts';
import { smsTencent } from './targets/sms-tencent.ts';
import { smtp } from './targets/smtp.ts';
import { webhook } from './targets/webhook.ts';
import { wecom } from './targets/wecom.ts';

/** Every way to send an alert, by its kind. */
export const alertChannels: Readonly<Record<AlertKind, AlertChannel>> = {
  smtp,
  webhook,
  dingtalk,
  wecom,
  feishu,
  'sms-aliyun': smsAliyun,
  'sms-tencent': smsTencent,
};
