import { statesLeftBehind } from '../../store/queries/shares.ts';
import type { CommandHandler } from '../../store/store.ts';
import { deliveryKey, tell } from './compute.ts';
import { shopName } from './policy.ts';

/** A shop that the rules of a share no longer name. */
export interface LeftShop {
  share: string;
  channel: string;
  shop: string;
}

/** Listings of one transaction. */
const page = 200;

/**
 * Closes a page of the listings that a shop went on showing after it was taken out of the rules: they are told as
 * closed, with no unit, under a version of their own. Answers how many, and whether there may be more.
 */
export const closeLeftHandler: CommandHandler<LeftShop, { closed: number; more: boolean }> = {
  name: 'shares.close-left',
  async run(tx, commands) {
    const answers: { closed: number; more: boolean }[] = [];
    for (const { share, channel, shop } of commands) {
      // The rules may name the shop again by now: its numbers are worked out then.
      await tx.find('shares', [{ id: share }]);
      const rows = await statesLeftBehind(tx.db, { share, channel, shop, limit: page });
      const why = JSON.stringify({
        code: 'shares.why-removed',
        params: { shop: shopName({ channel, shop }) },
      });
      await tx.update(
        'share_states',
        rows.map(({ id, version }) => ({
          key: { id },
          set: { sellable: 0, open: 0, why, at: tx.now, version: version + 1 },
        })),
      );
      await tell(
        tx,
        share,
        rows.map((row) => ({ ref: row.id, key: deliveryKey(row) })),
      );
      answers.push({ closed: rows.length, more: rows.length === page });
    }
    return answers;
  },
};
