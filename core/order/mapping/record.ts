import { parseJson } from '../../json.ts';
import type { MessageParams } from '../../message.ts';
import { problemAt, shown } from '../refusal.ts';
import { findJsonFault } from './json-fault.ts';
import { isRecord } from './path.ts';
import type { MapProblem } from './types.ts';

export type RecordResult =
  | { ok: true; record: Record<string, unknown> }
  | { ok: false; problems: MapProblem[] };

/**
 * Reads what a channel sent: raw bytes (UTF-8, with or without a byte order mark), text, or an object that was
 * parsed already. Numbers with more digits than JavaScript keeps survive as text when bytes or text are read.
 */
export function readRecord(input: unknown): RecordResult {
  if (input instanceof Uint8Array) return readBytes(input);
  if (typeof input === 'string') return readText(input);
  if (isRecord(input)) return { ok: true, record: input };
  return refused('record.not-an-object', { value: shown(input) });
}

function readBytes(bytes: Uint8Array): RecordResult {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const position = validPrefix(bytes);
    const byte = (bytes[position] ?? 0).toString(16).padStart(2, '0').toUpperCase();
    return refused('record.not-utf8', { position: position + 1, byte });
  }
  return readText(text);
}

function readText(input: string): RecordResult {
  const text = input.startsWith('\ufeff') ? input.slice(1) : input;
  if (text.trim() === '') return refused('record.empty', {});
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    if (error instanceof RangeError) return refused('record.too-deep', {});
    if (!(error instanceof SyntaxError)) throw error;
    const { line, column, near } = findJsonFault(text);
    return refused('record.not-json', { line, column, near: near === '' ? '–' : near });
  }
  return isRecord(value)
    ? { ok: true, record: value }
    : refused('record.not-an-object', { value: shown(value) });
}

function refused(code: string, params: MessageParams): RecordResult {
  return { ok: false, problems: [problemAt('', code, params)] };
}

/** How many bytes at the start are whole, valid UTF-8. A prefix cut within a character still counts as valid. */
function validPrefix(bytes: Uint8Array): number {
  let valid = 0;
  let invalid = bytes.length + 1;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    // One byte past the end stands for "the end", where a character cut short is an error as well.
    const whole = middle > bytes.length;
    if (!whole && decodes(bytes.subarray(0, middle))) valid = middle;
    else invalid = middle;
  }
  return Math.min(invalid, bytes.length) - 1;
}

function decodes(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}
