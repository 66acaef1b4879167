import assert from 'node:assert/strict';
import { Chance } from '../support/seeded.ts';
import { ModifiedIndex } from './shop/modified-index.ts';
import type { ShopOrder } from './shop/order.ts';

function order(serial: number, modified: number): ShopOrder {
  const none = null;
  return {
    serial,
    id: String(serial),
    version: 1,
    stage: 'paid',
    held: false,
    times: {
      created: 0,
      modified,
      deposit: none,
      paid: none,
      shipped: none,
      completed: none,
      cancelled: none,
    },
    lines: [],
    postage: 0,
    deposit: null,
    buyer: 1,
    buyerName: '买家',
    buyerNote: '',
    sellerNote: '',
    parcels: [],
  };
}

describe('the index of orders by their last change', () => {
  it('is what sorting all of them gives, whatever was changed or removed', () => {
    const chance = new Chance();
    const index = new ModifiedIndex();
    const model = new Map<number, ShopOrder>();
    for (let step = 0; step < 6_000; step += 1) {
      const serial = chance.between(1, 2_500);
      if (chance.happens(0.1)) {
        index.remove(serial);
        model.delete(serial);
      } else {
        const changed = order(serial, chance.between(0, 900));
        index.set(changed);
        model.set(serial, changed);
      }
    }
    const all = [...model.values()].sort(
      (one, two) => one.times.modified - two.times.modified || one.serial - two.serial,
    );
    const ids = (orders: readonly ShopOrder[]) => orders.map(({ id }) => id);
    const told = `seed ${chance.seed}`;
    assert.equal(index.size, all.length, told);
    assert.deepEqual(ids(index.slice(0, all.length)), ids(all), told);
    for (let probe = 0; probe < 50; probe += 1) {
      const start = chance.between(0, all.length);
      const time = chance.between(-1, 901);
      assert.deepEqual(ids(index.slice(start, 40)), ids(all.slice(start, start + 40)), told);
      assert.equal(index.before(time), all.filter(({ times }) => times.modified < time).length, told);
    }
  });
});
