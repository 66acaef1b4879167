import type { FirstAct, KeyedAct } from './acts.ts';
import { CountModel } from './count-model.ts';
import { OrderModel } from './order-model.ts';
import { StockModel } from './stock-model.ts';
import { type Hold, type Lines, placeOf, refuse, type Said, say } from './vocabulary.ts';

/** An act, what it came to, and the holds it made. */
interface Done {
  act: FirstAct;
  said: Said;
  made: readonly Hold[];
}

/** What a hub should be like by now. */
export class Expected {
  readonly stock = new StockModel();
  readonly orders = new OrderModel(this.stock);
  readonly counts = new CountModel(this.stock);
  readonly done: Done[] = [];
}

/** Does an act on the model. A repeat gets the first answer, but for a lock whose units are free again. */
export function perform(expected: Expected, act: KeyedAct): Said {
  const { stock, done } = expected;
  if (act.do === 'repeat') {
    const first = done[act.nth % Math.max(1, done.length)];
    if (!first) return say('done');
    const isOver = first.said.state === 'locked' && !first.made.every((hold) => isStillTrue(stock, hold));
    return isOver ? refuse('stock.hold-over') : first.said;
  }
  const before = stock.holds.length;
  const said = doFirst(expected, act);
  done.push({ act, said, made: stock.holds.slice(before) });
  return said;
}

/** Whether the line of a hold still has units, or had until they left, by this hold or one made since. */
function isStillTrue({ holds, isOpen }: StockModel, one: Hold): boolean {
  return holds
    .slice(holds.indexOf(one))
    .filter(({ order, pool, line }) => order === one.order && pool === one.pool && line === one.line)
    .some((hold) => isOpen(hold) || (hold.units === 0 && hold.end === 'posted'));
}

function doFirst({ stock, counts }: Expected, act: FirstAct): Said {
  const { pool } = act;
  switch (act.do) {
    case 'receive':
      return stock.move(placeOf(pool, act.sku), act.units, 'supplier', act.bucket);
    case 'correct':
      return act.units > 0
        ? stock.move(placeOf(pool, act.sku), act.units, 'adjust', 'available')
        : stock.move(placeOf(pool, act.sku), -act.units, 'available', 'adjust');
    case 'set':
      return counts.set(placeOf(pool, act.sku), act.counted);
    case 'move':
      return stock.move(placeOf(pool, act.sku), act.units, act.from, act.to);
    case 'transfer': {
      const into = placeOf(pool === 'p' ? 'q' : 'p', act.sku);
      return stock.move(placeOf(pool, act.sku), act.units, 'available', act.bucket, into);
    }
    case 'return':
      return stock.takeBack(act.order, pool, act.line, act.units, act.bucket);
    case 'lock': {
      const { bucket, cap, partial, ttlMs } = act;
      const until = ttlMs === null ? null : stock.now + ttlMs;
      const lines = act.lines.filter(([, units]) => units > 0);
      return stock.lock(act.order, pool, lines, { scenario: 'normal', bucket, until, cap, partial });
    }
    case 'sell':
      return stock.sell(act.order, pool, act.lines);
    case 'post':
      return resolve(stock, 'posted', act);
    case 'release':
      return resolve(stock, 'released', act);
  }
}

/** Without lines it is about all that the order holds in the pool. */
function resolve(
  stock: StockModel,
  end: 'posted' | 'released',
  { order, pool, lines }: { order: string; pool: string; lines: Lines | undefined },
): Said {
  if (lines) return stock.resolve(end, order, pool, lines);
  const holds = stock.all(order, pool);
  const open = holds.filter(stock.isOpen);
  if (open.length > 0)
    return stock.resolve(
      end,
      order,
      pool,
      open.map(({ line }) => [line, undefined] as const),
    );
  return refuse(holds.length > 0 ? 'stock.hold-over' : 'stock.hold-none');
}
