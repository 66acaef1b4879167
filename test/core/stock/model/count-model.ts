import type { StockModel } from './stock-model.ts';
import { type Counted, countThreshold, isBundle, refuse, type Said, say } from './vocabulary.ts';

/** What stock-taking should do: the newest word counts, and a large difference waits for a second person. */
export class CountModel {
  readonly stock: StockModel;
  readonly counts: Counted[] = [];

  constructor(stock: StockModel) {
    this.stock = stock;
  }

  /** Somebody enters what is there without a sheet: nothing is asked. */
  set(place: string, counted: number): Said {
    const more = this.#more(place, counted);
    if (isBundle(place)) return refuse('stock.bundle-not-stocked');
    if (this.stock.free(place) + more < 0) return refuse('stock.count-below-locked');
    for (const count of this.#of(place)) count.stale ??= 'count.set-since';
    this.stock.put(place, 'available', more);
    return say('done');
  }

  /** A sheet with one row. */
  take(place: string, counted: number): Said {
    const more = this.#more(place, counted);
    if (isBundle(place)) return refuse('stock.bundle-not-stocked');
    if (!this.stock.shelves.has(place)) return refuse('stock.unknown-sku');
    for (const count of this.#of(place)) count.stale = 'count.superseded';
    const nth = this.counts.push({ place, more, waits: true, stale: undefined }) - 1;
    return Math.abs(more) > countThreshold ? say('waiting', ['count.above-units']) : this.approve(nth);
  }

  /** What moved since it was counted changes nothing about the difference. */
  approve(nth: number): Said {
    const count = this.counts[nth]!;
    const { place, more, stale, waits } = count;
    if (!waits) return refuse('count.nothing-waits');
    count.waits = !stale && this.stock.free(place) + more < 0;
    if (count.waits) return say('waiting', ['stock.below-zero']);
    if (stale) return say('superseded', [stale]);
    this.stock.put(place, 'available', more);
    return say(more === 0 ? 'agrees' : 'corrected');
  }

  #of(place: string): Counted[] {
    return this.counts.filter((count) => count.place === place);
  }

  #more(place: string, counted: number): number {
    const { available, qc, damaged } = this.stock.shelf(place);
    return counted - available - qc - damaged;
  }
}
