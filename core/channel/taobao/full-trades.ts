import type { ChannelRecord } from '../connection/order-source.ts';
import { isTrue, type Row, textAt } from '../json-fields.ts';
import { linesOf, tidOf, tradeForm } from './trade.ts';

/** Trades that were read in full, of which it is remembered that they have to be; and the last ones as they were. */
const mostRemembered = 20_000;
const mostKept = 5_000;

/**
 * Knows which trades a list does not tell enough of, and keeps those that were read in full for the questions that
 * reach back over what was read already.
 */
export class FullTrades {
  readonly #needed = new Set<string>();
  readonly #kept = new Map<string, ChannelRecord>();
  readonly #settlesMs: number;

  /** @param settlesMs how long after a change another one of the same second may still come to be seen */
  constructor(settlesMs: number) {
    this.#settlesMs = settlesMs;
  }

  /**
   * A list leaves out the buyer's message, notes and the stages of a presale; who has any is read in full. The seller's
   * note shows in the list only by its flag, so what was read in full once, when a message told of it, stays so: it
   * would lose its note again otherwise.
   */
  needs(trade: Row): boolean {
    const flag = textAt(trade, 'seller_flag');
    return (
      isTrue(trade.has_buyer_message) ||
      (flag !== '' && flag !== '0') ||
      trade.type === 'step' ||
      linesOf(trade).length === 0 ||
      this.#needed.has(tidOf(trade))
    );
  }

  /** A listed trade as it was read in full, unless it has changed since, or may have. */
  known(trade: Row): ChannelRecord | undefined {
    const kept = this.#kept.get(tidOf(trade));
    return kept?.modifiedAt === tradeForm.modifiedOf(trade) ? kept : undefined;
  }

  /** @param readAt when it was asked for, epoch milliseconds */
  keep(record: ChannelRecord, readAt: number): void {
    const { channelOrderId: tid, modifiedAt } = record;
    this.#needed.add(tid);
    forgetOldest(this.#needed, mostRemembered);
    this.#kept.delete(tid);
    // Times have whole seconds: right after a change, the same time may stand for two states.
    if (modifiedAt === null || readAt < modifiedAt + this.#settlesMs) return;
    this.#kept.set(tid, record);
    forgetOldest(this.#kept, mostKept);
  }
}

function forgetOldest(of: Set<string> | Map<string, unknown>, most: number): void {
  if (of.size <= most) return;
  const [oldest] = of.keys();
  if (oldest !== undefined) of.delete(oldest);
}
