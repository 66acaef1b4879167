import type { Part } from '../bundles/bundle-book.ts';

/** What a line asks of the warehouses. */
export interface Asked {
  parts: readonly Part[];
  /** Ordered units. */
  quantity: number;
  /** Ordered units that the line holds now, by warehouse: they stay where they are if they can. */
  own: ReadonlyMap<string, number> | undefined;
}

/** A warehouse and the units of each SKU that the order may have there, those it holds itself included. */
export interface Site {
  pool: string;
  room: ReadonlyMap<string, number>;
}

/** Ordered units of a line that come from one pool. */
export interface Placement {
  pool: string;
  units: number;
}

export interface Allocation {
  /** By line, in the order they were asked. */
  placements: Placement[][];
  /** Whether every line got all that it asked for. */
  complete: boolean;
}

/** Combinations of warehouses that are tried for the fewest; beyond that the one that adds most is taken next. */
const mostCombinations = 5_000;

/**
 * Spreads an order over warehouses. Each unit of a bundle comes whole from one of them.
 *
 * @param sites in the order in which they are asked
 * @param limit units of each SKU that may be taken in all
 */
export function allocate(
  asked: readonly Asked[],
  sites: readonly Site[],
  limit: ReadonlyMap<string, number>,
  { split, fewest }: { split: boolean; fewest: boolean },
): Allocation {
  const holding = new Set<string>();
  for (const { own } of asked) for (const pool of own?.keys() ?? []) holding.add(pool);
  // Units that are held already are on their way out of that warehouse; moving them would need free ones elsewhere.
  const ordered = [...sites].sort((a, b) => Number(holding.has(b.pool)) - Number(holding.has(a.pool)));
  const fill = (among: readonly Site[]): Filling => new Filling(asked, among, limit, split);
  if (!split) return fromOne(ordered, fill);
  if (fewest) return fromFewest(ordered, holding, fill);
  // What stays was placed first by the filling itself; the rest follows the order of the rule.
  return fill(sites).done();
}

/** All from the first warehouse that has it; else as much as one has. */
function fromOne(sites: readonly Site[], fill: (among: readonly Site[]) => Filling): Allocation {
  let best: Filling | undefined;
  for (const site of sites) {
    const filling = fill([site]);
    if (filling.missing === 0) return filling.done();
    if (!best || filling.missing < best.missing) best = filling;
  }
  return best!.done();
}

/** From as few warehouses as can be, those of the first places when several sets are as small. */
function fromFewest(
  sites: readonly Site[],
  holding: ReadonlySet<string>,
  fill: (among: readonly Site[]) => Filling,
): Allocation {
  const all = fill(sites);
  if (all.missing > 0) return all.done();
  const base = sites.filter((site) => holding.has(site.pool));
  const rest = sites.filter((site) => !holding.has(site.pool));
  let tried = 0;
  for (let size = 0; size <= rest.length; size += 1) {
    tried += combinationsOf(rest.length, size);
    if (tried > mostCombinations) break;
    for (const chosen of choose(rest, size)) {
      const among = [...base, ...chosen];
      if (among.length === 0) continue;
      const filling = fill(among);
      if (filling.missing === 0) return filling.done();
    }
  }
  return growing(base, rest, fill);
}

/** Takes in the warehouse that lessens what is missing most, until nothing is. */
function growing(
  base: readonly Site[],
  rest: readonly Site[],
  fill: (among: readonly Site[]) => Filling,
): Allocation {
  let among = [...base];
  let left = [...rest];
  for (;;) {
    let best: { site: Site; filling: Filling } | undefined;
    for (const site of left) {
      const filling = fill([...among, site]);
      if (!best || filling.missing < best.filling.missing) best = { site, filling };
    }
    if (!best) return fill(among).done();
    if (best.filling.missing === 0) return best.filling.done();
    const { site } = best;
    among = [...among, site];
    left = left.filter((one) => one !== site);
  }
}

function combinationsOf(count: number, size: number): number {
  let combinations = 1;
  for (let index = 0; index < size; index += 1) combinations *= (count - index) / (index + 1);
  return combinations;
}

/** All choices of so many, those with earlier ones first. */
function* choose(sites: readonly Site[], size: number, from = 0): Generator<Site[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let index = from; index <= sites.length - size; index += 1)
    for (const rest of choose(sites, size - 1, index + 1)) yield [sites[index]!, ...rest];
}

/** One try: takes units of warehouses line by line. */
class Filling {
  readonly #placements: Placement[][];
  readonly #left: number[];
  readonly #rooms: Map<string, Map<string, number>>;
  readonly #limit: Map<string, number>;

  constructor(
    asked: readonly Asked[],
    sites: readonly Site[],
    limit: ReadonlyMap<string, number>,
    stay: boolean,
  ) {
    this.#placements = asked.map(() => []);
    this.#left = asked.map(({ quantity }) => quantity);
    this.#rooms = new Map(sites.map(({ pool, room }) => [pool, new Map(room)]));
    this.#limit = new Map(limit);
    if (stay) {
      asked.forEach(({ own, parts }, index) => {
        for (const [pool, units] of own ?? []) this.#take(index, parts, pool, units);
      });
    }
    // A bundle needs several SKUs in one place: it chooses before the lines that need one.
    const order = asked.map((_, index) => index);
    order.sort((a, b) => asked[b]!.parts.length - asked[a]!.parts.length || a - b);
    for (const index of order) {
      for (const { pool } of sites) this.#take(index, asked[index]!.parts, pool, this.#left[index]!);
    }
  }

  /** Ordered units that no warehouse of the try has. */
  get missing(): number {
    return this.#left.reduce((sum, units) => sum + units, 0);
  }

  done(): Allocation {
    return { placements: this.#placements, complete: this.missing === 0 };
  }

  #take(index: number, parts: readonly Part[], pool: string, most: number): void {
    const room = this.#rooms.get(pool);
    if (!room) return;
    let units = Math.min(most, this.#left[index]!);
    for (const { sku, perUnit } of parts) {
      const free = Math.min(room.get(sku) ?? 0, this.#limit.get(sku) ?? 0);
      units = Math.min(units, Math.floor(free / perUnit));
    }
    if (units <= 0) return;
    for (const { sku, perUnit } of parts) {
      room.set(sku, room.get(sku)! - units * perUnit);
      this.#limit.set(sku, this.#limit.get(sku)! - units * perUnit);
    }
    this.#left[index]! -= units;
    const placements = this.#placements[index]!;
    const known = placements.find((one) => one.pool === pool);
    if (known) known.units += units;
    else placements.push({ pool, units });
  }
}
