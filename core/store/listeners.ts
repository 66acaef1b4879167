/**
 * Those who want to be told of something. One that throws is reported as a warning of the process and keeps
 * neither the others from being told nor the teller from going on: what is told has already happened.
 */
export class Listeners<T> {
  readonly #listeners = new Set<(news: T) => void>();

  /** Adds a listener; answers how to remove it. */
  add(listener: (news: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(news: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(news);
      } catch (error) {
        process.emitWarning(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }
}
