import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { type Asked, allocate, type Site } from '../../../../core/stock/taking/allocate.ts';

const line = (sku: string, quantity: number, own?: Record<string, number>): Asked => ({
  parts: [{ sku, perUnit: 1 }],
  quantity,
  own: own && new Map(Object.entries(own)),
});
const site = (pool: string, room: Record<string, number>): Site => ({
  pool,
  room: new Map(Object.entries(room)),
});
const noLimit = new Map(['A', 'B', 'C'].map((sku) => [sku, 1_000_000]));
const shown = (allocation: ReturnType<typeof allocate>): string[] =>
  allocation.placements.map((places) => places.map(({ pool, units }) => `${pool} ${units}`).join(', '));

describe('spreading an order over warehouses', () => {
  it('without splitting takes everything from the first warehouse that has it', () => {
    const sites = [site('n', { A: 9 }), site('e', { A: 3, B: 1 }), site('s', { A: 9, B: 9 })];
    const rule = { split: false, fewest: false };
    assert.deepEqual(shown(allocate([line('A', 3), line('B', 1)], sites, noLimit, rule)), ['e 3', 'e 1']);
    assert.deepEqual(shown(allocate([line('A', 4), line('B', 1)], sites, noLimit, rule)), ['s 4', 's 1']);
    const none = allocate([line('A', 4), line('B', 10)], sites, noLimit, rule);
    assert.equal(none.complete, false);
    assert.deepEqual(shown(none), ['s 4', 's 9'], 'as much as one of them has');
  });

  it('passes on what a warehouse lacks when it may split', () => {
    const sites = [site('n', { A: 2 }), site('e', { A: 3, B: 1 }), site('s', { A: 9, B: 9 })];
    const allocation = allocate([line('A', 6), line('B', 2)], sites, noLimit, { split: true, fewest: false });
    assert.deepEqual(shown(allocation), ['n 2, e 3, s 1', 'e 1, s 1']);
  });

  it('finds the fewest warehouses, those of the first places among as few', () => {
    const sites = [
      site('w1', { A: 5 }),
      site('w2', { A: 4, B: 2 }),
      site('w3', { B: 3, C: 1 }),
      site('w4', { A: 1, C: 9 }),
    ];
    const rule = { split: true, fewest: true };
    const of = (...asked: Asked[]) => shown(allocate(asked, sites, noLimit, rule));
    assert.deepEqual(of(line('A', 4), line('B', 2)), ['w2 4', 'w2 2']);
    assert.deepEqual(of(line('A', 5), line('B', 3), line('C', 1)), ['w1 5', 'w3 3', 'w3 1']);
    assert.deepEqual(of(line('A', 6)), ['w1 5, w2 1'], 'not w1 and w4, which are as few');
  });

  it('leaves units in the warehouse in which they are held', () => {
    const sites = [site('n', { A: 9 }), site('s', { A: 4 })];
    for (const rule of [
      { split: false, fewest: false },
      { split: true, fewest: false },
      { split: true, fewest: true },
    ])
      assert.deepEqual(shown(allocate([line('A', 4, { s: 4 })], sites, noLimit, rule)), ['s 4']);
    const more = allocate([line('A', 6, { s: 4 })], sites, noLimit, { split: true, fewest: false });
    assert.deepEqual(shown(more), ['s 4, n 2']);
    const moved = allocate([line('A', 6, { s: 4 })], sites, noLimit, { split: false, fewest: false });
    assert.deepEqual(shown(moved), ['n 6'], 'one parcel that has everything');
  });

  it('takes each unit of a bundle whole from one warehouse, and bundles choose first', () => {
    const set: Asked = {
      parts: [
        { sku: 'A', perUnit: 2 },
        { sku: 'B', perUnit: 1 },
      ],
      quantity: 2,
      own: undefined,
    };
    const sites = [site('n', { A: 3, B: 1 }), site('s', { A: 2, B: 1 })];
    const allocation = allocate([line('A', 1), set], sites, noLimit, { split: true, fewest: false });
    assert.deepEqual(shown(allocation), ['n 1', 'n 1, s 1']);
    const apart = [site('n', { A: 9 }), site('s', { B: 9 })];
    assert.equal(allocate([set], apart, noLimit, { split: true, fewest: false }).complete, false);
  });

  it('gives out no more of a SKU in all than may be taken', () => {
    const sites = [site('n', { A: 5 }), site('s', { A: 5 })];
    const limit = new Map([['A', 7]]);
    const allocation = allocate([line('A', 8)], sites, limit, { split: true, fewest: false });
    assert.deepEqual([shown(allocation), allocation.complete], [['n 5, s 2'], false]);
  });

  it('allocates exactly what was ordered or says it is not complete, and never more than there is', () => {
    const units = fc.nat(8);
    const skus = fc.constantFrom('A', 'B', 'C');
    fc.assert(
      fc.property(
        fc.array(fc.record({ sku: skus, quantity: fc.integer({ min: 1, max: 10 }) }), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.array(fc.record({ A: units, B: units, C: units }), { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        fc.boolean(),
        (lines, rooms, split, fewest) => {
          const sites = rooms.map((room, index) => site(`w${index}`, room));
          const asked = lines.map(({ sku, quantity }) => line(sku, quantity));
          const { placements, complete } = allocate(asked, sites, noLimit, { split, fewest });
          const taken = new Map<string, number>();
          const used = new Set<string>();
          placements.forEach((places, index) => {
            const sum = places.reduce((all, { units }) => all + units, 0);
            if (complete) assert.equal(sum, lines[index]!.quantity);
            else assert.ok(sum <= lines[index]!.quantity);
            for (const { pool, units } of places) {
              assert.ok(units > 0);
              used.add(pool);
              const name = `${pool} ${lines[index]!.sku}`;
              taken.set(name, (taken.get(name) ?? 0) + units);
            }
          });
          for (const { pool, room } of sites)
            for (const [sku, free] of room) assert.ok((taken.get(`${pool} ${sku}`) ?? 0) <= free);
          if (!split) assert.ok(used.size <= 1);
          const enough = ['A', 'B', 'C'].every((sku) => {
            const wanted = lines.reduce((sum, one) => sum + (one.sku === sku ? one.quantity : 0), 0);
            return wanted <= sites.reduce((sum, { room }) => sum + room.get(sku)!, 0);
          });
          if (split) assert.equal(complete, enough, 'what is there in all is found');
        },
      ),
    );
  });

  it('goes on by what adds most when there are too many warehouses to try every choice', () => {
    const sites = Array.from({ length: 60 }, (_, index) => site(`w${index}`, { A: index < 50 ? 1 : 5 }));
    const allocation = allocate([line('A', 25)], sites, noLimit, { split: true, fewest: true });
    assert.equal(allocation.complete, true);
    assert.equal(allocation.placements[0]!.length, 5);
  });
});
