import { parseJson } from '../../json.ts';
import { type RecordResult, readRecord } from './record.ts';

/**
 * Reads what may be one record or a list of them in one piece (channels that send several orders in a call).
 * Each record of a list is judged on its own; what cannot be read at all is one refused record.
 *
 * @returns at least one result, in the order of the list
 */
export function readRecords(input: unknown): RecordResult[] {
  const list = listIn(input);
  return list.length > 0 ? list.map(readRecord) : [readRecord(input)];
}

function listIn(input: unknown): unknown[] {
  if (Array.isArray(input)) return input;
  if (!(input instanceof Uint8Array) && typeof input !== 'string') return [];
  // The usual record is an object: its first byte tells so, without decoding the whole for nothing.
  const start =
    typeof input === 'string' ? input.slice(0, 64) : Buffer.from(input.subarray(0, 64)).toString('latin1');
  if (!/^(?:\u00ef\u00bb\u00bf|\ufeff)?\s*\[/.test(start)) return [];
  try {
    const text = typeof input === 'string' ? input : new TextDecoder('utf-8', { fatal: true }).decode(input);
    const value = parseJson(text.replace(/^\ufeff/, ''));
    return Array.isArray(value) ? value : [];
  } catch {
    // Not readable: readRecord says what is wrong with it, and where.
    return [];
  }
}
