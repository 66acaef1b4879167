import type { MessageParams } from '../message.ts';
import type { WebhookRefusal } from './platform.ts';

/** A refusal with its reason for the account's owner. */
export function refuse(
  status: WebhookRefusal['status'],
  code: string,
  params: MessageParams = {},
): WebhookRefusal {
  return { kind: 'refuse', status, code, params };
}
