import { createHmac } from 'node:crypto';
import type { PushProfile } from '../../pushes.ts';
import type { PlatformParts } from '../platform.ts';
import { customOrder } from './records.ts';

/** The header `webhook-signature` of Standard Webhooks, version v1. */
export function standardSignature(secret: string, id: string, seconds: string, body: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`;
}

/** Standard Webhooks with the whole order; retries shortened from hours. */
export function customPushes({ access }: PlatformParts): PushProfile {
  return {
    make(event, order, { now, serial }) {
      const id = `msg_${String(serial).padStart(8, '0')}`;
      const seconds = String(Math.floor(now / 1_000));
      const data = customOrder(order);
      const body = JSON.stringify({
        type: `order.${event}`,
        timestamp: new Date(now).toISOString(),
        data,
      });
      return {
        headers: {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': seconds,
          'webhook-signature': standardSignature(access.webhookSecret, id, seconds, body),
        },
        body,
      };
    },
    isTaken: (status) => status >= 200 && status < 300,
    retryMs: [50, 200, 800, 3_200],
    failuresUntilOff: 200,
    timeoutMs: 15_000,
  };
}
