import { validatePlainSecret } from './plain-secret.ts';
import type { Platform } from './platform.ts';
import { refuse } from './refusal.ts';

/** A platform that sends nothing to an address of ours: what claims to be from it is not. */
export function withoutWebhooks(
  title: string,
): Pick<Platform, 'title' | 'contentRepeats' | 'judge' | 'validateSecret'> {
  return {
    title,
    contentRepeats: false,
    judge: () => refuse(401, 'channel.no-webhooks', { platform: title }),
    validateSecret: validatePlainSecret,
  };
}
