import type { ShopOrder } from './order.ts';

interface Entry {
  readonly at: number;
  readonly serial: number;
  readonly order: ShopOrder;
}

/** Entries in one block before it is split. */
const blockSize = 512;

/**
 * Orders by (modified, serial), in sorted blocks: a change costs one block, a page the count of the blocks before it.
 * So a page of 100,000 orders is as cheap as one of a hundred.
 */
export class ModifiedIndex {
  readonly #blocks: Entry[][] = [[]];
  readonly #entries = new Map<number, Entry>();

  get size(): number {
    return this.#entries.size;
  }

  /** Shows this version of an order, in place of an older one. */
  set(order: ShopOrder): void {
    this.remove(order.serial);
    const entry = { at: order.times.modified, serial: order.serial, order };
    const place = this.#blockOf(entry);
    const block = this.#blocks[place]!;
    block.splice(placeIn(block, entry), 0, entry);
    if (block.length > blockSize) this.#blocks.splice(place + 1, 0, block.splice(blockSize / 2));
    this.#entries.set(order.serial, entry);
  }

  remove(serial: number): void {
    const entry = this.#entries.get(serial);
    if (!entry) return;
    const place = this.#blockOf(entry);
    const block = this.#blocks[place]!;
    block.splice(placeIn(block, entry), 1);
    if (block.length === 0 && this.#blocks.length > 1) this.#blocks.splice(place, 1);
    this.#entries.delete(serial);
  }

  /** How many were modified before a time. */
  before(time: number): number {
    return this.rank(time, Number.NEGATIVE_INFINITY);
  }

  /** How many come before (time, serial). */
  rank(time: number, serial: number): number {
    const key = { at: time, serial };
    const place = this.#blockOf(key);
    let count = 0;
    for (let index = 0; index < place; index += 1) count += this.#blocks[index]!.length;
    return count + placeIn(this.#blocks[place]!, key);
  }

  /** Orders from a place on, oldest modification first. */
  slice(start: number, count: number): ShopOrder[] {
    const found: ShopOrder[] = [];
    let skip = Math.max(0, start);
    const wanted = count + Math.min(0, start);
    for (const block of this.#blocks) {
      if (found.length >= wanted) break;
      if (skip >= block.length) {
        skip -= block.length;
        continue;
      }
      for (const { order } of block.slice(skip, skip + wanted - found.length)) found.push(order);
      skip = 0;
    }
    return found;
  }

  /** The last block whose first entry does not come after a key. */
  #blockOf(key: { at: number; serial: number }): number {
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const first = this.#blocks[middle]![0]!;
      if (comesBefore(key, first)) high = middle - 1;
      else low = middle;
    }
    return low;
  }
}

function comesBefore(one: { at: number; serial: number }, two: { at: number; serial: number }): boolean {
  return one.at < two.at || (one.at === two.at && one.serial < two.serial);
}

/** Where in a sorted block a key stands, or would stand. */
function placeIn(block: readonly Entry[], key: { at: number; serial: number }): number {
  let low = 0;
  let high = block.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (comesBefore(block[middle]!, key)) low = middle + 1;
    else high = middle;
  }
  return low;
}
