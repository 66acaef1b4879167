/** How waiting is done; tests put a clock of their own in its place. */
export interface Timers {
  /** Calls back once after so many milliseconds; answers how to call it off. */
  after(ms: number, act: () => void): () => void;
}

export const systemTimers: Timers = {
  after(ms, act) {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
};
