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

interface ModelHold {
  order: string;
  lineId: string;
  sku: string;
  left: number;
  bucket: 'committed' | 'held' | 'presale';
  until: number | null;
  /** What became of it, once nothing is left. */
  end?: 'posted' | 'given back';
}

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
    const now = act.lines.map((line) =>
      mine.filter((hold) => hold.lineId === line.lineId).reduce((sum, hold) => sum + hold.left, 0),
    );
    if (act.lines.some((line) => !this.free.has(line.sku))) return { state: 'refused', units: now };
    const room = new Map(this.free);
    for (const hold of mine) room.set(hold.sku, room.get(hold.sku)! + hold.left);
    const given = act.lines.map((line) => {
      const units = Math.min(line.quantity, room.get(line.sku)!);
      room.set(line.sku, room.get(line.sku)! - units);
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
      this.#add(line.sku, -given[index]!);
      if (given[index] === 0) return;
      const hold: ModelHold = {
        order: act.order,
        lineId: line.lineId,
        sku: line.sku,
        left: given[index]!,
        bucket: act.bucket,
        until: act.ttlMs === null ? null : this.now + act.ttlMs,
      };
      this.holds.push(hold);
      this.#made.push(hold);
    });
    this.#forgetEmpty();
    return { state: complete ? 'locked' : 'short', units: given };
  }

  #sale(act: Extract<Act, { do: 'sale' }>): Expected {
    if (act.lines.some((line) => !this.free.has(line.sku))) return { state: 'refused', units: [] };
    const room = new Map(this.free);
    for (const line of act.lines) room.set(line.sku, room.get(line.sku)! - line.quantity);
    if ([...room.values()].some((units) => units < 0)) return { state: 'short', units: [] };
    for (const [sku, units] of room) this.free.set(sku, units);
    return { state: 'deducted', units: act.lines.map((line) => line.quantity) };
  }

  #resolve(act: Extract<Act, { do: 'release' | 'deduct' }>): Expected {
    const mine = this.holds.filter((hold) => hold.order === act.order);
    const wanted = act.lines ?? mine.map((hold) => ({ lineId: hold.lineId, quantity: undefined }));
    const parts = wanted.map((line) => ({
      hold: mine.find((hold) => hold.lineId === line.lineId),
      units: line.quantity,
    }));
    if (parts.length === 0 || parts.some(({ hold, units }) => !hold || (units ?? 0) > hold.left))
      return { state: 'refused', units: [] };
    const units = parts.map(({ hold, units }) => {
      const moved = units ?? hold!.left;
      hold!.left -= moved;
      if (hold!.left === 0) hold!.end = act.do === 'deduct' ? 'posted' : 'given back';
      if (act.do === 'release') this.#add(hold!.sku, moved);
      return moved;
    });
    this.#forgetEmpty();
    return { state: act.do === 'release' ? 'released' : 'deducted', units };
  }

  #add(sku: string, units: number): void {
    this.free.set(sku, this.free.get(sku)! + units);
  }

  #forgetEmpty(): void {
    this.holds = this.holds.filter((hold) => hold.left > 0);
  }
}
