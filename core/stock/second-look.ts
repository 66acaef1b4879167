import { InOtherHands } from '../store/in-other-hands.ts';
import type { Act } from './act.ts';

/**
 * Nobody is told that there is too little while lapsed units could not be taken in because another process had their
 * order in hand: that one may be waiting for what this batch holds, so that waiting for it would never end.
 *
 * @param passedOver orders of lapsed holds that were left where they are
 * @throws InOtherHands for the batch to be decided again
 */
export function lookAgainWhenShort(acts: readonly Act[], passedOver: readonly string[]): void {
  if (passedOver.length === 0) return;
  for (const { draft } of acts)
    if (draft?.told.some(({ refusal }) => refusal.shortage !== undefined))
      throw new InOtherHands(`orders in other hands: ${passedOver.slice(0, 3).join(', ')}`);
}
