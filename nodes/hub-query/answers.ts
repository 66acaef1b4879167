import { askActs } from '../../core/insight/acts.ts';
import { askHealth, askTotals } from '../../core/insight/health.ts';
import { askAlerts } from '../../core/insight/query/alerts.ts';
import type { Asking } from '../../core/insight/query/asking.ts';
import { askDeliveries } from '../../core/insight/query/deliveries.ts';
import { askOrder, askOrders } from '../../core/insight/query/orders.ts';
import type { Asked } from '../../core/insight/query/parameters.ts';
import { askShares } from '../../core/insight/query/shares.ts';
import { askExplain, askStock } from '../../core/insight/query/stock.ts';
import type { Question } from './questions.ts';

/** An answer as messages carry it: a list with the value that continues it, or one thing. */
export interface Answered {
  payload: unknown;
  /** Of lists: what `after` has to be for the next page; null when this was the last. */
  next?: string | null;
}

type Ask = (asked: Asked, asking: Asking) => Promise<Answered>;

const one =
  (ask: (asked: Asked, asking: Asking) => Promise<object>): Ask =>
  async (asked, asking) => ({ payload: await ask(asked, asking) });

/** Of a page of the API, the rows are what a message is about. */
function list<N extends string>(
  name: N,
  ask: (asked: Asked, asking: Asking) => Promise<Record<N, readonly unknown[]> & { next: string | null }>,
): Ask {
  return async (asked, asking) => {
    const answer = await ask(asked, asking);
    return { payload: answer[name], next: answer.next };
  };
}

const answers: Record<Question, Ask> = {
  totals: one((_asked, asking) => askTotals(asking)),
  health: one((_asked, asking) => askHealth(asking)),
  orders: list('orders', askOrders),
  order: one(askOrder),
  stock: list('stock', askStock),
  explain: one(askExplain),
  shares: list('states', askShares),
  deliveries: list('deliveries', askDeliveries),
  dead: list('deliveries', (asked, asking) => askDeliveries({ ...asked, state: 'dead' }, asking)),
  alerts: list('alerts', askAlerts),
  acts: list('acts', askActs),
};

/** Asks a question. @throws HubError `query.…` for what cannot be meant or is not there, `store.…` for a fault */
export function answerTo(question: Question, asked: Asked, asking: Asking): Promise<Answered> {
  return answers[question](asked, asking);
}
