import { validatePlainSecret } from '../plain-secret.ts';
import type { Platform } from '../platform.ts';
import { title } from './answer.ts';
import { connectDouyin } from './connection.ts';
import { judgePush } from './push.ts';
import { orderIn } from './push-messages.ts';

/** Douyin shops: orders are polled, and messages that hint at them pushed to an address of ours. */
export const douyin: Platform = {
  name: 'douyin',
  title,
  contentRepeats: false,
  success: { code: 0, msg: 'success' },
  signsWithAppSecret: true,
  judge: judgePush,
  validateSecret: validatePlainSecret,
  hintOf: ({ body }) => orderIn(body),
  connect: connectDouyin,
};
