/** Refusals with one code are told once in this time, however many come. */
const quietMs = 60_000;

/**
 * Tells of refused webhooks without letting strangers fill the log: the first of each code at once, the others
 * of the next minute as a number beside the next one told.
 */
export class RefusalLog {
  readonly #write: (line: string) => void;
  readonly #now: () => number;
  readonly #seen = new Map<string, { toldAt: number; untold: number }>();

  constructor(write: (line: string) => void, now: () => number = Date.now) {
    this.#write = write;
    this.#now = now;
  }

  tell(code: string, line: string): void {
    const now = this.#now();
    const seen = this.#seen.get(code);
    if (seen && now - seen.toldAt < quietMs) {
      seen.untold += 1;
      return;
    }
    this.#write(seen && seen.untold > 0 ? `${line} (+${seen.untold})` : line);
    this.#seen.set(code, { toldAt: now, untold: 0 });
  }
}
