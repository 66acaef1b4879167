/** What one page may keep the process busy, milliseconds; above it the next one is smaller. */
const aimMs = 10;

/** How many rows a page has, so that it takes about as long as it may. */
export class PageSize {
  readonly #least: number;
  readonly #most: number;
  rows: number;

  constructor({ first = 400, least = 25, most = 4_000 } = {}) {
    this.rows = first;
    this.#least = least;
    this.#most = most;
  }

  /** Takes in how long a page of so many rows took. */
  took(ms: number): void {
    if (ms > aimMs) this.rows = Math.max(this.#least, Math.floor((this.rows * aimMs) / ms));
    else if (ms < aimMs / 2) this.rows = Math.min(this.#most, Math.ceil(this.rows * 1.5));
  }
}
