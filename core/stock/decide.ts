import type { Act } from './act.ts';
import type { DeductAnswer, KeyedAnswer, StockAnswer, SweepAnswer } from './answers.ts';
import { Batch } from './batch.ts';
import type { KeyedCommand, StockCommand, Sweep } from './commands.ts';
import { decideAdjust } from './decide-adjust.ts';
import { decideLock } from './decide-lock.ts';
import { decideMove } from './decide-move.ts';
import { decideResolve } from './decide-resolve.ts';
import { decideReturn } from './decide-return.ts';
import { decideSale } from './decide-sale.ts';
import { decideTransfer } from './decide-transfer.ts';
import type { Balance, Hold, Movement } from './ledger.ts';
import { type Draft, replay } from './operation.ts';
import type { OrderEvent, OrderLine, StoredOrder } from './order-book.ts';
import { refuse } from './refusals.ts';
import type { StockState } from './state.ts';
import { stillLocked } from './still-locked.ts';
import type { UnsavedLine } from './unsaved-lines.ts';

/** What a batch comes to: rows to write, and one answer a command. */
export interface Decision {
  balances: readonly Balance[];
  newHolds: readonly Hold[];
  changedHolds: readonly Hold[];
  movements: readonly Movement[];
  /** What was done, with the first answers to be kept by op key. */
  acts: readonly Act[];
  orders: readonly StoredOrder[];
  orderLines: readonly OrderLine[];
  /** Lines of orders that are not stored. */
  unsavedLines: readonly UnsavedLine[];
  /** SKUs that were counted as the ledger has them. */
  confirmed: readonly Balance[];
  events: readonly OrderEvent[];
  /** The answers as they are once the new holds have ids. */
  answers(): StockAnswer[];
}

/**
 * Decides commands in the order they came: first come, first served. A refused command changes nothing (but
 * holds that have lapsed by then are expired); a repeated op key gets the first answer. Pure: the same state
 * and commands give the same decision, however the commands are cut into batches.
 */
export function decide(state: StockState, commands: readonly StockCommand[]): Decision {
  const batch = new Batch(state);
  const outcomes: (Draft | SweepAnswer)[] = [];
  for (const command of commands) {
    outcomes.push(command.kind === 'sweep' ? sweep(batch, command) : decideOne(batch, command));
    batch.settleExpired();
  }
  const { ledger, orders } = batch;
  return {
    balances: ledger.changedBalances,
    newHolds: ledger.newHolds,
    changedHolds: ledger.changedHolds,
    movements: ledger.movements,
    acts: ledger.acts,
    orders: orders.changed,
    orderLines: orders.changedLines,
    unsavedLines: batch.unsaved.changed,
    confirmed: ledger.confirmed,
    events: orders.events,
    answers: () => outcomes.map((outcome) => ('answer' in outcome ? numbered(outcome) : outcome)),
  };
}

function decideOne(batch: Batch, command: KeyedCommand): Draft {
  const earlier = batch.earlier(command.opKey);
  if (earlier) {
    if (earlier.kind !== command.kind || earlier.content !== command.content)
      return keyReused(command, earlier.kind);
    const held = 'orderKey' in command ? batch.ledger.holdsOf(command.orderKey) : undefined;
    const first = replay(command, earlier, held);
    return command.kind === 'lock' ? stillLocked(batch, command, first) : first;
  }
  return batch.first(command, decideFirst);
}

function decideFirst(batch: Batch, command: KeyedCommand): Draft {
  switch (command.kind) {
    case 'lock':
      return decideLock(batch, command);
    case 'release':
    case 'deduct':
      return decideResolve(batch, command);
    case 'sale':
      return decideSale(batch, command);
    case 'return':
      return decideReturn(batch, command);
    case 'move':
      return decideMove(batch, command);
    case 'transfer':
      return decideTransfer(batch, command);
    default:
      return decideAdjust(batch, command);
  }
}

function keyReused(command: KeyedCommand, kind: string): Draft {
  const told = [refuse('stock.op-key-reused', { opKey: command.opKey, kind })];
  const answer: KeyedAnswer = {
    state: 'refused',
    lines: [],
    ...('orderKey' in command && { holds: [] }),
    refusals: told.map((one) => one.refusal),
    replayed: false,
  };
  return { answer, holds: [], told };
}

function sweep(batch: Batch, { limit }: Sweep): SweepAnswer {
  let expired = 0;
  for (const hold of batch.due) {
    if (expired === limit) break;
    if (!hold.lapsed(batch.now)) continue;
    batch.ledger.expire(hold);
    expired += 1;
  }
  // A page of which others have a part in hand is gone on from as long as that gets anywhere, not at once forever.
  return { expired, more: expired === limit || (batch.moreDue && expired > 0) };
}

/** The answer with the ids of its holds. */
function numbered({ answer, holds }: Draft): KeyedAnswer {
  if (holds.length > 0) {
    (answer as DeductAnswer).holds = holds.map((hold) => {
      if (hold.id === undefined) throw new Error('A hold was answered before it had a number');
      return hold.id;
    });
  }
  return answer;
}
