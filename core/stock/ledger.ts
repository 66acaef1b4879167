import type { HoldState, NewRow, Row } from '../store/schema.ts';
import type { Bucket, HoldBucket, OutsideBucket, Units } from './buckets.ts';

export type NewHold = NewRow<'stock_holds'>;
export type NewMovement = NewRow<'stock_movements'>;

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
  readonly row: NewHold;
  changed = false;

  constructor(row: NewHold, id?: number) {
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
    return this.row.state === 'open' && typeof this.row.deadline === 'number' && this.row.deadline <= now;
  }
}

/** Units of one SKU in one pool while a batch is decided. */
export class Balance {
  readonly pool: string;
  readonly sku: string;
  readonly units: Units;
  readonly isNew: boolean;
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

  constructor(pool: string, sku: string, row?: Row<'stock_balances'>) {
    this.pool = pool;
    this.sku = sku;
    this.isNew = row === undefined;
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

/** Why units move, as it stands in the ledger. */
export interface Cause {
  opKey: string;
  actor: string;
  reason: string;
}

/** What a batch reads and writes of the stock. It knows how units move, and nothing of why they may. */
export class Ledger {
  readonly now: number;
  readonly movements: NewMovement[] = [];
  /** The hold of each movement, if it has one; new holds get their ids only when they are written. */
  readonly movementHolds: (Hold | undefined)[] = [];
  readonly newHolds: Hold[] = [];
  readonly changedHolds: Hold[] = [];
  readonly changedBalances: Balance[] = [];
  /** Holds that were expired and whose orders have not been told yet. */
  expired: { hold: Hold; quantity: number }[] = [];
  readonly #balances = new Map<string, Map<string, Balance>>();
  readonly #holds = new Map<number, Hold>();
  readonly #holdsByOrder = new Map<string, Hold[]>();

  constructor(now: number) {
    this.now = now;
  }

  readBalance(row: Row<'stock_balances'>): void {
    this.#pool(row.pool).set(row.sku, new Balance(row.pool, row.sku, row));
  }

  /** Takes in a hold that was read; the same one by any number of ways. */
  readHold(row: Row<'stock_holds'>): Hold {
    let hold = this.#holds.get(row.id);
    if (!hold) {
      const { id, ...rest } = row;
      hold = new Hold(rest, id);
      this.#holds.set(id, hold);
    }
    return hold;
  }

  /** Takes in a hold of an order all of whose holds were read. */
  readOrderHold(row: Row<'stock_holds'>): void {
    const hold = this.readHold(row);
    const holds = this.#ofOrder(row.order_key);
    if (!holds.includes(hold)) holds.push(hold);
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
    cause: Cause,
    hold?: Hold,
    orderKey: string | null = null,
    lineId: string | null = null,
  ): void {
    this.#add(balance, from, -quantity);
    this.#add(balance, to, quantity);
    this.movements.push({
      pool: balance.pool,
      sku: balance.sku,
      from_bucket: from,
      to_bucket: to,
      quantity,
      reason: cause.reason,
      order_key: orderKey,
      line_id: lineId,
      hold_id: null,
      op_key: cause.opKey,
      actor: cause.actor,
      at: this.now,
    });
    this.movementHolds.push(hold);
  }

  /** Takes units out of `available` and opens a hold on them. */
  open(balance: Balance, row: NewHold, cause: Cause): Hold {
    const hold = new Hold(row);
    this.newHolds.push(hold);
    this.#ofOrder(row.order_key).push(hold);
    if (balance.made) balance.made.push(hold);
    else balance.made = [hold];
    this.move(
      balance,
      'available',
      row.bucket as HoldBucket,
      row.quantity,
      cause,
      hold,
      row.order_key,
      row.line_id,
    );
    return hold;
  }

  /** Moves units of an open hold out of it; the last unit closes it with `end`. */
  resolve(hold: Hold, quantity: number, end: Exclude<HoldState, 'open'>, cause: Cause): void {
    const { row } = hold;
    const balance = this.balance(row.pool, row.sku);
    if (!balance) throw new Error(`The hold ${hold.id ?? 'new'} on ${row.sku} has no balance`);
    const to = end === 'posted' ? 'customer' : 'available';
    this.move(balance, hold.bucket, to, quantity, cause, hold, row.order_key, row.line_id);
    row.remaining -= quantity;
    if (row.remaining === 0) {
      row.state = end;
      row.resolved_at = this.now;
    }
    this.changeHold(hold);
  }

  /** Gives the units of a lapsed hold back. */
  expire(hold: Hold): void {
    const quantity = hold.row.remaining;
    this.resolve(hold, quantity, 'expired', {
      opKey: `expire|${hold.id ?? hold.row.op_key}`,
      actor: 'hub',
      reason: 'expire',
    });
    this.expired.push({ hold, quantity });
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
    if (bucket === 'supplier' || bucket === 'customer' || bucket === 'adjust') return;
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

  #ofOrder(orderKey: string): Hold[] {
    let holds = this.#holdsByOrder.get(orderKey);
    if (!holds) {
      holds = [];
      this.#holdsByOrder.set(orderKey, holds);
    }
    return holds;
  }
}
