import { join } from 'node:path';
import Database from 'better-sqlite3';
import { storeFile } from './hub-flow.ts';

/*
 * What must be true of a hub's store whatever happened to the processes that wrote it. Every statement is written
 * here anew, in plain SQL, so that nothing is proved by the code it is to prove.
 */

export interface InvariantOptions {
  /** Whether the hub was let finish its work: then nothing may wait, and every paid order has its answer. */
  drained?: boolean;
  /** Whether the flow raises an alert for every paid order; looked at once it is drained. */
  alerts?: boolean;
}

/** Path of the store's file in the user directory of a runtime with {@link hubFlow}. */
export function storeFileIn(userDir: string): string {
  return join(userDir, storeFile);
}

/** Opens a store's file to read it, while no hub has it open. The caller closes it. */
export function openForReading(file: string): Database.Database {
  return new Database(file, { readonly: true, fileMustExist: true });
}

/** A store to look at: its file, or what was read of it (`snapshotOf` for PostgreSQL). */
export type StoreEvidence = string | Database.Database;

/** Asks a store something; a file is opened for it and closed again. */
export function readFrom<T>(evidence: StoreEvidence, ask: (db: Database.Database) => T): T {
  if (typeof evidence !== 'string') return ask(evidence);
  const db = openForReading(evidence);
  try {
    return ask(db);
  } finally {
    db.close();
  }
}

/** Everything that is wrong with a store, a line each with the number or key it is about. */
export function brokenInvariants(
  evidence: StoreEvidence,
  { drained = false, alerts: told = false }: InvariantOptions = {},
): string[] {
  const rules = [...always, ...(drained ? onceDrained : []), ...(drained && told ? alerts : [])];
  return readFrom(evidence, (db) =>
    rules.flatMap(({ rule, sql }) =>
      db
        .prepare(sql)
        .all()
        .map((row) => `${rule}: ${JSON.stringify(row)}`),
    ),
  );
}

interface Rule {
  rule: string;
  /** Finds what breaks it. */
  sql: string;
}

const balances = `(select * from stock_balances join stock_items on balance_id = id)`;
const insideBuckets = ['available', 'held', 'committed', 'presale', 'qc', 'damaged', 'inbound'];

/**
 * Whole ordered units that open holds have of each line, by pool: a hold's own, or of the components of a bundle the
 * fewest that any of them suffices for.
 */
const openLots = `(select order_key, line_id, pool, coalesce(bundle, sku) ordered, min(remaining / per_unit) units
  from stock_holds join stock_items using (balance_id)
  where state = 'open' group by order_key, line_id, pool, coalesce(bundle, sku))`;

const sound: Rule[] = [
  {
    rule: 'the file is sound',
    sql: `select integrity_check from pragma_integrity_check where integrity_check <> 'ok'`,
  },
];

const ledger: Rule[] = [
  {
    rule: 'a balance is the sum of its movements',
    sql: `
      with cached as (${insideBuckets
        .map((bucket) => `select pool, sku, '${bucket}' bucket, ${bucket} units from ${balances}`)
        .join(' union all ')}),
      moved as (
        select pool, sku, bucket, sum(units) units from (
          select balance_id, to_bucket bucket, quantity units from stock_movements
          union all select balance_id, from_bucket, -quantity from stock_movements)
        join stock_items using (balance_id)
        where bucket in (${insideBuckets.map((bucket) => `'${bucket}'`).join(', ')})
        group by pool, sku, bucket)
      select pool, sku, bucket, sum(cached) cached, sum(moved) moved from (
        select pool, sku, bucket, units cached, 0 moved from cached
        union all select pool, sku, bucket, 0, units from moved)
      group by pool, sku, bucket having sum(cached) <> sum(moved)`,
  },
  {
    rule: 'no bucket is negative',
    sql: `select * from stock_balances where min(${insideBuckets.join(', ')}) < 0`,
  },
  {
    rule: 'what is held, committed and in presale is what open holds say',
    sql: `
      with cached as (${['held', 'committed', 'presale']
        .map((bucket) => `select pool, sku, '${bucket}' bucket, ${bucket} units from ${balances}`)
        .join(' union all ')}),
      open as (select pool, sku, bucket, sum(remaining) units from stock_holds
        join stock_items using (balance_id)
        where state = 'open' group by pool, sku, bucket)
      select pool, sku, bucket, sum(cached) cached, sum(held) held from (
        select pool, sku, bucket, units cached, 0 held from cached
        union all select pool, sku, bucket, 0, units from open)
      group by pool, sku, bucket having sum(cached) <> sum(held)`,
  },
  {
    rule: 'a hold is open exactly as long as something remains of it',
    sql: `select id, order_key, state, quantity, remaining from stock_holds
      where remaining < 0 or remaining > quantity or (state = 'open') <> (remaining > 0)`,
  },
  {
    rule: 'an order line has at most one open hold on a SKU in a pool',
    sql: `select order_key, line_id, balance_id, count(*) holds from stock_holds where state = 'open'
      group by order_key, line_id, balance_id having count(*) > 1`,
  },
  {
    rule: 'an order line says as locked what its open holds say',
    sql: `select order_key, line_id, locked,
        coalesce((select sum(units) from ${openLots} o
          where o.order_key = l.order_key and o.line_id = l.line_id), 0) held
      from order_lines l where locked <> held`,
  },
  {
    rule: 'a hold is of a SKU that its pool knows, in whole ordered units',
    sql: `select h.order_key, h.id, quantity, remaining, per_unit from stock_holds h
        left join stock_items i on i.balance_id = h.balance_id
      where i.balance_id is null or per_unit < 1 or quantity % per_unit > 0 or remaining % per_unit > 0`,
  },
  {
    rule: 'the components of a bundle are held and end together',
    sql: `select h.order_key, h.line_id, h.bundle, count(distinct h.state) states,
        min(h.remaining / h.per_unit) least, max(h.remaining / h.per_unit) most
      from stock_holds h join stock_movements m on m.id = h.id join stock_items i on i.balance_id = h.balance_id
      where h.bundle is not null group by m.op_id, h.order_key, h.line_id, h.bundle, i.pool
      having states > 1 or least < most`,
  },
  {
    rule: 'every hold moved its units once',
    sql: `select id, quantity from stock_holds h where quantity <> coalesce((
      select sum(quantity) from stock_movements m where m.hold_id = h.id and m.to_bucket = h.bucket), 0)`,
  },
  {
    rule: 'what left a hold is what it no longer has',
    sql: `select id, state, quantity, remaining from stock_holds h where quantity - remaining <> coalesce((
      select sum(quantity) from stock_movements m where m.hold_id = h.id and m.from_bucket = h.bucket), 0)`,
  },
  {
    rule: 'no bucket was ever negative, movement by movement',
    sql: `select pool, sku, bucket, min(units) least from (
        select balance_id, bucket, sum(units) over (partition by balance_id, bucket order by id) units from (
          select id, balance_id, to_bucket bucket, quantity units from stock_movements
          union all select id, balance_id, from_bucket, -quantity from stock_movements)
        where bucket in (${insideBuckets.map((bucket) => `'${bucket}'`).join(', ')}))
      join stock_items using (balance_id) group by pool, sku, bucket having min(units) < 0`,
  },
  {
    rule: 'what moved stock has its answer kept',
    sql: `select m.op_id, o.op_key, o.kind from stock_movements m left join stock_operations o on o.id = m.op_id
      where o.id is null or (o.kind <> 'expire' and (o.op_key is null
        or not exists (select 1 from stock_operations a where a.id = coalesce(o.same_as, o.id)
          and a.answer is not null))) group by m.op_id`,
  },
  {
    rule: 'the movements of a balance form one chain that ends in the newest',
    sql: `select b.pool, b.sku, b.last_movement_id, newest, broken from ${balances} b left join (
        select balance_id, max(id) newest, sum(prev_id is not expected) broken from (
          select id, balance_id, prev_id,
            lag(id) over (partition by balance_id order by id) expected from stock_movements)
        group by balance_id) m on m.balance_id = b.id
      where b.last_movement_id is not newest or broken > 0`,
  },
];

/** Units that came back of an order line, of each SKU, and how many of it make one ordered unit. */
const cameBack = `(select o.order_key, m.line_id, i.sku, sum(m.quantity) units,
    coalesce(
      (select max(h.per_unit) from stock_holds h where h.order_key = o.order_key and h.line_id = m.line_id
        and h.bundle is not null and h.state = 'posted' and h.balance_id in (select balance_id from stock_items t where t.sku = i.sku)),
      (select c.quantity from bundle_components c join order_lines l on l.sku = c.bundle
        where c.sku = i.sku and l.order_key = o.order_key and l.line_id = m.line_id), 1) per_unit
  from stock_movements m join stock_operations o on o.id = m.op_id
    join stock_items i on i.balance_id = m.balance_id
  where m.from_bucket = 'customer' group by o.order_key, m.line_id, i.sku)`;

const elsewhere: Rule[] = [
  {
    rule: 'what left a pool by a transfer arrived in another, and nothing else did',
    sql: `select op_id, sku, sum(gone) gone, sum(come) come from (
        select op_id, pool, sku, sum(iif(to_bucket = 'transfer', quantity, 0)) gone,
          sum(iif(from_bucket = 'transfer', quantity, 0)) come
        from stock_movements join stock_items using (balance_id)
        where 'transfer' in (from_bucket, to_bucket) group by op_id, pool, sku)
      group by op_id, sku having sum(gone) <> sum(come) or max(gone > 0 and come > 0)`,
  },
  {
    rule: 'an order line had back what the ledger says, and no more than left',
    sql: `select l.order_key, l.line_id, shipped, returned,
        coalesce((select min(units / per_unit) from ${cameBack} b
          where b.order_key = l.order_key and b.line_id = l.line_id), 0) back
      from order_lines l where returned <> back or returned > shipped`,
  },
];

/** Retries by hand make a second delivery of a message; the dead one before it says so. */
const copies = `(select *, count(*) over (partition by topic, subscriber, ref) copies,
    sum(state = 'dead' and json_extract(last_error, '$.trail.retriedAs') is not null)
      over (partition by topic, subscriber, ref) retried
  from deliveries)`;

const deliveries: Rule[] = [
  {
    rule: 'a subscriber gets a message once',
    sql: `select id, topic, subscriber, ref, copies from ${copies} where copies - retried <> 1`,
  },
  {
    rule: 'every record that was received has a delivery',
    sql: `select id, account, topic from inbox i
      where not exists (select 1 from deliveries d where d.topic = 'inbox' and d.ref = i.id)`,
  },
  {
    rule: 'a record is stored once by its key',
    sql: `select account, coalesce(delivery_key, content_key) key, count(*) records from inbox
      group by account, coalesce(delivery_key, content_key) having count(*) > 1`,
  },
  {
    rule: 'whoever subscribed before an event has a copy of it',
    sql: `select e.id, e.type, s.id subscriber from events e join subscribers s on s.topic = e.topic
      where e.at > s.created_at
        and (s.types is null or exists (select 1 from json_each(s.types) where value = e.type))
        and (s.channels is null or exists (select 1 from json_each(s.channels) where value = e.channel))
        and not exists (select 1 from deliveries d
          where d.subscriber = s.id and d.topic = e.topic and d.ref = e.id)`,
  },
  {
    rule: 'what failed for good says why and keeps its raw input',
    sql: `select id, last_error from deliveries d where state = 'dead' and (
      coalesce(json_extract(last_error, '$.sentence'), '') = ''
      or (topic = 'inbox' and not exists (select 1 from inbox i where i.id = d.ref)))`,
  },
];

const orders: Rule[] = [
  {
    rule: 'an order counts the versions that were applied',
    sql: `select key, version, (select count(*) from order_versions v
        where v.order_key = o.key and v.outcome = 'changed') applied
      from orders o where version <> applied`,
  },
  {
    rule: 'an order is created, paid and cancelled at most once',
    sql: `select order_key, type, count(*) events from events
      where topic = 'order' and type in ('created', 'paid', 'cancelled')
      group by order_key, type having count(*) > 1`,
  },
  {
    rule: 'every order was created',
    sql: `select key from orders o where not exists (
      select 1 from events e where e.order_key = o.key and e.type = 'created')`,
  },
  {
    rule: 'a paid event locks at most once',
    sql: `select order_key, json_extract(data, '$.opKey') op, count(*) events from events
      where type in ('allocated', 'short') group by order_key, op having count(*) > 1`,
  },
];

const always: Rule[] = [...sound, ...ledger, ...elsewhere, ...deliveries, ...orders];

/** For flows that tell of every paid order. */
const alerts: Rule[] = [
  {
    rule: 'of every order that was paid one alert was raised, and of no other',
    sql: `select order_key, sum(paid) paid, sum(told) told from (
        select order_key, 1 paid, 0 told from events where topic = 'order' and type = 'paid'
        union all select order_key, 0, 1 from alerts)
      group by order_key having sum(paid) <> sum(told)`,
  },
];

/** Rules for flows that lock when an order is paid and release when it is cancelled. */
const onceDrained: Rule[] = [
  {
    rule: 'nothing waits or is being handled',
    sql: `select id, subscriber, state, attempts, last_error from deliveries where state in ('ready', 'leased')`,
  },
  {
    rule: 'a paid order is locked in full or refused with a reason',
    sql: `select key, allocation, ordered, locked from orders o
        join (select order_key, sum(ordered - cancelled) ordered, sum(locked) locked, sum(shipped) shipped
          from order_lines group by order_key) l on l.order_key = o.key
      where o.status = 'paid' and o.refund_status <> 'full' and not (
        (allocation = 'allocated' and locked + shipped = ordered)
        or (allocation = 'shipped' and shipped = ordered)
        or (allocation = 'short' and locked = 0 and exists (select 1 from events e
          where e.order_key = o.key and e.type = 'short'
            and json_array_length(e.data, '$.refusals') > 0)))`,
  },
  {
    rule: 'an order that is not paid holds nothing',
    sql: `select key, status, sum(remaining) units from orders o join stock_holds h on h.order_key = o.key
      where o.status in ('created', 'cancelled') and h.state = 'open' group by key, status`,
  },
];
