import { type Act, stored } from './acts.ts';
import { type ToldOrder, way } from './vocabulary.ts';

/** What the channel says next of an order; undefined when it cannot happen to it. */
export function channelTells(
  before: ToldOrder | undefined,
  { order, change, line: id, units }: Extract<Act, { do: 'order' }>,
): ToldOrder | undefined {
  if (!before) {
    const { scenario, lines } = stored[order]!;
    const status = change === 'pay' ? 'paid' : change === 'deposit' ? 'deposit-paid' : 'created';
    return {
      scenario,
      status,
      refund: 'none',
      lines: new Map(lines.map(([line, quantity]) => [line, { quantity, told: 0 }])),
    };
  }
  const { status, refund, scenario } = before;
  const at = way.indexOf(status);
  const lines = new Map([...before.lines].map(([line, { quantity, told }]) => [line, { quantity, told }]));
  const now = { scenario, status, refund, lines };
  const line = lines.get(id);
  switch (status === 'cancelled' ? undefined : change) {
    case 'deposit':
      return at < way.indexOf('deposit-paid') ? { ...now, status: 'deposit-paid' } : undefined;
    case 'pay':
      return at < way.indexOf('paid') ? { ...now, status: 'paid' } : undefined;
    case 'cancel-units':
      if (!line || status === 'shipped' || line.quantity === line.told) return undefined;
      line.quantity = Math.max(line.told, line.quantity - units);
      return now;
    case 'ship-units':
      if (
        !line ||
        at < way.indexOf('paid') ||
        status === 'shipped' ||
        refund === 'full' ||
        line.quantity === line.told
      )
        return undefined;
      line.told = Math.min(line.quantity, line.told + units);
      return { ...now, status: 'part-shipped' };
    case 'ship':
      return status === 'shipped' ? undefined : { ...now, status: 'shipped' };
    case 'refund':
      return refund === 'full' ? undefined : { ...now, refund: 'full' };
    case 'cancel':
      return { ...now, status: 'cancelled' };
    default:
      return undefined;
  }
}
