import { HubError } from '../errors.ts';
import './messages.ts';

/** What an order is known by: one per channel, shop and the channel's own id. */
export interface OrderKeyParts {
  channel: string;
  shop: string;
  channelOrderId: string;
}

/**
 * The key of an order, `channel/shop/channelOrderId`. A `/` or `%` within a part, control characters and spaces
 * are percent-encoded (RFC 3986), so that two different orders never share a key; other letters stay readable.
 * @throws HubError `order.key-part` for an empty part or one with half a character in it
 */
export function orderKey(channel: string, shop: string, channelOrderId: string): string {
  return `${part('channel', channel)}/${part('shop', shop)}/${part('channelOrderId', channelOrderId)}`;
}

/**
 * The parts of a key made by `orderKey`.
 * @throws HubError `order.key-malformed`
 */
export function parseOrderKey(key: string): OrderKeyParts {
  const parts = key.split('/');
  const [channel = '', shop = '', channelOrderId = ''] = parts;
  if (parts.length !== 3 || !channel || !shop || !channelOrderId) {
    throw new HubError('order.key-malformed', { key });
  }
  try {
    return {
      channel: decodeURIComponent(channel),
      shop: decodeURIComponent(shop),
      channelOrderId: decodeURIComponent(channelOrderId),
    };
  } catch (cause) {
    throw new HubError('order.key-malformed', { key }, { cause });
  }
}

const reserved = /[/%\s\p{Cc}]/gu;

function part(name: keyof OrderKeyParts, value: string): string {
  if (value === '' || /[\ud800-\udfff]/u.test(value)) throw new HubError('order.key-part', { part: name });
  return value.replace(reserved, (character) => encodeURIComponent(character));
}
