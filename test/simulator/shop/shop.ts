import type { Chance } from '../../support/seeded.ts';
import { type SimulatorClock, wholeSecond } from '../clock.ts';
import {
  type ChangeKind,
  cancel,
  complete,
  firstPart,
  hold,
  likelyChanges,
  note,
  type Parts,
  pay,
  payDeposit,
  setRefund,
  ship,
  unshippedItems,
} from './changes.ts';
import type { IdScheme } from './ids.ts';
import { type Goods, type Listing, makeListings } from './listing.ts';
import { ModifiedIndex } from './modified-index.ts';
import type { Parcel, ShopOrder } from './order.ts';
import { makeOrder } from './order-maker.ts';

/** In what shops of one platform differ from those of another. */
export interface ShopTraits {
  ids: IdScheme;
  /** Whether deposits exist. */
  presales: boolean;
  /** Whether paid orders may be held back. */
  holds: boolean;
  parts: Parts;
  /** Lines of an order at most. */
  mostLines: number;
  /** Whether a remark of the seller counts as a modification. */
  notesModify: boolean;
  /** Whether a list shows this order; some show no unpaid ones. */
  isListed(order: ShopOrder): boolean;
}

export interface ShopOptions {
  clock: SimulatorClock;
  chance: Chance;
  traits: ShopTraits;
  goods: readonly Goods[];
  /** What buyers write and are called, in place of what there is for that. */
  remarks?: readonly string[] | undefined;
  buyers?: readonly string[] | undefined;
}

/** What happened to an order: `created`, or a change. */
export type ShopEvent = 'created' | ChangeKind;

/** An order that the index shows late: its change is there, but lists do not have it before `at`. */
interface Late {
  at: number;
  order: ShopOrder;
}

const day = 86_400_000;
const carriers = ['SF', 'YTO', 'ZTO'] as const;

/** One shop in memory: goods, orders, and what happens to them. Whatever is drawn follows from the seed. */
export class Shop {
  readonly listings: readonly Listing[];
  /** How often a change is shown late by lists, from 0 to 1, and by how much at most, milliseconds. */
  indexDelay = { rate: 0, mostMs: 120_000 };
  readonly #options: ShopOptions;
  readonly #orders = new Map<string, ShopOrder>();
  readonly #ids: string[] = [];
  readonly #bySerial = new Map<number, string>();
  #lastSerial = 0;
  readonly #index = new ModifiedIndex();
  #open: string[] = [];
  #late: Late[] = [];
  #listeners: ((event: ShopEvent, order: ShopOrder) => void)[] = [];

  constructor(options: ShopOptions) {
    this.#options = options;
    this.listings = makeListings(options.chance, options.traits.ids, options.goods);
  }

  /** The shop's time, epoch milliseconds of a whole second. */
  now(): number {
    return wholeSecond(this.#options.clock.now());
  }

  /** Tells what happens from now on. */
  onEvent(listener: (event: ShopEvent, order: ShopOrder) => void): void {
    this.#listeners.push(listener);
  }

  /** Every order in its last state, in the order they were made. */
  orders(): ShopOrder[] {
    return this.#ids.map((id) => this.#orders.get(id)!);
  }

  /** Those that reading the platform's lists must find, in their last state. */
  listedOrders(): ShopOrder[] {
    return this.orders().filter((order) => this.#options.traits.isListed(order));
  }

  order(id: string): ShopOrder | undefined {
    return this.#orders.get(id);
  }

  /** By its place in the order of making, from 1. */
  orderNumber(serial: number): ShopOrder | undefined {
    const id = this.#bySerial.get(serial);
    return id === undefined ? undefined : this.#orders.get(id);
  }

  get orderCount(): number {
    return this.#ids.length;
  }

  /** The listed orders by (modified, serial), as the platform's index has them now. */
  index(): ModifiedIndex {
    this.#showLate(this.now());
    return this.#index;
  }

  listing(productId: string, variantId: string | null): Listing | undefined {
    return this.listings.find(
      (listing) => listing.productId === productId && (variantId === null || listing.variantId === variantId),
    );
  }

  /** One new order, unpaid. */
  place(): ShopOrder {
    const order = this.#draw(this.now());
    this.#store('created', order);
    return order;
  }

  /**
   * Fills the shop with past: orders spread over a time until now, each as far on as its age allows.
   * Nobody is told of them.
   *
   * @param spanMs how far back the first one lies
   */
  fill(count: number, spanMs = 2 * day): void {
    const now = this.now();
    const longestStep = Math.max(30, Math.floor(spanMs / 12_000));
    for (let index = 0; index < count; index += 1) {
      let order = this.#draw(now - spanMs + Math.floor((spanMs * index) / count));
      for (let step = this.#options.chance.between(0, 6); step > 0; step -= 1) {
        const at = wholeSecond(order.times.modified + this.#options.chance.between(20, longestStep) * 1_000);
        const kinds = likelyChanges(order, this.#options.traits);
        if (at > now || kinds.length === 0) break;
        order = this.#changed(order, this.#options.chance.pick(kinds), at);
      }
      this.restore(order);
    }
  }

  /** Takes up an order as it was left, for a shop that goes on where it stopped. Nobody is told of it. */
  restore(order: ShopOrder): void {
    this.#keep(order);
    if (this.#options.traits.isListed(order)) this.#index.set(order);
  }

  /** Lets things happen now: changes of open orders, and a new order now and then or where none is open. */
  live(changes: number): void {
    const { chance } = this.#options;
    for (let done = 0; done < changes; done += 1) {
      const order = chance.happens(0.2) ? undefined : this.#anyOpen();
      if (order) this.change(order.id, this.#likelyChange(order));
      else this.place();
    }
  }

  /** Nobody asks for money back and is refused within one second: lists could not tell which of both came later. */
  #likelyChange(order: ShopOrder): ChangeKind {
    const { chance, traits } = this.#options;
    const kind = chance.pick(likelyChanges(order, traits));
    return kind === 'refuse-refund' && order.times.modified === this.now() ? 'refund' : kind;
  }

  /**
   * One change of one order, now.
   *
   * @throws Error when there is no such order
   */
  change(id: string, kind: ChangeKind): ShopOrder {
    const order = this.#changed(this.#existing(id), kind, this.now());
    this.#store(kind, order);
    return order;
  }

  /** A parcel that came in through the platform's interface; of a whole order when no items are named. */
  shipParcel(id: string, carrier: string, tracking: string, items?: Parcel['items']): ShopOrder {
    const before = this.#existing(id);
    const at = this.now();
    const order = ship(before, at, {
      id: `${before.serial}${before.parcels.length + 1}`,
      carrier,
      tracking,
      items: items ?? unshippedItems(before),
      at,
    });
    this.#store('ship', order);
    return order;
  }

  #existing(id: string): ShopOrder {
    const order = this.#orders.get(id);
    if (!order) throw new Error(`The simulated shop has no order ${id}.`);
    return order;
  }

  #draw(at: number): ShopOrder {
    const { chance, traits, remarks, buyers } = this.#options;
    return makeOrder(chance, {
      remarks,
      buyers,
      serial: this.#lastSerial + 1,
      at,
      ids: traits.ids,
      listings: this.listings,
      presales: traits.presales,
      mostLines: traits.mostLines,
    });
  }

  #changed(order: ShopOrder, kind: ChangeKind, at: number): ShopOrder {
    const { chance, traits } = this.#options;
    switch (kind) {
      case 'pay-deposit':
        return payDeposit(order, at);
      case 'pay':
        return pay(order, at);
      case 'hold':
        return hold(order, at);
      case 'release':
        return hold(order, at, false);
      case 'ship':
        return ship(order, at, this.#parcel(order, at, unshippedItems(order)));
      case 'ship-part': {
        const part = firstPart(order, traits.parts);
        return part ? ship(order, at, this.#parcel(order, at, [part])) : order;
      }
      case 'complete':
        return complete(order, at);
      case 'cancel':
        return cancel(order, at);
      case 'ask-refund':
        return this.#refund(order, at, 'none', 'requested');
      case 'refund':
        return this.#refund(order, at, 'requested', 'refunded');
      case 'refuse-refund':
        return this.#refund(order, at, 'requested', 'none');
      case 'note':
        return note(order, at, `备注 ${order.version} ✔ <已核对>`, traits.notesModify);
    }
    throw new Error(`No change is called ${String(kind)} (${chance.seed}).`);
  }

  #refund(
    order: ShopOrder,
    at: number,
    from: 'none' | 'requested',
    to: 'none' | 'requested' | 'refunded',
  ): ShopOrder {
    const line = order.lines.find(({ refund }) => refund === from);
    return line ? setRefund(order, at, line.id, to) : order;
  }

  #parcel(order: ShopOrder, at: number, items: Parcel['items']): Parcel {
    const number = order.parcels.length + 1;
    return {
      id: `${order.serial}${number}`,
      carrier: this.#options.chance.pick(carriers),
      tracking: `TEST${String(order.serial).padStart(9, '0')}${number}`,
      items,
      at,
    };
  }

  #store(event: ShopEvent, order: ShopOrder): void {
    this.#keep(order);
    this.#showOrDelay(order);
    for (const listener of this.#listeners) listener(event, order);
  }

  #keep(order: ShopOrder): void {
    if (!this.#orders.has(order.id)) {
      this.#ids.push(order.id);
      this.#bySerial.set(order.serial, order.id);
      this.#lastSerial = Math.max(this.#lastSerial, order.serial);
      this.#open.push(order.id);
    }
    this.#orders.set(order.id, order);
  }

  #showOrDelay(order: ShopOrder): void {
    if (!this.#options.traits.isListed(order)) return;
    const { rate, mostMs } = this.indexDelay;
    if (rate > 0 && this.#options.chance.happens(rate))
      this.#late.push({ at: this.now() + this.#options.chance.between(1, mostMs), order });
    else this.#index.set(order);
  }

  #showLate(now: number): void {
    if (this.#late.length === 0) return;
    const due = this.#late.filter(({ at }) => at <= now);
    this.#late = this.#late.filter(({ at }) => at > now);
    // A newer version may have been shown meanwhile.
    for (const { order } of due) this.#index.set(this.#orders.get(order.id)!);
  }

  #anyOpen(): ShopOrder | undefined {
    const { chance, traits } = this.#options;
    while (this.#open.length > 0) {
      const place = chance.between(0, this.#open.length - 1);
      const order = this.#orders.get(this.#open[place]!)!;
      if (likelyChanges(order, traits).length > 0) return order;
      this.#open[place] = this.#open.at(-1)!;
      this.#open.pop();
    }
    return undefined;
  }
}
