/** Ids that have not been seen yet and may still come, from the first to the last of them. */
interface Gap {
  first: number;
  last: number;
  /** When it was noticed, epoch milliseconds. */
  since: number;
}

/**
 * How far the ledger has been read. Processes on one database take ids before they commit, so a smaller id may turn
 * up after a greater one: what is missing below the greatest id seen is looked for again, until it is so old that it
 * must belong to something that was undone. Only what nothing is missing before counts as read for good.
 */
export class MovementCursor {
  #upTo: number;
  #gaps: Gap[] = [];
  readonly #patienceMs: number;

  /** @param patienceMs how long a missing id is waited for: longer than any transaction lasts */
  constructor(upTo: number, patienceMs = 60_000) {
    this.#upTo = upTo;
    this.#patienceMs = patienceMs;
  }

  /** The greatest id seen: what is new comes after it. */
  get upTo(): number {
    return this.#upTo;
  }

  /** The last id before which nothing is missing: where a new process goes on. */
  get safe(): number {
    return this.#gaps[0] ? this.#gaps[0].first - 1 : this.#upTo;
  }

  get gaps(): readonly { first: number; last: number }[] {
    return this.#gaps;
  }

  /** Takes ids in ascending order, new ones or such that were missing. */
  take(ids: readonly number[], now: number): void {
    for (const id of ids) {
      if (id <= this.#upTo) {
        this.#fill(id);
        continue;
      }
      if (id > this.#upTo + 1) this.#gaps.push({ first: this.#upTo + 1, last: id - 1, since: now });
      this.#upTo = id;
    }
  }

  /** Waits no longer for what has been missing for too long. */
  giveUp(now: number): void {
    this.#gaps = this.#gaps.filter(({ since }) => now - since < this.#patienceMs);
  }

  #fill(id: number): void {
    const index = this.#gaps.findIndex(({ first, last }) => first <= id && id <= last);
    const gap = this.#gaps[index];
    if (!gap) return;
    const { first, last, since } = gap;
    const left: Gap[] = [];
    if (first < id) left.push({ first, last: id - 1, since });
    if (id < last) left.push({ first: id + 1, last, since });
    this.#gaps.splice(index, 1, ...left);
  }
}
