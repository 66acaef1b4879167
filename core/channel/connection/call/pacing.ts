/** Lets the requests of one account go no faster than its platform allows, whichever node makes them. */
export interface Pacing {
  /**
   * Resolves when a request of this weight may go.
   *
   * @throws the signal's reason once that is aborted
   */
  take(weight: number, signal: AbortSignal): Promise<void>;
  /** Lets nothing go for so long: the platform said so. Milliseconds. */
  hold(ms: number): void;
  /** Until when nothing goes, epoch milliseconds; null when requests go. */
  heldUntil(): number | null;
}
