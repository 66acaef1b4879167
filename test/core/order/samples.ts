import { readFileSync } from 'node:fs';

const folder = new URL('../../samples/', import.meta.url);

/** The exact bytes a channel sends, from a sample of a webhook (its `rawBody`) or of a REST answer. */
export function sampleBytes(file: string): Buffer {
  const bytes = readFileSync(new URL(file, folder));
  const parsed = JSON.parse(bytes.toString('utf8')) as { rawBody?: string };
  return parsed.rawBody === undefined ? bytes : Buffer.from(parsed.rawBody);
}
