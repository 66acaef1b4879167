/** Which subscribers somebody in this process takes messages for. */
export class Attendance {
  readonly #takers = new Map<string, number>();

  /** Notes that somebody begins to take a subscriber's messages; answers how to note that it ended. */
  enter(subscriber: string): () => void {
    this.#takers.set(subscriber, (this.#takers.get(subscriber) ?? 0) + 1);
    let present = true;
    return () => {
      if (!present) return;
      present = false;
      const left = (this.#takers.get(subscriber) ?? 0) - 1;
      if (left > 0) this.#takers.set(subscriber, left);
      else this.#takers.delete(subscriber);
    };
  }

  has(subscriber: string): boolean {
    return this.#takers.has(subscriber);
  }
}
