import type { Chance } from '../../support/seeded.ts';
import { wholeSecond } from '../clock.ts';
import { shares } from '../money.ts';
import type { IdScheme } from './ids.ts';
import type { Listing } from './listing.ts';
import { grossOf, type OrderLine, type ShopOrder } from './order.ts';

const notes = [
  '',
  '',
  '请周末送货 <测试>',
  '放快递柜，谢谢 🙏',
  'Zip™ & "quotes" / 斜杠 \\ 反斜杠',
  '加急!!\n第二行',
  '𠀀𠀁 生僻字 é',
] as const;

/** Draws new orders: one to three lines, sometimes a discount, a postage, a note or a deposit. */
export function makeOrder(
  chance: Chance,
  { serial, at, ids, listings, presales, mostLines, remarks, buyers }: OrderPlan,
): ShopOrder {
  const createdAt = wholeSecond(at);
  const id = ids.order(serial, createdAt);
  const chosen = [
    ...new Set(Array.from({ length: chance.between(1, mostLines) }, () => chance.pick(listings))),
  ];
  const lines: OrderLine[] = chosen.map((listing, index) => ({
    id: ids.line(id, serial, index, chosen.length),
    listing,
    quantity: chance.between(1, 3),
    unitPrice: listing.price,
    discount: 0,
    shipped: 0,
    refund: 'none',
  }));
  const gross = lines.map(grossOf);
  const discount = chance.happens(0.4) ? chance.between(1, 500) : 0;
  const perLine = shares(discount, gross);
  const whole = gross.reduce((sum, amount) => sum + amount, 0);
  const isPresale = presales && chance.happens(0.08);
  const postage = isPresale || chance.happens(0.6) ? 0 : 800;
  const buyer = chance.between(1, 9_999);
  return {
    serial,
    id,
    version: 1,
    stage: 'unpaid',
    held: false,
    times: {
      created: createdAt,
      modified: createdAt,
      deposit: null,
      paid: null,
      shipped: null,
      completed: null,
      cancelled: null,
    },
    lines: lines.map((line, index) => ({ ...line, discount: perLine[index]! })),
    postage,
    deposit: isPresale ? Math.floor((whole - discount) / 4) : null,
    buyer,
    buyerName: buyers ? buyers[buyer % buyers.length]! : `买家${buyer}`,
    buyerNote: chance.pick(remarks ?? notes),
    sellerNote: '',
    parcels: [],
  };
}

export interface OrderPlan {
  serial: number;
  /** Epoch milliseconds. */
  at: number;
  ids: IdScheme;
  listings: readonly Listing[];
  /** Whether the platform sells with deposits. */
  presales: boolean;
  mostLines: number;
  remarks?: readonly string[] | undefined;
  buyers?: readonly string[] | undefined;
}
