/** A cell of a table: text, numbers, or what a spreadsheet holds besides. */
export type Cell = unknown;

/** A row of a file, with the number a spreadsheet shows beside it. */
export interface TableRow {
  row: number;
  cells: readonly Cell[];
}

/** Rows of a sheet at most. */
export const mostRows = 200_000;

/** Megabytes of a file at most. */
export const mostMegabytes = 50;

export function isBlank(cell: Cell): boolean {
  return cell === undefined || cell === null || (typeof cell === 'string' && cell.trim() === '');
}
