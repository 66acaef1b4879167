/** What a shop takes for the time, epoch milliseconds. */
export interface SimulatorClock {
  now(): number;
}

export const systemClock: SimulatorClock = { now: () => Date.now() };

/** A clock that stands still until a test moves it. */
export class VirtualClock implements SimulatorClock {
  #now: number;

  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}

/** The whole second a time lies in: no platform shows less than that. */
export function wholeSecond(time: number): number {
  return Math.floor(time / 1_000) * 1_000;
}

const beijingOffset = 8 * 3_600_000;

/** `yyyy-MM-dd HH:mm:ss` in GMT+8, as the Chinese platforms write times; empty for none. */
export function beijingText(time: number | null): string {
  return time === null ? '' : new Date(time + beijingOffset).toISOString().slice(0, 19).replace('T', ' ');
}

/** The time that a text in GMT+8 means; milliseconds and `+0800` may follow. Null for anything else. */
export function beijingTime(text: string | undefined): number | null {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d{3})?(\+0800)?$/.exec(text ?? '');
  if (!match) return null;
  const time = Date.parse(`${match[1]}T${match[2]}${match[3] ?? ''}+08:00`);
  return Number.isNaN(time) ? null : time;
}

/** ISO 8601 with whole seconds and `Z`; null for none. */
export function utcText(time: number | null): string | null {
  return time === null ? null : `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** Unix seconds, 0 for none. */
export function unixSeconds(time: number | null): number {
  return time === null ? 0 : Math.floor(time / 1_000);
}
