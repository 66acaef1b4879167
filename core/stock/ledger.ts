import type { HoldState } from '../store/schema.ts';
import { Act, type Cause } from './act.ts';
import type { Bucket, HoldBucket, OutsideBucket, Units } from './buckets.ts';
import type { ReadBalance, ReadHold } from './state.ts';

/** A hold's row as it stands in the store, with the pool and SKU its balance says. */
export type HoldRow = Omit<ReadHold, 'id' | 'balance_id'>;

/** One bit a bucket. */
export const bucketBits: Readonly<Record<Bucket, number>> = {
  available: 1,
  held: 2,
  committed: 4,
  presale: 8,
  qc: 16,
  damaged: 32,
  inbound: 64,
};

/** A hold while a batch is decided: one that was read, or one that the batch makes. */
export class Hold {
  /** Undefined until a new hold is written. */
  id: number | undefined;
  /** The row as it will stand in the store. */
  readonly row: HoldRow;
  changed = false;
  /** The movement that opened it, when this batch did. */
  opening: Movement | undefined;

  constructor(row: HoldRow, id?: number) {
    this.row = row;
    this.id = id;
  }

  get open(): boolean {
    return this.row.state === 'open';
  }

  get bucket(): HoldBucket {
    return this.row.bucket as HoldBucket;
  }

  lapsed(now: number): boolean {
    return this.row.state === 'open' && this.row.deadline !== null && this.row.deadline <= now;
  }
}

/** Units that go from one bucket to another. */
export class Movement {
  /** Undefined until it is written. */
  id: number | undefined;
  readonly act: Act;
  readonly balance: Balance;
  readonly from: Bucket | OutsideBucket;
  readonly to: Bucket | OutsideBucket;
  readonly quantity: number;
  readonly hold: Hold | undefined;
  /** The order line, when there is no hold to say it. */
  readonly lineId: string | null;
  /** The movement of the balance before it: one of this batch, or the number of one that was read. */
  readonly previous: Movement | number | null;

  constructor(
    act: Act,
    balance: Balance,
    from: Bucket | OutsideBucket,
    to: Bucket | OutsideBucket,
    quantity: number,
    hold: Hold | undefined,
    lineId: string | null,
  ) {
    this.id = undefined;
    this.act = act;
    this.balance = balance;
    this.from = from;
    this.to = to;
    this.quantity = quantity;
    this.hold = hold;
    this.lineId = lineId;
    this.previous = balance.last;
  }
}

/** Units of one SKU in one pool while a batch is decided. */
export class Balance {
  /** Undefined until a new balance is written. */
  id: number | undefined;
  readonly pool: string;
  readonly sku: string;
  readonly units: Units;
  readonly isNew: boolean;
  /** The newest movement: one of this batch, or the number of one that was read. */
  last: Movement | number | null;
  /** Buckets whose number was changed, one bit each as in `bucketBits`. */
  touched = 0;
  /** Grows with every change, so that sentences about the numbers can be kept until then. */
  version = 0;
  /** Lapsed holds of others that were read, first lapsed first; their units are free when they are needed. */
  lapsed: Hold[] | undefined;
  /** Newest open holds that were read, newest first, for refusals. */
  holders: readonly Hold[] | undefined;
  /** Holds this batch made, oldest first. */
  made: Hold[] | undefined;

  /* Sums of the command being decided; valid while `act` is that command's number. */
  act = 0;
  asked = 0;
  own = 0;

  constructor(pool: string, sku: string, row?: ReadBalance) {
    this.id = row?.id;
    this.pool = pool;
    this.sku = sku;
    this.isNew = row === undefined;
    this.last = row?.last_movement_id ?? null;
    this.units = {
      available: row?.available ?? 0,
      held: row?.held ?? 0,
      committed: row?.committed ?? 0,
      presale: row?.presale ?? 0,
      qc: row?.qc ?? 0,
      damaged: row?.damaged ?? 0,
      inbound: row?.inbound ?? 0,
    };
  }
}

/** What a batch reads and writes of the stock. It knows how units move, and nothing of why they may. */
export class Ledger {
  readonly now: number;
  /** What was done, in the order it was done; a movement names the act that caused it. */
  readonly acts: Act[] = [];
  readonly movements: Movement[] = [];
  readonly newHolds: Hold[] = [];
  readonly changedHolds: Hold[] = [];
  readonly changedBalances: Balance[] = [];
  /** Those of which somebody counted just what there is. */
  readonly confirmed: Balance[] = [];
  /** Holds that were expired and whose orders have not been told yet. */
  expired: { hold: Hold; quantity: number }[] = [];
  readonly #balances = new Map<string, Map<string, Balance>>();
  readonly #holds = new Map<number, Hold>();
  readonly #holdsByOrder = new Map<string, Hold[]>();
  readonly #holdsByBuyer = new Map<string, Set<Hold>>();

  #act: Act | undefined;

  constructor(now: number) {
    this.now = now;
  }

  /** From now on units move because of this. */
  begin(cause: Cause): Act {
    const act = new Act(cause);
    this.acts.push(act);
    this.#act = act;
    return act;
  }

  readBalance(row: ReadBalance): void {
    this.#pool(row.pool).set(row.sku, new Balance(row.pool, row.sku, row));
  }

  /** Takes in a hold that was read; the same one by any number of ways. */
  readHold(row: ReadHold): Hold {
    let hold = this.#holds.get(row.id);
    if (!hold) {
      const { id, balance_id, ...rest } = row;
      hold = new Hold(rest, id);
      this.#holds.set(id, hold);
    }
    return hold;
  }

  /** Takes in a hold of an order all of whose holds were read. */
  readOrderHold(row: ReadHold): void {
    const hold = this.readHold(row);
    const holds = this.#ofOrder(row.order_key);
    if (holds.includes(hold)) return;
    holds.push(hold);
    if (holds.length > 1) holds.sort((a, b) => a.id! - b.id!);
  }

  /** Takes in an open hold of a buyer with a cap all of whose open holds were read. */
  readBuyerHold(row: ReadHold): void {
    this.#noteBuyer(this.readHold(row));
  }

  /** Holds of a buyer with a cap that were read or made. */
  holdsOfBuyer(buyerKey: string): readonly Hold[] {
    return [...(this.#holdsByBuyer.get(buyerKey) ?? [])];
  }

  balance(pool: string, sku: string): Balance | undefined {
    return this.#balances.get(pool)?.get(sku);
  }

  /** The balance of a SKU that may be new to the pool. */
  balanceOrNew(pool: string, sku: string): Balance {
    let balance = this.balance(pool, sku);
    if (!balance) {
      balance = new Balance(pool, sku);
      this.#pool(pool).set(sku, balance);
      this.changedBalances.push(balance);
    }
    return balance;
  }

  /** All holds of an order, in every pool and state, oldest first; undefined when it never had one. */
  holdsOf(orderKey: string): readonly Hold[] | undefined {
    return this.#holdsByOrder.get(orderKey);
  }

  /** Moves units and writes the movement. */
  move(
    balance: Balance,
    from: Bucket | OutsideBucket,
    to: Bucket | OutsideBucket,
    quantity: number,
    hold?: Hold,
    lineId: string | null = null,
  ): Movement {
    if (!this.#act) throw new Error(`Units of ${balance.sku} move without a cause`);
    this.#add(balance, from, -quantity);
    this.#add(balance, to, quantity);
    const movement = new Movement(this.#act, balance, from, to, quantity, hold, lineId);
    balance.last = movement;
    this.movements.push(movement);
    return movement;
  }

  /** Notes that somebody counted what the ledger says: no units move, and yet it is news. */
  confirm(balance: Balance): void {
    if (!this.confirmed.includes(balance)) this.confirmed.push(balance);
  }

  /** Takes units out of `available` and opens a hold on them. */
  open(balance: Balance, row: HoldRow): Hold {
    const hold = new Hold(row);
    this.newHolds.push(hold);
    this.#ofOrder(row.order_key).push(hold);
    if (row.buyer_key !== null) this.#noteBuyer(hold);
    if (balance.made) balance.made.push(hold);
    else balance.made = [hold];
    hold.opening = this.move(balance, 'available', hold.bucket, row.quantity, hold);
    return hold;
  }

  /** Moves units of an open hold out of it; the last unit closes it with `end`. */
  resolve(hold: Hold, quantity: number, end: Exclude<HoldState, 'open'>): void {
    const { row } = hold;
    const balance = this.balance(row.pool, row.sku);
    if (!balance) throw new Error(`The hold ${hold.id ?? 'new'} on ${row.sku} has no balance`);
    const to = end === 'posted' ? 'customer' : 'available';
    this.move(balance, hold.bucket, to, quantity, hold);
    row.remaining -= quantity;
    if (row.remaining === 0) {
      row.state = end;
      row.resolved_at = this.now;
    }
    this.changeHold(hold);
  }

  /**
   * Gives the units of a lapsed hold back: an act of the hub itself, whatever it is in the middle of. The holds on
   * the other components of its bundle go with it.
   */
  expire(hold: Hold): void {
    this.#expireOne(hold);
    const { order_key, line_id, pool, bundle } = hold.row;
    if (bundle === null) return;
    for (const other of this.holdsOf(order_key) ?? []) {
      const { row } = other;
      if (row.line_id === line_id && row.pool === pool && row.bundle === bundle && other.lapsed(this.now))
        this.#expireOne(other);
    }
  }

  #expireOne(hold: Hold): void {
    const quantity = hold.row.remaining;
    const interrupted = this.#act;
    this.begin({ kind: 'expire', opKey: null, actor: 'hub', reason: 'expire', orderKey: hold.row.order_key });
    this.resolve(hold, quantity, 'expired');
    this.#act = interrupted;
    this.expired.push({ hold, quantity });
  }

  /** Units of a SKU that can be taken, those of lapsed holds included. */
  sellable(balance: Balance): number {
    let units = balance.units.available;
    for (const hold of balance.lapsed ?? []) if (hold.lapsed(this.now)) units += hold.row.remaining;
    return units;
  }

  /** Expires what has lapsed on a SKU, first lapsed first, until so many units are free; answers if they are. */
  free(balance: Balance, units: number): boolean {
    while (balance.units.available < units) {
      const next = balance.lapsed?.shift();
      if (!next) return false;
      if (next.lapsed(this.now)) this.expire(next);
    }
    return true;
  }

  /** Notes that a hold's row differs from the store's. */
  changeHold(hold: Hold): void {
    if (hold.changed || hold.id === undefined) return;
    hold.changed = true;
    this.changedHolds.push(hold);
  }

  #add(balance: Balance, bucket: Bucket | OutsideBucket, quantity: number): void {
    if (bucket === 'supplier' || bucket === 'customer' || bucket === 'adjust' || bucket === 'transfer')
      return;
    const units = balance.units[bucket] + quantity;
    if (units < 0) throw new Error(`${balance.sku} would have ${units} units in ${bucket}`);
    if (balance.touched === 0 && !balance.isNew) this.changedBalances.push(balance);
    balance.units[bucket] = units;
    balance.touched |= bucketBits[bucket];
    balance.version += 1;
  }

  #pool(pool: string): Map<string, Balance> {
    let balances = this.#balances.get(pool);
    if (!balances) {
      balances = new Map();
      this.#balances.set(pool, balances);
    }
    return balances;
  }

  #noteBuyer(hold: Hold): void {
    const buyerKey = hold.row.buyer_key;
    if (buyerKey === null) return;
    const holds = this.#holdsByBuyer.get(buyerKey);
    if (holds) holds.add(hold);
    else this.#holdsByBuyer.set(buyerKey, new Set([hold]));
  }

  #ofOrder(orderKey: string): Hold[] {
    let holds = this.#holdsByOrder.get(orderKey);
    if (!holds) {
      holds = [];
      this.#holdsByOrder.set(orderKey, holds);
    }
    return holds;
  }
}
