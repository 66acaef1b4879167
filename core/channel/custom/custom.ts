import type { Platform } from '../platform.ts';
import { standardWebhooks } from '../standard-webhooks/standard-webhooks.ts';
import { connectCustom } from './connection.ts';
import './messages.ts';

/**
 * Any HTTP interface, said by configuration. What such a system pushes it signs by Standard Webhooks, the one open
 * specification there is for that.
 */
export const custom: Platform = {
  ...standardWebhooks,
  name: 'custom',
  title: 'Custom channel',
  connect: connectCustom,
};
