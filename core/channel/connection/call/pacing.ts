/** Lets the requests of one account go no faster than its platform allows, whichever node makes them. */
export interface Pacing {
  /**
   * Resolves with 0 when a request of this weight may go. While the platform wants no requests for longer than the
   * request may wait, it resolves at once with how long that is, milliseconds, and the request must not go.
   *
   * @param patienceMs how long the request may wait for a platform that wants none, milliseconds
   * @throws the signal's reason once that is aborted
   */
  take(weight: number, signal: AbortSignal, patienceMs: number): Promise<number>;
  /** Lets nothing go for so long: the platform said so. Milliseconds. */
  hold(ms: number): void;
  /** Until when nothing goes, epoch milliseconds; null when requests go. */
  heldUntil(): number | null;
}
