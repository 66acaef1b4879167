import { withoutWebhooks } from '../no-webhooks.ts';
import type { Platform } from '../platform.ts';
import { title } from './call.ts';
import { connectPinduoduo } from './connection.ts';
import { orderIn } from './pmc-frames.ts';

/** Pinduoduo: orders are polled, and messages (PMC) come over a websocket that we open. */
export const pinduoduo: Platform = {
  ...withoutWebhooks(title),
  name: 'pinduoduo',
  hintOf: ({ body }) => orderIn(body),
  connect: connectPinduoduo,
};
