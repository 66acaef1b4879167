import { createHash } from 'node:crypto';

/**
 * By this key an alert is sent once per rule, order and event. The parts are joined with `|`; a `|` or `%` inside
 * one is percent-encoded, so that different alerts never share a key.
 *
 * @param event what happened, with its sequence where the same thing may happen again (`weighed#7`)
 */
export function alertKey(rule: string, orderKey: string, event: string): string {
  return [rule, orderKey, event].map((part) => part.replace(/[%|]/g, encodeURIComponent)).join('|');
}

/** An alert's key as an id that fits everywhere: 32 hexadecimal digits, always the same for the same key. */
export function wireId(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 32);
}
