import type { ChangeKind } from '../../../test/simulator/shop/changes.ts';
import type { ShopOrder } from '../../../test/simulator/shop/order.ts';
import type { Shop } from '../../../test/simulator/shop/shop.ts';

/** Orders that are on their way at once; then no new one comes. */
const mostOpen = 12;

/** Milliseconds. */
const ages = {
  /** A buyer does not wait longer for goods that are sold out. */
  waits: 6_000,
  /** A parcel that left has arrived. */
  arrives: 20_000,
  /** The shop has answered a wish for money back. */
  answered: 10_000,
  /** What was paid and has not left by then is paid back. Longer than weighing a parcel a second time takes. */
  patience: 90_000,
} as const;

/**
 * One step in the life of a simulated shop: a new order, or the next thing that happens to an old one. Buyers do not
 * buy what the shop shows as sold out, and the shop ships nothing itself: that is the hub's.
 *
 * @param draw from [0, 1)
 */
export function step(shop: Shop, draw: () => number): void {
  const open = shop.orders().filter(({ stage }) => stage !== 'completed' && stage !== 'cancelled');
  const due = open
    .map((order) => ({ order, change: nextChange(order, shop.now(), draw) }))
    .filter((entry): entry is { order: ShopOrder; change: ChangeKind } => entry.change !== null)
    .sort((one, two) => one.order.times.modified - two.order.times.modified)[0];
  if (due && (open.length >= mostOpen || draw() < 2 / 3)) shop.change(due.order.id, due.change);
  else if (open.length < mostOpen) shop.place();
}

/** What happens to an order next; null while it waits for the hub or for time to pass. */
function nextChange(order: ShopOrder, now: number, draw: () => number): ChangeKind | null {
  const age = now - order.times.modified;
  if (order.lines.some(({ refund }) => refund === 'requested'))
    return age >= ages.answered ? (draw() < 0.8 ? 'refund' : 'refuse-refund') : null;
  switch (order.stage) {
    case 'unpaid':
      if (isSoldOut(order)) return age >= ages.waits ? 'cancel' : null;
      if (draw() < 1 / 8) return 'cancel';
      return order.deposit === null ? 'pay' : 'pay-deposit';
    case 'deposit-paid':
      return 'pay';
    case 'paid':
      return age >= ages.patience ? 'cancel' : null;
    case 'shipped':
      if (age < ages.arrives) return null;
      return draw() < 1 / 8 && order.lines.every(({ refund }) => refund === 'none')
        ? 'ask-refund'
        : 'complete';
    default:
      return null;
  }
}

function isSoldOut({ lines }: ShopOrder): boolean {
  return lines.some(({ listing, quantity }) => !listing.onSale || listing.available < quantity);
}
