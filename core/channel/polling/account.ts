/** The account of a channel, as far as reading it goes. */
export interface PolledAccount {
  /** Path of the account: what it is known by in the store. */
  path: string;
  /** As in order keys. */
  channel: string;
  shop: string;
  /** IANA name; the shop's days begin and end there. */
  zone: string;
}

/** Topic of a record that was read from the channel, whatever brought the hub to read it. */
export const recordTopic = 'order';

/** Who is handed what was read of an account. */
export function pollSubscriber(path: string): string {
  return `poll:${path}`;
}
