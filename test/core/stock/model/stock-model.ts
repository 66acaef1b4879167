import { Shelves } from './shelves.ts';
import type { Hold, Lines, Said, Shelf, Terms } from './vocabulary.ts';
import { isBundle, isRefused, partsOf, refuse, say, sum } from './vocabulary.ts';

/** What stock should do, as plainly as it can be said. */
export class StockModel extends Shelves {
  /** Goods arrive, are corrected, change their place in a pool, or go to another. */
  move(place: string, units: number, from: string, to: string, into = place): Said {
    if (isBundle(place)) return refuse('stock.bundle-not-stocked');
    if (from !== 'supplier' && !this.shelves.has(place)) return refuse('stock.unknown-sku');
    if (from === 'available' && this.free(place) < units) return refuse('stock.below-zero');
    if (this.shelf(place)[from as keyof Shelf] < units) return refuse('stock.bucket-short');
    this.put(place, from, -units);
    this.put(into, to, units);
    return say('done');
  }
  takeBack(order: string, pool: string, id: string, units: number, bucket: string): Said {
    const line = this.lines.get(`${order}/${id}`);
    if (line && units > line.shipped - line.returned) return refuse('stock.more-than-shipped');
    (line ?? this.before(`${order}/${id}`)).returned += units;
    for (const [place, each] of partsOf(pool, id)) this.put(place, bucket, units * each);
    return say('done');
  }
  /** What there is for each line, first come, first served; `own` holds are given back for it. */
  plan(pool: string, lines: Lines, own: Hold[]): { codes: Set<string>; given: number[] } {
    const codes = new Set<string>();
    const left = new Map<string, number>();
    const given = lines.map(([line, units]) => {
      const parts = partsOf(pool, line);
      for (const [place] of parts) left.set(place, left.get(place) ?? this.free(place) + sum(own, place));
      const some = Math.min(units, ...parts.map(([place, each]) => Math.floor(left.get(place)! / each)));
      for (const [place, each] of parts) left.set(place, left.get(place)! - some * each);
      if (!parts.every(([place]) => this.shelves.has(place))) codes.add('stock.unknown-sku');
      else if (some < units) codes.add('stock.short');
      return some;
    });
    return { codes, given };
  }
  lock(order: string, pool: string, lines: Lines, terms: Terms): Said {
    const own = this.all(order, pool).filter(this.isOpen);
    const before = lines.map(([line]) => sum(own.filter((hold) => hold.line === line)));
    if (this.closed.has(order)) return say('refused', ['stock.order-closed'], before);
    const { codes, given } = this.plan(pool, lines, own);
    const rivals = this.holds.filter((one) => one.order !== order && one.pool === pool && this.isOpen(one));
    const bought = rivals.filter((one) => one.cap && one.scenario === terms.scenario);
    for (const [index, [line, units]] of lines.entries()) {
      const all = units + sum(bought.filter((one) => one.line === line));
      if (terms.cap && units > before[index]! && all > terms.cap) codes.add('stock.buyer-cap');
    }
    if (isRefused(codes)) return say('refused', codes, before);
    if (codes.size > 0 && !terms.partial) return say('short', codes, before);
    for (const hold of own) Object.assign(hold, { units: 0, end: 'released' });
    const hold: Omit<Hold, 'line' | 'units'> = { ...terms, order, pool, made: this.now, end: 'released' };
    const made = lines.map(([line], index) => ({ ...hold, line, units: given[index]! }));
    this.holds.push(...made.filter(({ units }) => units > 0));
    return say(codes.size > 0 ? 'short' : 'locked', codes, given);
  }
  /** Held units leave or are free again: of each line so many, or all. */
  resolve(end: 'posted' | 'released', order: string, pool: string, lines: Lines<number | undefined>): Said {
    const wants = lines.map(([line, units]) => {
      const hold = this.last(order, pool, line);
      return { line, hold, units: units ?? hold?.units ?? 0 };
    });
    const codes = wants.flatMap(({ hold, units }) => {
      if (hold && this.isOpen(hold)) return units > hold.units ? 'stock.more-than-held' : [];
      return `stock.hold-${!hold ? 'none' : hold.units > 0 ? 'expired' : hold.end}`;
    });
    const twice = wants.some(({ line, units }) => end === 'posted' && this.leavesTwice(order, line, units));
    if (codes.length > 0 || twice) return say('refused', codes.length > 0 ? codes : ['stock.left-already']);
    for (const { line, hold, units } of wants) {
      Object.assign(hold!, { units: hold!.units - units, end });
      if (end === 'posted') this.leave(order, pool, line, units);
    }
    const units = wants.map((want) => want.units);
    return say(end === 'posted' ? 'deducted' : 'released', [], units);
  }
  /** Units leave that nobody holds. */
  sell(order: string, pool: string, lines: Lines): Said {
    const { codes, given } = this.plan(pool, lines, []);
    if (lines.some(([line, units]) => this.leavesTwice(order, line, units))) codes.add('stock.left-already');
    if (codes.size > 0) return say(isRefused(codes) ? 'refused' : 'short', codes);
    for (const [line, units] of lines) this.leave(order, pool, line, units);
    return say('deducted', [], given);
  }
}
