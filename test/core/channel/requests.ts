import { readFileSync } from 'node:fs';
import {
  type AccountRules,
  defaultReplayWindowMs,
  type WebhookRequest,
} from '../../../core/channel/platform.ts';

/** The moment every test's request arrives, unless it says otherwise: a whole second. */
export const receivedAt = Date.UTC(2026, 8, 1, 1, 0, 5);

export function request(
  headers: Record<string, string | undefined>,
  body: string | Buffer,
  at: number = receivedAt,
): WebhookRequest {
  return { headers, body: typeof body === 'string' ? Buffer.from(body, 'utf8') : body, receivedAt: at };
}

export function rules(secrets: readonly string[], changes: Partial<AccountRules> = {}): AccountRules {
  return { secrets, replayWindowMs: defaultReplayWindowMs, contentRepeats: true, ...changes };
}

export interface WebhookSample {
  testSecret?: string;
  headers: Record<string, string>;
  rawBody: string;
}

/** A sample of `test/samples`, such as `shopify/webhook.orders_paid`. */
export function sample(name: string): WebhookSample {
  const file = new URL(`../../samples/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as WebhookSample;
}

/** What the vectors of the webhook signatures have in common. */
export interface Vector {
  id: string;
  inputs: Record<string, unknown>;
  stringToSign: string;
  expected: string;
}

const vectors = JSON.parse(readFileSync(new URL('./vectors.json', import.meta.url), 'utf8')) as Vector[];

export function vector(id: string): Vector {
  const found = vectors.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`There is no vector ${id}.`);
  return found;
}

/** A text among a vector's inputs. */
export function input(of: Vector, name: string): string {
  const value = of.inputs[name];
  if (typeof value !== 'string') throw new Error(`The vector ${of.id} has no text ${name}.`);
  return value;
}

/** The bytes with one bit turned over. */
export function flipped(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}
