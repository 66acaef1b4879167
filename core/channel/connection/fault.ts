import { HubError, type HubErrorOptions } from '../../errors.ts';
import type { MessageParams } from '../../message.ts';
import { redacted } from '../../redacted.ts';
import './messages.ts';

/**
 * What kind of trouble it is decides who can end it: `credentials` and `permission` the account's owner, `clock`
 * the admin of this machine, `throttled` and `platform` time alone, `caller` whoever made the request: one that is
 * `retryable` is about the address asked, not about what was asked for.
 */
export type FaultKind = 'credentials' | 'permission' | 'clock' | 'throttled' | 'platform' | 'caller';

/** A channel that did not do what it was asked, and why. */
export class ChannelFault extends HubError {
  readonly kind: FaultKind;

  constructor(kind: FaultKind, code: string, params: MessageParams = {}, options: HubErrorOptions = {}) {
    super(code, params, { retryable: kind === 'throttled' || kind === 'platform', ...options });
    this.kind = kind;
  }

  static override is(value: unknown): value is ChannelFault {
    return HubError.is(value) && 'kind' in value;
  }
}

/** The same fault without any of the secrets, which a platform may have written back into what it said. */
export function withoutSecrets(fault: ChannelFault, secrets: readonly (string | undefined)[]): ChannelFault {
  const clean = Object.fromEntries(
    Object.entries(fault.params).map(([name, value]) => [
      name,
      typeof value === 'string' ? redacted(value, secrets) : value,
    ]),
  );
  const isSame = Object.entries(clean).every(([name, value]) => fault.params[name] === value);
  if (isSame) return fault;
  // Without its cause, which would tell them all the same.
  const { kind, code, retryable, retryAfterMs } = fault;
  return new ChannelFault(kind, code, clean, { retryable, retryAfterMs });
}

/** What a platform said, for the sentence: its code and words, cut to what a person reads. */
export interface Said {
  platform: string;
  /** The platform's name of what was called. */
  call: string;
  code: string;
  /** The platform's words, without credentials. */
  said: string;
}

const longestSaid = 200;

function params({ platform, call, code, said }: Said): MessageParams {
  return {
    platform,
    call,
    code,
    said: said.length > longestSaid ? `${said.slice(0, longestSaid)}…` : said || '–',
  };
}

/** Key, secret or token are wrong, expired or revoked. */
export function credentialsFault(what: Said): ChannelFault {
  return new ChannelFault('credentials', 'channel.credentials-refused', params(what));
}

/** The credentials are right, but the app or this machine's address may not do this. */
export function permissionFault(what: Said): ChannelFault {
  return new ChannelFault('permission', 'channel.permission-missing', params(what));
}

/** Our time is too far from the platform's. */
export function clockFault(what: Said): ChannelFault {
  return new ChannelFault('clock', 'channel.clock-off', params(what));
}

/** Too many requests; `waitMs` as the platform names it. */
export function throttledFault(what: Said, waitMs: number | undefined): ChannelFault {
  return new ChannelFault('throttled', 'channel.throttled', params(what), { retryAfterMs: waitMs });
}

/** The platform has trouble of its own, which may pass. */
export function platformFault(what: Said): ChannelFault {
  return new ChannelFault('platform', 'channel.platform-trouble', params(what));
}

/** The request asks for what cannot be: it will not go through by asking again. */
export function callerFault(what: Said): ChannelFault {
  return new ChannelFault('caller', 'channel.request-refused', params(what));
}
