import { withoutWebhooks } from '../no-webhooks.ts';
import type { Platform } from '../platform.ts';
import { title } from './call.ts';
import { connectJd } from './connection.ts';

/** JD: orders are polled. Its push has no public specification. */
export const jd: Platform = { ...withoutWebhooks(title), name: 'jd', connect: connectJd };
