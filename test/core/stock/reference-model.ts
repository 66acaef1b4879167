/*
 * What stock should do, written as plainly as it can be: maps of numbers and a list of holds, one command at a
 * time, lapsed holds given back the moment the clock moves.
 */

export type Act =
  | { do: 'receive'; sku: string; quantity: number; bucket: 'available' | 'qc' }
  | { do: 'correct'; sku: string; quantity: number }
  | { do: 'set'; sku: string; counted: number }
  | {
      do: 'lock';
      order: string;
      lines: { lineId: string; sku: string; quantity: number }[];
      bucket: 'committed' | 'held' | 'presale';
      ttlMs: number | null;
      partial: 'all-or-none' | 'what-there-is';
    }
  | {
      do: 'release' | 'deduct';
      order: string;
      lines: { lineId: string; quantity: number | undefined }[] | undefined;
    }
  | { do: 'sale'; order: string; lines: { lineId: string; sku: string; quantity: number }[] }
  | { do: 'sweep' };

export interface Expected {
  state: string;
  /** Units by line: locked, released, deducted or changed; undefined when only the state is foretold. */
  units: number[] | undefined;
}

/** A bundle, for every pool and all the time: two of A and one of B. */
export const bundles: Readonly<Record<string, readonly (readonly [sku: string, perUnit: number])[]>> = {
  S: [
    ['A', 2],
    ['B', 1],
  ],
};
const partsOf = (sku: string) => bundles[sku] ?? [[sku, 1] as const];

interface ModelHold {
  order: string;
  lineId: string;
  sku: string;
  perUnit: number;
  left: number;
  bucket: 'committed' | 'held' | 'presale';
  until: number | null;
  /** What became of it, once nothing is left. */
  end?: 'posted' | 'given back';
}

/** Ordered units that the holds of a line have. */
const ordered = (holds: readonly ModelHold[]) =>
  holds.length === 0 ? 0 : Math.min(...holds.map((hold) => hold.left / hold.perUnit));

export class ReferenceModel {
  readonly free = new Map<string, number>();
  readonly inspected = new Map<string, number>();
  holds: ModelHold[] = [];
  now: number;
  readonly #made: ModelHold[] = [];

  constructor(now: number) {
    this.now = now;
  }

  advance(ms: number): void {
    this.now += ms;
    for (const hold of this.holds) {
      if (hold.until !== null && hold.until <= this.now) {
        this.#add(hold.sku, hold.left);
        hold.left = 0;
        hold.end = 'given back';
      }
    }
    this.#forgetEmpty();
  }

  /** How many holds there have been; a lock made those from the number before it to the number after it. */
  get made(): number {
    return this.#made.length;
  }

  /** Whether the holds that a lock made are still there, have left, or were followed by such for their lines. */
  stillLocked(from: number, to: number): boolean {
    const covers = (hold: ModelHold) => hold.left > 0 || hold.end === 'posted';
    return this.#made
      .slice(from, to)
      .every((hold) =>
        this.#made
          .slice(this.#made.indexOf(hold))
          .some((later) => later.order === hold.order && later.lineId === hold.lineId && covers(later)),
      );
  }

  apply(act: Act): Expected {
    switch (act.do) {
      case 'receive': {
        const into = act.bucket === 'qc' ? this.inspected : this.free;
        if (!this.free.has(act.sku)) this.free.set(act.sku, 0);
        into.set(act.sku, (into.get(act.sku) ?? 0) + act.quantity);
        return { state: 'done', units: [act.quantity] };
      }
      case 'correct':
        if ((this.free.get(act.sku) ?? -1e12) + act.quantity < 0 || !this.free.has(act.sku))
          return { state: 'refused', units: [] };
        this.#add(act.sku, act.quantity);
        return { state: 'done', units: [act.quantity] };
      case 'set': {
        const taken = (this.inspected.get(act.sku) ?? 0) + this.held(act.sku);
        const before = this.free.get(act.sku) ?? 0;
        if (act.counted < taken) return { state: 'refused', units: [] };
        this.free.set(act.sku, act.counted - taken);
        return { state: 'done', units: [act.counted - taken - before] };
      }
      case 'lock':
        return this.#lock(act);
      case 'sale':
        return this.#sale(act);
      case 'sweep':
        return { state: 'swept', units: [] };
      default:
        return this.#resolve(act);
    }
  }

  held(sku: string, bucket?: string): number {
    return this.holds
      .filter((hold) => hold.sku === sku && (bucket === undefined || hold.bucket === bucket))
      .reduce((sum, hold) => sum + hold.left, 0);
  }

  #lock(act: Extract<Act, { do: 'lock' }>): Expected {
    const mine = this.holds.filter((hold) => hold.order === act.order);
    const now = act.lines.map((line) => ordered(mine.filter((hold) => hold.lineId === line.lineId)));
    if (this.#unknown(act.lines)) return { state: 'refused', units: now };
    const room = new Map(this.free);
    for (const hold of mine) room.set(hold.sku, room.get(hold.sku)! + hold.left);
    const given = act.lines.map((line) => {
      const parts = partsOf(line.sku);
      const most = parts.map(([sku, perUnit]) => Math.floor(room.get(sku)! / perUnit));
      const units = Math.min(line.quantity, ...most);
      for (const [sku, perUnit] of parts) room.set(sku, room.get(sku)! - units * perUnit);
      return units;
    });
    const complete = given.every((units, index) => units === act.lines[index]!.quantity);
    if (!complete && act.partial === 'all-or-none') return { state: 'short', units: now };
    for (const hold of mine) {
      this.#add(hold.sku, hold.left);
      hold.left = 0;
      hold.end = 'given back';
    }
    act.lines.forEach((line, index) => {
      if (given[index] === 0) return;
      for (const [sku, perUnit] of partsOf(line.sku)) {
        const left = given[index]! * perUnit;
        this.#add(sku, -left);
        const { order, bucket, ttlMs } = act;
        const until = ttlMs === null ? null : this.now + ttlMs;
        const hold: ModelHold = { order, lineId: line.lineId, sku, perUnit, left, bucket, until };
        this.holds.push(hold);
        this.#made.push(hold);
      }
    });
    this.#forgetEmpty();
    return { state: complete ? 'locked' : 'short', units: given };
  }

  #sale(act: Extract<Act, { do: 'sale' }>): Expected {
    if (this.#unknown(act.lines)) return { state: 'refused', units: [] };
    const room = new Map(this.free);
    for (const line of act.lines)
      for (const [sku, perUnit] of partsOf(line.sku)) room.set(sku, room.get(sku)! - line.quantity * perUnit);
    if ([...room.values()].some((units) => units < 0)) return { state: 'short', units: [] };
    for (const [sku, units] of room) this.free.set(sku, units);
    return { state: 'deducted', units: act.lines.map((line) => line.quantity) };
  }

  #resolve(act: Extract<Act, { do: 'release' | 'deduct' }>): Expected {
    const mine = this.holds.filter((hold) => hold.order === act.order);
    const lineIds = [...new Set(mine.map((hold) => hold.lineId))];
    const wanted = act.lines ?? lineIds.map((lineId) => ({ lineId, quantity: undefined }));
    const parts = wanted.map(({ lineId, quantity }) => {
      const holds = mine.filter((hold) => hold.lineId === lineId);
      return { holds, units: quantity ?? ordered(holds) };
    });
    if (parts.length === 0 || parts.some(({ holds, units }) => units > ordered(holds) || holds.length === 0))
      return { state: 'refused', units: [] };
    for (const { holds, units } of parts) {
      for (const hold of holds) {
        hold.left -= units * hold.perUnit;
        if (hold.left === 0) hold.end = act.do === 'deduct' ? 'posted' : 'given back';
        if (act.do === 'release') this.#add(hold.sku, units * hold.perUnit);
      }
    }
    const units = parts.map((part) => part.units);
    this.#forgetEmpty();
    return { state: act.do === 'release' ? 'released' : 'deducted', units };
  }

  #unknown(lines: readonly { sku: string }[]): boolean {
    return lines.some((line) => partsOf(line.sku).some(([sku]) => !this.free.has(sku)));
  }

  #add(sku: string, units: number): void {
    this.free.set(sku, this.free.get(sku)! + units);
  }

  #forgetEmpty(): void {
    this.holds = this.holds.filter((hold) => hold.left > 0);
  }
}
