import type { StockModel } from './stock-model.ts';
import {
  type LineState,
  type Lines,
  type OrderState,
  policyPool as pool,
  rules,
  type Said,
  sum,
  type ToldOrder,
  way,
} from './vocabulary.ts';

/** Units of a line left: of no more than are wanted the order says that they were shipped, its channel may have before. */
export function recordLeft(line: LineState | Pick<LineState, 'posted'>, units: number): void {
  line.posted += units;
  if (!('ordered' in line)) return;
  line.shipped = Math.max(line.shipped, Math.min(line.ordered - line.cancelled, line.shipped + units));
}

/** What the policy should do about an order: what the stock is asked for when the channel tells of it. */
export class OrderModel {
  readonly stock: StockModel;
  readonly orders = new Map<string, OrderState>();

  constructor(stock: StockModel) {
    this.stock = stock;
  }

  /** The channel tells how an order is now. */
  save(key: string, told: ToldOrder): void {
    const before = this.orders.get(key);
    for (const [id, now] of told.lines) {
      const known = this.stock.lines.get(`${key}/${id}`);
      // What was done for it before: of what left no more than is wanted was shipped, and what came back had left.
      const { posted, returned } = this.stock.unsaved.get(`${key}/${id}`) ?? { posted: 0, returned: 0 };
      const shipped = Math.max(returned, Math.min(now.quantity, posted));
      const fresh = { ordered: now.quantity, cancelled: 0, shipped, returned, posted };
      const line: LineState = { ...fresh, ...known, ...now };
      const kept = told.status === 'cancelled' ? line.shipped : Math.max(line.quantity, line.shipped);
      line.cancelled = Math.max(0, line.ordered - kept);
      if (told.status === 'shipped') line.shipped = Math.max(line.shipped, line.ordered - line.cancelled);
      this.stock.lines.set(`${key}/${id}`, line);
    }
    const refunded = told.refund === 'full' && before?.refund !== 'full';
    const shipped = ['part-shipped', 'shipped'].includes(told.status);
    this.orders.set(key, { ...told, refundedFirst: before?.refundedFirst || (refunded && !shipped) });
    if (told.status === 'cancelled' || told.refund === 'full') this.stock.closed.add(key);
  }

  /** What has been shipped leaves; of the rest an order that is over holds nothing, one that is far enough everything. */
  settle(key: string, event: string): Said[] {
    const { scenario, status, refundedFirst, lines } = this.orders.get(key)!;
    const { lockAt, commitAt, bucket: usual, limitMs, cap } = rules[scenario]!;
    const { stock } = this;
    const at = (step: string) => way.includes(step) && way.indexOf(status) >= way.indexOf(step);
    const own = stock.all(key, pool).filter(stock.isOpen);
    const over = stock.closed.has(key);
    const forEver = limitMs !== null && own.length > 0 && own.every(({ until }) => until === null);
    const committed = at(commitAt) || forEver;
    const renewed = !this.#lapsed(key) || event === lockAt || event === 'paid';
    const locks = !over && (own.length > 0 || at(commitAt) || (at(lockAt) && renewed));
    const bucket = committed ? 'committed' : usual;
    const until = committed || limitMs === null ? null : (own[0]?.until ?? stock.now + limitMs);
    const wants = [...lines.keys()].map((id) => {
      const line = stock.lines.get(`${key}/${id}`)!;
      const held = sum(own.filter((hold) => hold.line === id));
      const wanted = Math.max(line.ordered - line.cancelled, line.told, line.posted);
      const all = status === 'cancelled' || at('shipped');
      const told = at('shipped') && refundedFirst ? 0 : all ? wanted : line.told;
      const gone = Math.max(line.posted, told);
      const post = Math.min(held, gone - line.posted);
      const hold = over ? 0 : locks ? wanted - gone : Math.min(held - post, wanted - gone);
      return { id, post, sell: gone - line.posted - post, free: held - post - hold, hold };
    });
    const pick = (name: 'post' | 'sell' | 'free' | 'hold'): Lines =>
      wants.filter((want) => want[name] > 0).map((want) => [want.id, want[name]]);
    const said: Said[] = [];
    if (pick('post').length > 0) said.push(stock.resolve('posted', key, pool, pick('post')));
    for (const line of pick('sell')) said.push(stock.sell(key, pool, [line]));
    if (pick('free').length > 0) said.push(stock.resolve('released', key, pool, pick('free')));
    const otherwise =
      wants.some(({ free }) => free < 0) ||
      own.some((hold) => hold.bucket !== bucket || hold.until !== until);
    if (locks && otherwise && pick('hold').length > 0)
      said.push(stock.lock(key, pool, pick('hold'), { scenario, bucket, until, cap, partial: false }));
    return said;
  }

  /** Whether the time of what was locked last ran out. */
  #lapsed(key: string): boolean {
    const holds = this.stock.all(key, pool);
    const last = Math.max(...holds.map(({ made }) => made));
    return !holds.some(this.stock.isOpen) && holds.some(({ made, units }) => made === last && units > 0);
  }
}
