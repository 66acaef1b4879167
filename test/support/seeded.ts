import { randomInt } from 'node:crypto';

/** Draws from [0, 1), the same ones for the same seed (mulberry32, by Tommy Ettinger, public domain). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Chance that can be repeated: what a test that tries things at random draws from. */
export class Chance {
  readonly seed: number;
  readonly #next: () => number;

  /** @param seed by default `ORDER_HUB_SEED` of the environment, else a new one */
  constructor(seed: number = Number(process.env.ORDER_HUB_SEED ?? randomInt(2 ** 31))) {
    this.seed = seed;
    this.#next = randomFrom(seed);
  }

  /** True with this probability. */
  happens(probability: number): boolean {
    return this.#next() < probability;
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.#next() * (most - least + 1));
  }

  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.between(0, list.length - 1)] as T;
  }

  /** The list in another order. */
  shuffled<T>(list: readonly T[]): T[] {
    return list
      .map((item) => ({ item, place: this.#next() }))
      .sort((one, two) => one.place - two.place)
      .map(({ item }) => item);
  }
}

/** Writes a line among the test's results: the seed with which a failure can be had again, and what was measured. */
export function report(line: string): void {
  process.stdout.write(`      ${line}\n`);
}
