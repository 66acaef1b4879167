import { recordLeft } from './order-model.ts';
import type { Hold, LineState, Shelf } from './vocabulary.ts';
import { noLine, noShelf, partsOf, sum, withMore } from './vocabulary.ts';

/** What there is: shelves, and holds on some of what is available there. */
export class Shelves {
  now = 0;
  readonly shelves = new Map<string, Shelf>();
  readonly holds: Hold[] = [];
  readonly lines = new Map<string, LineState>();
  /** Of lines of orders that are not stored: what left, and what came back. */
  readonly unsaved = new Map<string, Pick<LineState, 'posted' | 'returned'>>();
  readonly closed = new Set<string>();

  isOpen = ({ units, until }: Hold) => units > 0 && (until ?? Number.POSITIVE_INFINITY) > this.now;
  all = (order: string, pool: string) => this.holds.filter((one) => one.order === order && one.pool === pool);
  last = (order: string, pool: string, id: string) =>
    this.all(order, pool).findLast((one) => one.line === id);
  shelf = (place: string) => this.shelves.get(place) ?? noShelf;
  free = (place: string) => this.shelf(place).available - sum(this.holds.filter(this.isOpen), place);
  put = (place: string, bucket: string, more: number) =>
    this.shelves.set(place, withMore(this.shelf(place), bucket, more));
  leave(order: string, pool: string, id: string, units: number): void {
    for (const [place, each] of partsOf(pool, id)) this.put(place, 'available', -units * each);
    recordLeft(this.lines.get(`${order}/${id}`) ?? this.before(`${order}/${id}`), units);
  }

  before(name: string): Pick<LineState, 'posted' | 'returned'> {
    const known = this.unsaved.get(name) ?? { posted: 0, returned: 0 };
    this.unsaved.set(name, known);
    return known;
  }

  /** Whether more than was ordered would be gone; what came back may leave again, and a first parcel may hold more. */
  leavesTwice(order: string, id: string, units: number): boolean {
    const { posted, returned, ordered } = this.lines.get(`${order}/${id}`) ?? noLine;
    return posted > returned && posted - returned + units > ordered;
  }
}
