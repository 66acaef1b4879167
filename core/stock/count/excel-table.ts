import { HubError, reasonOf } from '../../errors.ts';
import { loadReader } from './load-reader.ts';
import { isBlank, mostRows, type TableRow } from './table.ts';

const zip = [0x50, 0x4b, 0x03, 0x04];
const compoundFile = [0xd0, 0xcf, 0x11, 0xe0];

export function isExcel(bytes: Uint8Array): boolean {
  return zip.every((byte, index) => bytes[index] === byte);
}

/** Whether it is a workbook of the format before .xlsx. */
export function isOldExcel(bytes: Uint8Array): boolean {
  return compoundFile.every((byte, index) => bytes[index] === byte);
}

/**
 * The rows of a sheet of an .xlsx file. Dates have no zone in it, so they come as text of the wall clock.
 *
 * @param sheet the sheet's name; the first one when it is undefined
 * @throws HubError count.bad-excel, count.too-many-rows, count.reader-missing
 */
export async function readExcel(bytes: Uint8Array, sheet?: string): Promise<TableRow[]> {
  const { readSheet } = await loadReader('read-excel-file', () => import('read-excel-file/node'));
  let data: readonly (readonly unknown[])[];
  try {
    data = await readSheet(Buffer.from(bytes), sheet ?? 1);
  } catch (error) {
    throw new HubError('count.bad-excel', { reason: reasonOf(error) }, { cause: error });
  }
  if (data.length > mostRows)
    throw new HubError('count.too-many-rows', { rows: data.length, most: mostRows });
  return data
    .map((cells, index) => ({ row: index + 1, cells: cells.map(wallClock) }))
    .filter(({ cells }) => !cells.every(isBlank));
}

function wallClock(cell: unknown): unknown {
  if (!(cell instanceof Date) || Number.isNaN(cell.getTime())) return cell;
  // A day's fraction is not exact in it: the nearest second is what was entered.
  const seconds = Math.round(cell.getTime() / 1000);
  return new Date(seconds * 1000).toISOString().slice(0, 19);
}
