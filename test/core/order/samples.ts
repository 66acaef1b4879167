import { readFileSync } from 'node:fs';
import { fieldAt, type Row, rowsAt } from '../../../core/channel/json-fields.ts';
import { parseJson } from '../../../core/json.ts';

const folder = new URL('../../samples/', import.meta.url);

/** The exact bytes a channel sends, from a sample of a webhook (its `rawBody`) or of a REST answer. */
export function sampleBytes(file: string): Buffer {
  const bytes = readFileSync(new URL(file, folder));
  const parsed = JSON.parse(bytes.toString('utf8')) as { rawBody?: string };
  return parsed.rawBody === undefined ? bytes : Buffer.from(parsed.rawBody);
}

/** The bare orders of a page, as a poller hands them on: every digit of their ids kept. */
export function sampleRows(file: string, ...path: string[]): Row[] {
  return rowsAt(parseJson(sampleBytes(file).toString('utf8')), ...path);
}

/** The one object at a path of a sample, with changes. */
export function sampleRow(file: string, path: readonly string[], changes: object = {}): Row {
  const found = fieldAt(parseJson(sampleBytes(file).toString('utf8')), ...path);
  if (typeof found !== 'object' || found === null) throw new Error(`${file} has no ${path.join('.')}`);
  return { ...found, ...changes };
}
