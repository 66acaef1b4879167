import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { HubError, reasonOf } from '../../errors.ts';
import { loadReader } from './load-reader.ts';
import { isBlank, mostRows, type TableRow } from './table.ts';

const delimiters = [',', ';', '\t'] as const;
const sliceLength = 64 * 1024;
/** After so many rows the process sees to other things. */
const rowsAtOnce = 500;

/**
 * The rows of a CSV file, delimited by commas, semicolons or tabs, whichever its first line has most of.
 *
 * @throws HubError count.bad-csv with the line, count.too-many-rows, count.reader-missing
 */
export async function readCsv(text: string): Promise<TableRow[]> {
  const { parse, CsvError } = await loadReader('csv-parse', () => import('csv-parse'));
  const parser = Readable.from(slices(text)).pipe(
    parse({
      delimiter: delimiterOf(text),
      bom: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: false,
    }),
  );
  const rows: TableRow[] = [];
  let row = 0;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      row += 1;
      if (row > mostRows)
        throw new HubError('count.too-many-rows', { rows: `> ${mostRows}`, most: mostRows });
      if (!cells.every(isBlank)) rows.push({ row, cells });
      if (row % rowsAtOnce === 0) await setImmediate();
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = (error as { lines?: number }).lines ?? row + 1;
    throw new HubError('count.bad-csv', { line, reason: reasonOf(error) }, { cause: error });
  }
  return rows;
}

function* slices(text: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    let to = Math.min(from + sliceLength, text.length);
    // Halves of a character cut apart would be lost on the way to bytes.
    if (to < text.length && /[\ud800-\udbff]/.test(text.charAt(to - 1))) to += 1;
    yield text.slice(from, to);
    from = to;
  }
}

/** The delimiter that the first line with text has most of, outside quotation marks. */
export function delimiterOf(text: string): string {
  const first = text
    .slice(0, sliceLength)
    .replace(/^\ufeff/, '')
    .trimStart();
  const counts = new Map<string, number>(delimiters.map((delimiter) => [delimiter, 0]));
  let quoted = false;
  for (const character of first) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '\n' || character === '\r')) break;
    else if (!quoted && counts.has(character)) counts.set(character, counts.get(character)! + 1);
  }
  return delimiters.reduce((best, one) => (counts.get(one)! > counts.get(best)! ? one : best));
}
