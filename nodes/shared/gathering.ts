/** What is gathered, and how. */
export interface GatheringOptions<Item, Result> {
  /** As many items go on together at most. */
  size: number;
  /** Milliseconds that the first of them waits for others. */
  waitMs: number;
  /** Takes the items of one group, in the order they came; its answer is that of each of them. */
  take(items: readonly Item[]): Promise<Result>;
}

/** Lets what comes one by one within a moment go on together, group by group. */
export class Gathering<Item, Result> {
  readonly #options: GatheringOptions<Item, Result>;
  readonly #groups = new Map<string, { items: Item[]; result: Promise<Result>; go(): void }>();

  constructor(options: GatheringOptions<Item, Result>) {
    this.#options = options;
  }

  /** Resolves, or rejects, as the group does that the item went with. */
  join(group: string, item: Item): Promise<Result> {
    const { size } = this.#options;
    const open = this.#groups.get(group) ?? this.#open(group);
    open.items.push(item);
    if (open.items.length >= size) open.go();
    return open.result;
  }

  #open(group: string) {
    const { take, waitMs } = this.#options;
    const items: Item[] = [];
    let go: () => void = () => undefined;
    const result = new Promise<void>((resolve) => {
      const timer = setTimeout(() => go(), waitMs);
      go = () => {
        clearTimeout(timer);
        this.#groups.delete(group);
        resolve();
      };
    }).then(() => take(items));
    const open = { items, result, go: () => go() };
    this.#groups.set(group, open);
    return open;
  }
}
