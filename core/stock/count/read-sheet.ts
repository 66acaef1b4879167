import { createHash } from 'node:crypto';
import { HubError } from '../../errors.ts';
import { type ColumnNames, findColumns } from './columns.ts';
import { readCsv } from './csv-table.ts';
import { decodeText } from './decode-text.ts';
import { isExcel, isOldExcel, readExcel } from './excel-table.ts';
import './messages.ts';
import type { RawRow } from './rows.ts';
import { mostMegabytes, mostRows, type TableRow } from './table.ts';

export type SheetSource = 'message' | 'csv' | 'excel';

/** What was received, as rows. */
export interface Sheet {
  source: SheetSource;
  rows: RawRow[];
  /** Hash of what was received. */
  contentHash: string;
}

export interface ReadingRules {
  columns?: ColumnNames;
  /** Name of the worksheet in an Excel file; the first when it is absent. */
  worksheet?: string;
}

/**
 * Reads a count: a list of `{sku, counted, at?, cost?}` (or one of them), the text or bytes of a CSV file, or the
 * bytes of an .xlsx file.
 *
 * @throws HubError count.… for what cannot be read at all; single rows are looked at later
 */
export async function readSheet(received: unknown, rules: ReadingRules = {}): Promise<Sheet> {
  if (received instanceof Uint8Array) return readFile(received, rules);
  if (typeof received === 'string' && received.trim() !== '') return readFile(Buffer.from(received), rules);
  if (typeof received !== 'object' || received === null)
    throw new HubError('count.nothing-received', { found: shown(received) });
  const list: readonly unknown[] = Array.isArray(received) ? received : [received];
  if (list.length === 0 || !list.every((row) => typeof row === 'object' && row !== null))
    throw new HubError('count.nothing-received', { found: shown(received) });
  if (list.length > mostRows)
    throw new HubError('count.too-many-rows', { rows: list.length, most: mostRows });
  return {
    source: 'message',
    rows: listRows(list as Fields[], rules),
    contentHash: hash(JSON.stringify(list)),
  };
}

async function readFile(bytes: Uint8Array, rules: ReadingRules): Promise<Sheet> {
  const megabytes = bytes.length / 1_048_576;
  if (megabytes > mostMegabytes)
    throw new HubError('count.file-too-large', { size: megabytes.toFixed(1), most: mostMegabytes });
  if (isOldExcel(bytes)) throw new HubError('count.old-excel');
  const source = isExcel(bytes) ? 'excel' : 'csv';
  const table =
    source === 'excel' ? await readExcel(bytes, rules.worksheet) : await readCsv(decodeText(bytes));
  return { source, rows: tableRows(table, rules), contentHash: hash(bytes) };
}

function tableRows(table: readonly TableRow[], { columns: names }: ReadingRules): RawRow[] {
  const [header, ...rows] = table;
  if (!header) throw new HubError('count.empty-file');
  const columns = findColumns(header.cells, names);
  return rows.map(({ row, cells }) => ({
    row,
    sku: cells[columns.sku],
    counted: cells[columns.counted],
    ...(columns.at !== undefined && { at: cells[columns.at] }),
    ...(columns.cost !== undefined && { cost: cells[columns.cost] }),
  }));
}

type Fields = Readonly<Record<string, unknown>>;

/** A list's fields have the names of columns, whatever row they first occur in. */
function listRows(list: readonly Fields[], { columns: names }: ReadingRules): RawRow[] {
  const known = [...new Set(list.flatMap((row) => Object.keys(row)))];
  const columns = findColumns(known, names);
  const cell = (row: Fields, index: number | undefined): unknown =>
    index === undefined ? undefined : row[known[index]!];
  return list.map((row, index) => ({
    row: index + 1,
    sku: cell(row, columns.sku),
    counted: cell(row, columns.counted),
    at: cell(row, columns.at),
    cost: cell(row, columns.cost),
  }));
}

function hash(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : JSON.stringify(value).slice(0, 60);
  return value === null ? 'null' : value === '' ? '""' : typeof value === 'string' ? '" "' : typeof value;
}
