import type { Row, TableName } from './schema.ts';

type Item = Readonly<Row<'stock_items'>>;
type Key = Partial<Row<'stock_items'>>;

/** Whether rows are looked for by what the cache knows them by. */
export function findsItems(table: TableName, [first]: readonly object[]): boolean {
  return table === 'stock_items' && first !== undefined && 'pool' in first && 'sku' in first;
}

/** Names that are kept of a pool at most; about 200 bytes each. */
const mostOfPool = 20_000;

/**
 * The numbers of the SKUs that were asked for lately. They never change once they are committed, so that the busiest
 * question of all need not be asked again: rows are taken in when the transaction that saw them is committed, which
 * may be the one that made them. On a server all are forgotten when the table has been put in another file since:
 * somebody has loaded other data into it, by restoring a dump for example.
 */
export class ItemCache {
  /** By pool and SKU: a name made of both would have to be put together for every question. */
  readonly #pools = new Map<string, Map<string, Item>>();
  #seen: Item[] = [];
  #served = false;
  #file: number | null = null;

  /** Items by pool and SKU; `ask` is asked for those that are not known. */
  async find(
    keys: readonly Key[],
    ask: (missing: readonly Key[]) => Item[] | Promise<Item[]>,
  ): Promise<Item[]> {
    const found: Item[] = [];
    const missing: Key[] = [];
    for (const key of keys) {
      const item = this.#pools.get(key.pool!)?.get(key.sku!);
      if (item) found.push(item);
      else missing.push(key);
    }
    if (found.length > 0) this.#served = true;
    if (missing.length === 0) return found;
    const asked = await ask(missing);
    for (const item of asked) {
      this.#seen.push(item);
      found.push(item);
    }
    return found;
  }

  begin(): void {
    this.#seen = [];
    this.#served = false;
  }

  /** What was seen since may have been undone with the savepoint. */
  undone(): void {
    this.#seen = [];
  }

  committed(): void {
    for (const item of this.#seen) {
      let items = this.#pools.get(item.pool);
      if (!items) {
        items = new Map();
        this.#pools.set(item.pool, items);
      }
      items.set(item.sku, Object.freeze(item));
      // The oldest goes first: a map keeps the order in which its entries came.
      if (items.size > mostOfPool) items.delete(items.keys().next().value!);
    }
    this.#seen = [];
  }

  /**
   * Takes note of where the table is as the open transaction finds it; answers false when that transaction was told
   * items of another one.
   *
   * @param file the number of the table's file; null when the server does not tell, and nothing may be kept
   */
  isIn(file: number | null): boolean {
    if (file !== null && file === this.#file) return true;
    this.#file = file;
    this.#pools.clear();
    return !this.#served;
  }
}
