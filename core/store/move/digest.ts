import { createHash } from 'node:crypto';
import type { AnyRow } from '../queries/move.ts';

/**
 * Stands for the contents of many rows, whatever order they are read in: two stores sort texts differently. It is the
 * sum of the rows' hashes, so that a row that is missing, changed or there twice changes it.
 */
export class RowsDigest {
  #sum = 0n;

  add(row: AnyRow): void {
    const columns = Object.keys(row)
      .sort()
      .map((column) => [column, plain(row[column])]);
    const hash = createHash('sha256').update(JSON.stringify(columns)).digest();
    this.#sum = BigInt.asUintN(64, this.#sum + hash.readBigUInt64LE());
  }

  toString(): string {
    return this.#sum.toString(16).padStart(16, '0');
  }
}

function plain(value: unknown): unknown {
  return value instanceof Uint8Array ? { bytes: Buffer.from(value).toString('base64') } : value;
}
