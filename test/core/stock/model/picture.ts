import type { Expected } from './expected.ts';
import {
  buckets,
  holdText,
  lineText,
  noShelf,
  type Picture,
  partsOf,
  type Shelf,
  sum,
} from './vocabulary.ts';

/** What is to be seen of the model; holds whose time is up are over. */
export function pictureOf({ stock, orders }: Expected): Picture {
  const holds = stock.holds.filter(stock.isOpen);
  const unitsIn = (place: string, bucket: (typeof buckets)[number]): number => {
    if (bucket === 'available') return stock.free(place);
    if (bucket in noShelf) return stock.shelf(place)[bucket as keyof Shelf];
    return sum(
      holds.filter((hold) => hold.bucket === bucket),
      place,
    );
  };
  return {
    units: [...stock.shelves.keys()]
      .map((place) => `${place}: ${buckets.map((bucket) => unitsIn(place, bucket)).join(' ')}`)
      .sort(),
    holds: holds
      .flatMap((hold) => partsOf(hold.pool, hold.line).map(([place, each]) => holdText(hold, place, each)))
      .sort(),
    lines: [...orders.orders]
      .flatMap(([order, { lines }]) => [...lines.keys()].map((id) => `${order}/${id}`))
      .map((name) => lineText(name, stock.lines.get(name)!))
      .sort(),
  };
}
