/** How far there is to go, by how it went so far. */
export interface Progress {
  kind: 'catch-up' | 'back-fill';
  /** Milliseconds of the channel's history that are left. */
  leftMs: number;
  windows: number;
  /** Estimated by the orders per window so far; null before the first window. */
  orders: number | null;
  /** Estimated end, epoch milliseconds; null before the first window. */
  endsAt: number | null;
}

/** What the newest windows weigh more than those before them. */
const weight = 0.3;

/** How fast windows are read, so that it can be said when they will be. */
export class Pace {
  #tookMs: number | null = null;
  #records = 0;

  /** Takes note of a whole window that was read. */
  read(tookMs: number, records: number): void {
    this.#records = this.#tookMs === null ? records : mix(this.#records, records);
    this.#tookMs = this.#tookMs === null ? tookMs : mix(this.#tookMs, tookMs);
  }

  /** @param mostMs the longest window */
  progress(kind: Progress['kind'], leftMs: number, mostMs: number, now: number): Progress {
    const windows = Math.ceil(leftMs / mostMs);
    const known = this.#tookMs !== null;
    return {
      kind,
      leftMs,
      windows,
      orders: known ? Math.round(this.#records * windows) : null,
      endsAt: known ? Math.round(now + (this.#tookMs ?? 0) * windows) : null,
    };
  }
}

function mix(before: number, now: number): number {
  return before * (1 - weight) + now * weight;
}
