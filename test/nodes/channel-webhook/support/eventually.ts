import { setTimeout as delay } from 'node:timers/promises';

/** Waits for something the store knows and nobody announces; answers the first value that is not undefined. */
export async function eventually<T>(look: () => Promise<T | undefined>, limitMs = 10_000): Promise<T> {
  const until = Date.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > until) throw new Error(`It did not happen within ${limitMs} ms.`);
    await delay(10);
  }
}
