const freshMs = 1_000;

/**
 * The clock of the database, which all processes on it share: this machine's with a correction, measured with every
 * transaction. The correction is changed only when a measurement contradicts it, so that the clock does not tremble
 * with the length of round trips.
 */
export class DatabaseClock {
  readonly #here: () => number;
  #ahead: number | undefined;
  /** What the database said last, and when by a clock that nobody sets. */
  #last: { told: number; at: number } | undefined;

  constructor(here: () => number = Date.now) {
    this.#here = here;
  }

  /** Epoch milliseconds. */
  now(): number {
    return Math.round(this.#here() + (this.#ahead ?? 0));
  }

  /**
   * The time of the database by what it said less than a second ago; undefined when that is longer ago. By then this
   * machine's clock may have been set, and nothing may be decided by it before the database has been asked.
   */
  recent(): number | undefined {
    if (!this.#last) return undefined;
    const since = performance.now() - this.#last.at;
    return since < freshMs ? Math.floor(this.#last.told + since) : undefined;
  }

  /** This machine's time, to be given to `measured` as `asked`. */
  here(): number {
    return this.#here();
  }

  /**
   * Takes in what the database said: the true time then lay between the question and the answer, so that half of
   * the round trip is what is not known (the estimate of NTP, RFC 5905, section 8).
   *
   * @param asked this machine's time when the question was sent
   * @param told the database's time
   */
  measured(asked: number, told: number): void {
    const answered = this.#here();
    this.#last = { told, at: performance.now() };
    const ahead = told - (asked + answered) / 2;
    const unknown = (answered - asked) / 2 + 1;
    if (this.#ahead === undefined || Math.abs(ahead - this.#ahead) > unknown) this.#ahead = ahead;
  }
}
