import assert from 'node:assert/strict';
import type { StockTarget } from '../../../../core/channel/connection/stock-target.ts';
import { platformNames } from '../../../../core/channel/platform.ts';
import { requestFaults } from '../../../simulator/faults.ts';
import { type PlatformName, platforms } from '../../../simulator/platforms/index.ts';
import type { Listing } from '../../../simulator/shop/listing.ts';
import { type SimulatedShop, type Simulator, startSimulator } from '../../../simulator/simulator.ts';
import { awaited } from '../../../support/awaited.ts';
import { Chance } from '../../../support/seeded.ts';
import { makeSqlitePlace, type SqlitePlace } from '../../store/sqlite-place.ts';
import { Child } from './child.ts';
import { customShop } from './custom-shop.ts';
import type { PusherNews, PusherOrder, PusherTask } from './pusher-process.ts';
import { accountOf, openSimulatedAccount } from './simulated-account.ts';

/*
 * The numbers of a shared stock, told to every simulated platform that takes stock, while they change, its gateway fails in
 * every way it can, and the hub is killed in the middle of calls. `ORDER_HUB_CHANGES=20000` for a long run.
 */

const changes = Number(process.env.ORDER_HUB_CHANGES ?? 200);
const skus = 20;
const policy = { pools: ['main'], buffer: 2, closeBelow: 4, reopenAt: 8, lastUnits: null };

/** How orders of the platform name a listing. */
const listingNames: Partial<Record<PlatformName, (listing: Listing) => string>> = {
  jd: ({ variantId }) => variantId!,
  shopify: ({ variantId }) => variantId!,
  custom: ({ sku }) => sku,
};
const nameOf = (platform: PlatformName, listing: Listing): string =>
  listingNames[platform]?.(listing) ?? [listing.productId, listing.variantId].filter(Boolean).join('/');

/**
 * Units that say themselves which change made them: the number of a change stands in the last digits, so that an older
 * number after a newer one is seen in what the shop was told.
 */
const digits = 100_000;
const changeOf = (sellable: number): number => sellable % digits;

const shops = (Object.keys(platforms) as PlatformName[]).filter((name) =>
  platformNames.some((one) => one === name),
);
for (const name of shops) {
  describe(`the stock of a simulated ${name} shop that is told while it changes`, function () {
    this.timeout(180_000);
    const chance = new Chance();
    let simulator: Simulator;
    let shop: SimulatedShop;
    let place: SqlitePlace;
    let target: StockTarget;
    let close: () => void;
    let child: Child<PusherNews, PusherOrder>;
    /** Told of each write the shop has taken, before it is answered. */
    let written: (listing: Listing) => void;
    const refused: { listing: string; code: string }[] = [];
    /** Why reading back failed. */
    const troubles: string[] = [];
    const where = `seed ${chance.seed}`;

    before(async () => {
      place = await makeSqlitePlace();
      const codes = Array.from({ length: skus }, (_, index) => `SKU-${index}`);
      simulator = await startSimulator({ seed: chance.seed, platforms: { [name]: { codes, limit: null } } });
      shop = simulator.shop(name);
      const account = accountOf(shop, customShop);
      const opened = await openSimulatedAccount(account);
      close = () => opened.close();
      assert.ok(opened.connection.stock, `${name} takes no stock`);
      target = opened.connection.stock;
      const { journal } = shop;
      const write = journal.writeStock.bind(journal);
      written = () => undefined;
      journal.writeStock = (listing, one) => {
        write(listing, one);
        written(listing);
      };
      const listings = shop.shop.listings.map((listing) => ({
        listing: nameOf(name, listing),
        sku: listing.sku,
      }));
      const task: PusherTask = { location: place.location, account, policy, listings };
      child = new Child('./pusher-process.ts', task, (news) => {
        if ('refused' in news) refused.push(news.refused);
        if ('trouble' in news) troubles.push(news.trouble);
      });
    });
    after(async () => {
      await child?.kill();
      close?.();
      await simulator?.close();
      await place?.dispose();
    });

    /** What was counted last of each SKU. */
    const units = new Map<string, number>();
    let count = 0;

    /** One more change, sometimes to so little that the listing closes. */
    async function change(sku: string, isLow = chance.happens(0.2)): Promise<void> {
      count += 1;
      const key = `change ${count}`;
      const wanted = isLow ? chance.between(0, 5) : chance.between(1, 900) * digits + count + policy.buffer;
      units.set(sku, wanted);
      const done = child.told(`${key} of ${sku} to be durable, ${where}`, (news) => {
        return 'done' in news && news.done === key ? true : undefined;
      });
      child.say({ set: { key, sku, units: wanted } });
      await done;
    }

    it('shows the last number of each listing, never an older one after a newer', async () => {
      shop.faults({ rate: 0.1, kinds: requestFaults });
      await child.told(`the start, ${where}`, (news) => ('ready' in news ? true : undefined));
      const kills = new Set([Math.floor(changes / 3), Math.floor((changes * 2) / 3)]);
      while (count < changes) {
        await change(chance.pick(shop.shop.listings).sku);
        if (!kills.has(count)) continue;
        // In the middle of a call: the shop has taken a number, and nobody hears the answer.
        const killed = new Promise<void>((resolve, reject) => {
          written = () => {
            written = () => undefined;
            child.kill().then(resolve, reject);
          };
        });
        await change(chance.pick(shop.shop.listings).sku, false).catch((error: unknown) => {
          assert.match(String(error), /SIGKILL/);
        });
        await awaited(`the shop to be told a number after ${count} changes, ${where}`, killed);
        await child.told(`the start, ${where}`, (news) => ('ready' in news ? true : undefined));
      }
      shop.faults(null);
      /** Listings that a person changes as soon as they have been told. */
      const odd = new Set(chance.shuffled([...shop.shop.listings]).slice(0, target.read ? 3 : 0));
      /** Those of them that were not told again yet. */
      const left = new Set(odd);
      const corrected = new Promise<void>((resolve) => {
        const changed = new Set<Listing>();
        if (left.size === 0) resolve();
        written = (listing) => {
          if (
            !odd.has(listing) ||
            changeOf(listing.available) + policy.buffer !== units.get(listing.sku)! % digits
          )
            return;
          if (!changed.has(listing)) {
            changed.add(listing);
            listing.available = 7;
          } else if (left.delete(listing) && left.size === 0) resolve();
        };
      });
      const shownOf = (listings: Iterable<Listing>): string =>
        [...listings]
          .map(({ sku, available }) => `${sku} shows ${available} of ${units.get(sku)}`)
          .concat(troubles.slice(-3))
          .join('; ');
      const oddSkus = new Set([...odd].map(({ sku }) => sku));
      const others = shop.shop.listings.filter(({ sku }) => !oddSkus.has(sku));
      for (const sku of oddSkus) await change(sku, false);
      // One of them closes in any case.
      for (const [index, { sku }] of others.entries()) await change(sku, index === 0 || chance.happens(0.3));
      await awaited(
        () => `numbers that a person changed to be corrected (${shownOf(left)}), ${where}`,
        corrected,
      );
      const resting = child.told(`the end of all telling, ${where}`, (news) =>
        'resting' in news ? news.resting : undefined,
      );
      child.say({ rest: true });
      const states = new Map((await resting).map((state) => [state.listing, state]));

      assert.deepEqual(refused, [], where);
      const isOpenUnit = new Map<string, boolean>();
      for (const listing of shop.shop.listings) {
        const state = states.get(nameOf(name, listing))!;
        const what = `${listing.sku}, ${where}`;
        const sellable = Math.max(0, units.get(listing.sku)! - policy.buffer);
        assert.equal(state.sellable, state.open ? sellable : 0, `the share of ${what}`);
        assert.equal(state.told, state.version, `not the newest state was told of ${what}`);
        assert.equal(listing.available, state.sellable, `the shop shows another number of ${what}`);
        const unit = target.sale?.unitOf(state.listing) ?? '';
        isOpenUnit.set(unit, state.open || isOpenUnit.get(unit) === true);
        const told = shop.journal
          .stockWrites(listing.sku)
          .map(({ after }) => changeOf(after))
          .filter((number) => number > 0);
        for (const [index, number] of told.entries())
          assert.ok(
            number >= (told[index - 1] ?? 0),
            `an older number after a newer: ${told.join(', ')} (${what})`,
          );
      }
      assert.ok(
        [...states.values()].some(({ open }) => !open),
        `nothing was closed, ${where}`,
      );
      const { sale } = target;
      if (!sale) return;
      for (const listing of shop.shop.listings) {
        const isOpen = isOpenUnit.get(sale.unitOf(nameOf(name, listing)));
        assert.equal(listing.onSale, isOpen, `whether ${listing.sku} is for sale, ${where}`);
      }
    });
  });
}
