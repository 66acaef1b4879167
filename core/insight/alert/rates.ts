import type { AlertKind } from './channel.ts';

export interface AlertRate {
  perMinute: number;
  /** A further bound on bursts, where the other side has one. */
  perSecond?: number;
}

/**
 * How many alerts a target takes unless it is set otherwise. The robots' figures are the platforms' limits for one
 * robot (DingTalk blocks one that goes beyond for ten minutes); the others are modest defaults of ours.
 */
export const defaultRates: Readonly<Record<AlertKind, AlertRate>> = {
  dingtalk: { perMinute: 20 },
  wecom: { perMinute: 20 },
  feishu: { perMinute: 100, perSecond: 5 },
  smtp: { perMinute: 30 },
  webhook: { perMinute: 60 },
  'sms-aliyun': { perMinute: 10 },
  'sms-tencent': { perMinute: 10 },
};
