import { HubError } from '../../core/errors.ts';
import { maskedReason } from '../../core/insight/query/masking.ts';
import { sentence } from '../../core/message.ts';
import type { ValidationProblem } from '../../core/order/schema.ts';
import './messages.ts';

/** Problems that are told one by one; an order with more has something wrong with it as a whole. */
const mostTold = 20;

/**
 * Why a delivery is parked whose order is not valid: trying it again changes nothing until a person has mended the
 * flow or the record. The reason is kept, logged and shown to people who may not see customers, so it does not quote
 * what a customer's fields hold; the problems in the message do.
 */
export function notValid(problems: readonly ValidationProblem[]): HubError {
  const told = problems
    .slice(0, mostTold)
    .map(({ path, code, params }) => sentence(code, maskedReason(params, [path])))
    .join(' ');
  return new HubError('order.not-valid', { problems: problems.length > mostTold ? `${told} …` : told });
}
