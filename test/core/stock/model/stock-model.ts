import type { Hold, LineState, Lines, Said, Shelf, Terms } from './vocabulary.ts';
import { isBundle, noShelf, partsOf, refuse, say, sum } from './vocabulary.ts';

const isRefused = (codes: Set<string>) => [...codes].some((code) => code !== 'stock.short');

/** What stock should do, as plainly as it can be said: shelves, and holds on some of what is available there. */
export class StockModel {
  now = 0;
  readonly shelves = new Map<string, Shelf>();
  readonly holds: Hold[] = [];
  readonly lines = new Map<string, LineState>();
  readonly closed = new Set<string>();

  isOpen = ({ units, until }: Hold) => units > 0 && (until ?? Number.POSITIVE_INFINITY) > this.now;
  all = (order: string, pool: string) => this.holds.filter((one) => one.order === order && one.pool === pool);
  last = (order: string, pool: string, id: string) =>
    this.all(order, pool).findLast((one) => one.line === id);
  shelf = (place: string) => this.shelves.get(place) ?? noShelf;
  free = (place: string) => this.shelf(place).available - sum(this.holds.filter(this.isOpen), place);
  put(place: string, bucket: string, more: number): void {
    const shelf = this.shelf(place);
    const there = shelf[bucket as keyof Shelf] as number | undefined;
    this.shelves.set(place, there === undefined ? shelf : { ...shelf, [bucket]: there + more });
  }
  leave(order: string, pool: string, id: string, units: number): void {
    for (const [place, each] of partsOf(pool, id)) this.put(place, 'available', -units * each);
    const line = this.lines.get(`${order}/${id}`);
    if (!line) return;
    line.posted += units;
    line.shipped = Math.max(line.shipped, Math.min(line.ordered - line.cancelled, line.shipped + units));
  }

  /** Whether more than was ordered would be gone; what came back may leave again, and a first parcel may hold more. */
  leavesTwice(order: string, id: string, units: number): boolean {
    const { posted, returned, ordered } = this.lines.get(`${order}/${id}`) ?? {
      posted: 0,
      returned: 0,
      ordered: 0,
    };
    return posted > returned && posted - returned + units > ordered;
  }
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
    if (line) line.returned += units;
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
    for (const [index, [line]] of lines.entries()) {
      const units = given[index]!;
      if (units > 0) this.holds.push({ ...terms, order, pool, line, units, made: this.now, end: 'released' });
    }
    return say(codes.size > 0 ? 'short' : 'locked', codes, given);
  }
  /** Held units leave or are free again: of each line so many, or all. */
  resolve(end: 'posted' | 'released', order: string, pool: string, lines: Lines<number | undefined>): Said {
    const codes = lines.flatMap(([line, units]) => {
      const last = this.last(order, pool, line);
      if (last && this.isOpen(last)) return units && units > last.units ? 'stock.more-than-held' : [];
      return `stock.hold-${!last ? 'none' : last.units > 0 ? 'expired' : last.end}`;
    });
    if (codes.length > 0) return say('refused', codes);
    const twice = ([line, units = this.last(order, pool, line)!.units]: Lines<number | undefined>[number]) =>
      end === 'posted' && this.leavesTwice(order, line, units);
    if (lines.some(twice)) return refuse('stock.left-already');
    const gone = lines.map(([line, units]) => {
      const hold = this.last(order, pool, line)!;
      const some = units ?? hold.units;
      Object.assign(hold, { units: hold.units - some, end });
      if (end === 'posted') this.leave(order, pool, line, some);
      return some;
    });
    return say(end === 'posted' ? 'deducted' : 'released', [], gone);
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
