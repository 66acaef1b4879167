import assert from 'node:assert/strict';
import { platformNames } from '../../../../core/channel/platform.ts';
import type { Parcel } from '../../../../core/channel/shipping/ship-parcel.ts';
import { requestFaults } from '../../../simulator/faults.ts';
import { type PlatformName, platforms } from '../../../simulator/platforms/index.ts';
import { isShippable } from '../../../simulator/platforms/shipping.ts';
import { unshippedItems } from '../../../simulator/shop/changes.ts';
import { isRefundAsked, type ShopOrder } from '../../../simulator/shop/order.ts';
import {
  type ShopSettings,
  type SimulatedShop,
  type Simulator,
  startSimulator,
} from '../../../simulator/simulator.ts';
import { Chance } from '../../../support/seeded.ts';
import { makeSqlitePlace, type SqlitePlace } from '../../store/sqlite-place.ts';
import { Child } from './child.ts';
import { customShop } from './custom-shop.ts';
import type { ShipperNews, ShipperOrder, ShipperTask } from './shipper-process.ts';
import { accountOf, openSimulatedAccount } from './simulated-account.ts';

/*
 * Parcels told to every simulated platform while its gateway fails in every way it can, and the hub is killed in the middle
 * of calls: each is there exactly once. `ORDER_HUB_PARCELS=2000` orders for a long run.
 */

const orders = Number(process.env.ORDER_HUB_PARCELS ?? 20);

type Line = { lineId: string; quantity: number };
type Planned = Omit<Parcel, 'account'>;

interface Kind {
  platform: PlatformName;
  what: string;
  /** How finely its parcels are split here. */
  parts: 'none' | 'lines' | 'units';
  /** Whether whole orders, and parts of them, may go without a tracking number. */
  untracked: 'never' | 'whole' | 'parts';
  settings?: ShopSettings;
  custom?: object;
}

const keyed = structuredClone(customShop);
Object.assign(keyed.shipments.request.body, { key: '{key}' });

const kinds: Kind[] = [
  { platform: 'taobao', what: 'taobao', parts: 'lines', untracked: 'whole' },
  { platform: 'pinduoduo', what: 'pinduoduo', parts: 'none', untracked: 'never' },
  { platform: 'douyin', what: 'douyin', parts: 'units', untracked: 'never' },
  { platform: 'jd', what: 'jd', parts: 'none', untracked: 'whole' },
  { platform: 'shopify', what: 'shopify', parts: 'units', untracked: 'parts' },
  {
    platform: 'woocommerce',
    what: 'woocommerce with fulfillments',
    parts: 'units',
    untracked: 'parts',
    settings: { fulfillments: true },
  },
  {
    platform: 'woocommerce',
    what: 'woocommerce with shipment tracking',
    parts: 'none',
    untracked: 'never',
    settings: { tracking: true },
  },
  { platform: 'woocommerce', what: 'woocommerce by notes', parts: 'none', untracked: 'whole' },
  {
    platform: 'custom',
    what: 'custom, without a key',
    parts: 'units',
    untracked: 'never',
    custom: customShop,
  },
  { platform: 'custom', what: 'custom, with a key', parts: 'units', untracked: 'never', custom: keyed },
];

it('Parcels are told to every platform of the simulator that the hub speaks with', () => {
  const spoken = Object.keys(platforms).filter((name) => platformNames.some((one) => one === name));
  assert.deepEqual(spoken.sort(), [...new Set(kinds.map(({ platform }) => platform))].sort());
});

for (const { platform, what, parts, untracked, settings, custom } of kinds) {
  describe(`the parcels of ${orders} orders of a simulated shop: ${what}`, function () {
    this.timeout(180_000);
    const chance = new Chance();
    let simulator: Simulator;
    let shop: SimulatedShop;
    let place: SqlitePlace;
    let carrier: string;
    let carrierAlone: string;
    let child: Child<ShipperNews, ShipperOrder>;
    const where = `seed ${chance.seed}`;

    before(async () => {
      place = await makeSqlitePlace();
      simulator = await startSimulator({
        seed: chance.seed,
        // One in six may be shipped, more or less.
        platforms: { [platform]: { orders: orders * 12, limit: null, ...settings } },
      });
      shop = simulator.shop(platform);
      const account = accountOf(shop, custom);
      const opened = await openSimulatedAccount(account);
      const known = await opened.connection.shipments!.carriers?.(new AbortController().signal);
      opened.close();
      carrier = known?.[0]?.code ?? 'SF';
      // JD's number for the seller's own delivery, the only one that goes without a waybill.
      carrierAlone = platform === 'jd' ? '1274' : carrier;
      const task: ShipperTask = { location: place.location, account };
      child = new Child('./shipper-process.ts', task);
    });
    after(async () => {
      await child?.kill();
      await simulator?.close();
      await place?.dispose();
    });

    let trackings = 0;
    const tracking = (): string => {
      trackings += 1;
      return `T${1_000_000 + trackings}`;
    };

    /** Parts of an order that leave by themselves, and what is left of it then. */
    function split(open: readonly Line[]): { lines: Line[][]; rest: Line[] } {
      const [first, ...others] = open as [Line, ...Line[]];
      if (parts === 'none' || chance.happens(0.3)) return { lines: [], rest: [...open] };
      if (parts === 'lines')
        return others.length > 0 ? { lines: [[first]], rest: others } : { lines: [], rest: [first] };
      // Unit by unit, so that parcels of one order hold the same.
      const units = Math.min(first.quantity, chance.between(1, 2));
      const lines = Array.from({ length: units }, () => [{ ...first, quantity: 1 }]);
      const left = { ...first, quantity: first.quantity - units };
      return { lines, rest: [...(left.quantity > 0 ? [left] : []), ...others] };
    }

    /** What is told of an order, and the parcels that the shop is to have of it. */
    function plan(order: ShopOrder): { told: Planned[]; expected: string[] } {
      const { lines, rest } = split(unshippedItems(order));
      const same = chance.happens(0.3) ? tracking() : undefined;
      const told: Planned[] = [];
      const expected: string[] = [];
      const add = (inside: Line[], isRest: boolean): void => {
        const isWhole = lines.length === 0;
        const isUntracked =
          chance.happens(0.3) && (untracked === 'parts' || (untracked === 'whole' && isWhole));
        // Several parts of one box have one number, where a channel can tell them apart.
        const isShared = same !== undefined && untracked === 'parts' && platform !== 'custom';
        const number = isUntracked ? '' : isShared ? same : tracking();
        told.push({
          orderKey: `${platform}/main/${order.id}`,
          channelOrderId: order.id,
          carrier: isUntracked ? carrierAlone : carrier,
          tracking: number,
          parcel: `${order.id}-${told.length + 1}`,
          // A part that takes all there is may be told as what is left.
          lines: isRest && chance.happens(0.7) ? null : inside,
        });
        expected.push(shown({ tracking: number, items: inside }));
      };
      for (const inside of lines) add(inside, false);
      if (rest.length > 0) add(rest, true);
      if (parts === 'none') told[0]!.lines = null;
      return { told, expected };
    }

    it('are there exactly once', async () => {
      const open = shop.shop
        .orders()
        .filter((order) => isShippable(order) && unshippedItems(order).length > 0);
      // What a buyer wants his money back for, JD locks.
      const wanted = open
        .filter((order) => order.parcels.length === 0 && !isRefundAsked(order))
        .slice(0, orders);
      assert.ok(wanted.length > 10, `only ${wanted.length} orders may be shipped, ${where}`);
      const plans = new Map(wanted.map((order) => [order.id, plan(order)]));
      shop.faults({ rate: 0.1, kinds: requestFaults });
      const left = new Set(plans.keys());
      /** Kills the hub when the shop has taken so many parcels, before it answers the last one. */
      let killAt = Number.POSITIVE_INFINITY;
      let killed: () => void = () => undefined;
      shop.shop.onEvent((event) => {
        if (event !== 'ship') return;
        killAt -= 1;
        if (killAt === 0) void child.kill().then(killed);
      });

      /** What a person does where nobody else can find out: looks, and sends again what is not there. */
      const look = (
        id: string,
        { parcel, code, sentence }: { parcel: Planned; code: string; sentence: string },
      ): void => {
        assert.equal(
          code,
          'channel.outcome-unknown',
          `parcel ${JSON.stringify(parcel)}: ${sentence} (${where})`,
        );
        assert.equal(what, 'custom, without a key');
        const isThere = shop.shop.order(id)!.parcels.some((one) => one.tracking === parcel.tracking);
        const entry = plans.get(id)!;
        entry.told = isThere
          ? entry.told.filter((one) => one.parcel !== parcel.parcel)
          : entry.told.map((one) => (one.parcel === parcel.parcel ? { ...one, again: true } : one));
        child.say({ ship: id, parcels: entry.told });
      };
      const run = async (ids: readonly string[]): Promise<void> => {
        await child.told(`the start, ${where}`, (news) => ('ready' in news ? true : undefined));
        const waiting = new Set(ids);
        const done = child.told(
          `the parcels of ${ids.length} orders, ${where}`,
          (news) => {
            if (!('done' in news)) return undefined;
            const { done: id, refused } = news;
            if (refused) look(id, refused);
            else {
              left.delete(id);
              waiting.delete(id);
            }
            return waiting.size === 0 ? true : undefined;
          },
          150_000,
        );
        for (const id of ids) child.say({ ship: id, parcels: plans.get(id)!.told });
        await done;
      };

      let kills = 0;
      while (kills < 2 && left.size > 0) {
        killAt = chance.between(5, Math.max(6, Math.floor(left.size / 3)));
        const gone = new Promise<void>((resolve) => {
          killed = resolve;
        });
        const isThrough = await run([...left]).then(
          () => true,
          (error: unknown) => {
            assert.match(String(error), /SIGKILL/, where);
            return false;
          },
        );
        // So few may be left that none of them is the one.
        if (isThrough) break;
        kills += 1;
        await gone;
      }
      assert.ok(kills > 0, `the hub was never killed, ${where}`);
      killAt = Number.POSITIVE_INFINITY;
      await child.kill();
      // What comes twice is told once: those that were through come again, too.
      await run([...plans.keys()]);

      for (const [id, { expected }] of plans) {
        const there = shop.shop.order(id)!.parcels.map(shown);
        assert.deepEqual(there.sort(), expected.sort(), `order ${id}, ${where}`);
      }
      shop.faults(null);
      if (what === 'woocommerce by notes')
        for (const id of plans.keys())
          assert.equal((await notesOf(shop, id)).length, 1, `notes of ${id}, ${where}`);
    });
  });
}

/** What the buyer of a WooCommerce order was written. */
async function notesOf({ address, access }: SimulatedShop, id: string): Promise<unknown[]> {
  const answer = await fetch(`${address}/wp-json/wc/v3/orders/${id}/notes`, {
    headers: {
      'x-forwarded-proto': 'https',
      authorization: `Basic ${Buffer.from(`${access.appKey}:${access.appSecret}`).toString('base64')}`,
    },
  });
  assert.equal(answer.status, 200);
  return (await answer.json()) as unknown[];
}

function shown({ tracking, items }: { tracking: string; items: readonly Line[] }): string {
  const inside = items.map(({ lineId, quantity }) => `${lineId}×${quantity}`).sort();
  return `${tracking || 'without a number'}: ${inside.join(' ')}`;
}
