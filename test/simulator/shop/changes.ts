import type { OrderLine, OrderTimes, Parcel, ShopOrder, Stage } from './order.ts';

/** What happens to orders. */
export type ChangeKind =
  | 'pay-deposit'
  | 'pay'
  | 'hold'
  | 'release'
  | 'ship'
  | 'ship-part'
  | 'complete'
  | 'cancel'
  | 'ask-refund'
  | 'refund'
  | 'refuse-refund'
  | 'note';

/** What may happen to an order as it stands, each kind as often as it is likely. Nothing for a final one. */
export function likelyChanges(
  order: ShopOrder,
  { holds, parts }: { holds: boolean; parts: Parts },
): readonly ChangeKind[] {
  if (order.lines.some(({ refund }) => refund === 'requested'))
    return ['refund', 'refund', 'refund', 'refuse-refund'];
  switch (order.stage) {
    case 'unpaid':
      return order.deposit === null
        ? ['pay', 'pay', 'pay', 'pay', 'cancel']
        : ['pay-deposit', 'pay-deposit', 'pay-deposit', 'cancel'];
    case 'deposit-paid':
      return ['pay', 'pay', 'pay', 'cancel'];
    case 'paid':
      if (order.held) return ['release'];
      return [
        ...(['ship', 'ship', 'ship', 'ship', 'ship', 'note', 'ask-refund', 'cancel'] as const),
        ...(firstPart(order, parts) ? (['ship-part'] as const) : []),
        ...(holds ? (['hold'] as const) : []),
      ];
    case 'part-shipped':
      return ['ship', 'ship', 'ship', 'ask-refund'];
    case 'shipped':
      return order.lines.some(({ refund }) => refund === 'none')
        ? ['complete', 'complete', 'complete', 'complete', 'ask-refund']
        : ['complete'];
    case 'completed':
    case 'cancelled':
      return [];
  }
}

/** How finely a platform lets an order be shipped. */
export type Parts = 'none' | 'lines' | 'units';

/** The first part of an order that may go alone; undefined when it has to go as a whole. */
export function firstPart(order: ShopOrder, parts: Parts): { lineId: string; quantity: number } | undefined {
  const [first, ...others] = unshippedItems(order);
  if (!first || parts === 'none') return undefined;
  if (parts === 'lines') return others.length > 0 ? first : undefined;
  return others.length > 0 || first.quantity > 1 ? { ...first, quantity: 1 } : undefined;
}

/** What is in no parcel yet and was not paid back. */
export function unshippedItems(order: ShopOrder): { lineId: string; quantity: number }[] {
  return order.lines
    .filter(({ quantity, shipped, refund }) => quantity > shipped && refund !== 'refunded')
    .map(({ id, quantity, shipped }) => ({ lineId: id, quantity: quantity - shipped }));
}

export function payDeposit(order: ShopOrder, at: number): ShopOrder {
  return moved(order, at, 'deposit-paid', { deposit: at });
}

export function pay(order: ShopOrder, at: number): ShopOrder {
  return moved(order, at, 'paid', { paid: at });
}

export function hold(order: ShopOrder, at: number, held = true): ShopOrder {
  return { ...moved(order, at, order.stage), held };
}

/** The order with one parcel more; shipped when nothing is left. */
export function ship(order: ShopOrder, at: number, parcel: Parcel): ShopOrder {
  const lines = order.lines.map((line) => ({
    ...line,
    shipped: line.shipped + (parcel.items.find(({ lineId }) => lineId === line.id)?.quantity ?? 0),
  }));
  const changed = { ...order, lines, parcels: [...order.parcels, parcel] };
  const isWhole = unshippedItems(changed).length === 0;
  return moved(changed, at, isWhole ? 'shipped' : 'part-shipped', {
    shipped: isWhole ? at : order.times.shipped,
  });
}

export function complete(order: ShopOrder, at: number): ShopOrder {
  return moved(order, at, 'completed', { completed: at, shipped: order.times.shipped ?? at });
}

/** Ends an order that was not shipped; what was paid is paid back. */
export function cancel(order: ShopOrder, at: number): ShopOrder {
  const wasPaid = order.stage !== 'unpaid';
  const lines = wasPaid ? order.lines.map((line) => ({ ...line, refund: 'refunded' as const })) : order.lines;
  return moved({ ...order, lines, held: false }, at, 'cancelled', { cancelled: at });
}

export function setRefund(
  order: ShopOrder,
  at: number,
  lineId: string,
  refund: OrderLine['refund'],
): ShopOrder {
  const lines = order.lines.map((line) => (line.id === lineId ? { ...line, refund } : line));
  const isOver = lines.every((line) => line.refund === 'refunded' && line.shipped === 0);
  const rest = unshippedItems({ ...order, lines });
  if (isOver) return moved({ ...order, lines, held: false }, at, 'cancelled', { cancelled: at });
  const isShippedNow = order.stage === 'part-shipped' && rest.length === 0;
  return isShippedNow
    ? moved({ ...order, lines }, at, 'shipped', { shipped: at })
    : moved({ ...order, lines }, at, order.stage);
}

/** A remark of the seller; not every platform takes that for a modification. */
export function note(order: ShopOrder, at: number, text: string, moves: boolean): ShopOrder {
  const noted = { ...order, sellerNote: text };
  return moves ? moved(noted, at, order.stage) : { ...noted, version: order.version + 1 };
}

function moved(order: ShopOrder, at: number, stage: Stage, times: Partial<OrderTimes> = {}): ShopOrder {
  const modified = Math.max(at, order.times.modified);
  return { ...order, stage, version: order.version + 1, times: { ...order.times, ...times, modified } };
}
