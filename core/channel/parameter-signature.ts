import { createHash } from 'node:crypto';

/** Parameters of a form, by name. */
export type Parameters = Readonly<Record<string, string>>;

/**
 * What the gateways of Taobao, JD and Pinduoduo sign: all parameters that have a value, in ASCII order of their names,
 * name and value with nothing between them, as they are before any URL encoding.
 */
export function textToSign(parameters: Parameters): string {
  return Object.entries(parameters)
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => name + value)
    .join('');
}

/** Upper-case hex of the MD5 of secret, text and secret again (UTF-8). */
export function enclosedMd5(secret: string, text: string): string {
  return createHash('md5').update(secret).update(text).update(secret).digest('hex').toUpperCase();
}
