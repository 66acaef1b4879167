import { withoutWebhooks } from '../no-webhooks.ts';
import type { Platform } from '../platform.ts';
import { title } from './call.ts';
import { connectTaobao } from './connection.ts';
import { orderIn } from './tmc.ts';

/** Taobao and Tmall: trades are polled, and messages (TMC) pulled, for nothing is sent to us. */
export const taobao: Platform = {
  ...withoutWebhooks(title),
  name: 'taobao',
  hintOf: ({ body }) => orderIn(body),
  connect: connectTaobao,
};
