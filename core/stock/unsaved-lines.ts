import type { Row } from '../store/schema.ts';

type UnsavedRow = Row<'stock_unsaved_lines'>;

/** A line of an order that is not stored, while a batch is decided. */
export interface UnsavedLine {
  readonly row: UnsavedRow;
  readonly isNew: boolean;
}

/**
 * What left for lines of orders that are not stored, and what came back of them, in ordered units: there is no order to
 * write it into, and of units that leave or come back without a hold nothing else tells it.
 */
export class UnsavedLines {
  readonly #lines = new Map<string, Map<string, UnsavedLine>>();
  readonly #changed = new Set<UnsavedLine>();

  /** @param rows all rows of the orders that are spoken of */
  constructor(rows: readonly UnsavedRow[]) {
    for (const row of rows) this.#ofOrder(row.order_key).set(row.line_id, { row: { ...row }, isNew: false });
  }

  get changed(): readonly UnsavedLine[] {
    return [...this.#changed];
  }

  of(orderKey: string, lineId: string): Readonly<UnsavedRow> | undefined {
    return this.#lines.get(orderKey)?.get(lineId)?.row;
  }

  /** @param units that left, by line id */
  ship(orderKey: string, units: ReadonlyMap<string, number>): void {
    for (const [lineId, more] of units) if (more > 0) this.#touch(orderKey, lineId).shipped += more;
  }

  /** @param units that came back, by line id */
  takeBack(orderKey: string, units: ReadonlyMap<string, number>): void {
    for (const [lineId, more] of units) if (more > 0) this.#touch(orderKey, lineId).returned += more;
  }

  #touch(orderKey: string, lineId: string): UnsavedRow {
    const ofOrder = this.#ofOrder(orderKey);
    let line = ofOrder.get(lineId);
    if (!line) {
      line = { row: { order_key: orderKey, line_id: lineId, shipped: 0, returned: 0 }, isNew: true };
      ofOrder.set(lineId, line);
    }
    this.#changed.add(line);
    return line.row;
  }

  #ofOrder(orderKey: string): Map<string, UnsavedLine> {
    let lines = this.#lines.get(orderKey);
    if (!lines) {
      lines = new Map();
      this.#lines.set(orderKey, lines);
    }
    return lines;
  }
}
