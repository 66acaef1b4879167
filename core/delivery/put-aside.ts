import type { CommandHandler } from '../store/store.ts';
import { type DeliveryError, deliveryError } from './failure.ts';
import { errorText, tellOfDeath } from './finish.ts';
import { type Receipt, type Received, storeOnce } from './inbox.ts';

/** A record that cannot be used as it came, and why. */
export interface PutAside {
  receipt: Receipt;
  code: string;
  params: DeliveryError['params'];
}

/**
 * Stores records that nobody can use, each once, as deliveries that are dead from the beginning: they stand among
 * the others that failed, with their raw text and the reason, are told of as those are, and can be retried there,
 * edited where that helps.
 */
export const putAsideHandler: CommandHandler<PutAside, Received> = {
  name: 'inbox.put-aside',
  async run(tx, commands) {
    const answers = await storeOnce(
      tx,
      commands.map(({ receipt }) => receipt),
    );
    const stored = commands
      .map((command, index) => ({ ...command, answer: answers[index]! }))
      .filter(({ answer }) => !answer.repeated)
      .map((one) => ({ ...one, error: deliveryError(one.code, one.params) }));
    if (stored.length === 0) return answers;
    const ids = await tx.insert(
      'deliveries',
      stored.map(({ receipt, answer, error }) => ({
        topic: 'inbox',
        subscriber: receipt.subscriber,
        key: receipt.key ?? `inbox:${answer.id}`,
        ref: answer.id,
        payload: null,
        state: 'dead' as const,
        attempts: 0,
        token: 0,
        available_at: tx.now,
        created_at: tx.now,
        last_error: errorText(error, { diedAt: tx.now }),
      })),
    );
    await tellOfDeath(tx, new Map(ids.map((id, index) => [id, stored[index]!.error])));
    // A source that must stop at its ceiling of dead ones has to look.
    for (const { receipt } of stored) tx.wake(receipt.subscriber);
    return answers;
  },
};
