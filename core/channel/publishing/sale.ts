import { keepSale, openListings, saleTold } from '../../store/queries/channel-pushes.ts';
import type { CommandHandler, Store } from '../../store/store.ts';
import type { StockTarget } from '../connection/stock-target.ts';
import type { PushAccount } from './claim.ts';
import type { ListingNumber } from './listing-number.ts';

interface Sale extends PushAccount {
  unit: string;
  open: boolean;
}

const keepHandler: CommandHandler<Sale, void> = {
  name: 'pushes.sale',
  async run(tx, commands) {
    for (const { channel, shop, unit, open } of commands)
      await keepSale(tx.db, { channel, shop, unit, open: open ? 1 : 0, at: tx.now });
    return commands.map(() => undefined);
  },
};

/** Notes that a channel has taken an open listing's number, before anything is asked about its sale. */
const openHandler: CommandHandler<PushAccount & Pick<ListingNumber, 'share' | 'listing'>, void> = {
  name: 'pushes.open',
  async run(tx, commands) {
    await tx.update(
      'channel_pushes',
      commands.map(({ share, channel, shop, listing }) => ({
        key: { share, channel, shop, listing },
        set: { open: 1 },
      })),
    );
    return commands.map(() => undefined);
  },
};

/**
 * Closes a listing for sale below the line and opens it again, after its number was set. What was never closed by the
 * hub is not opened by it: a person may have taken it off the shelf. Where only whole products are closed, one is
 * closed with its last open listing and opened with the first. Within a process one listing of a product is told at a time.
 *
 * @throws ChannelFault
 */
export async function tellSale(
  store: Store,
  account: PushAccount,
  target: StockTarget,
  number: ListingNumber,
  signal: AbortSignal,
): Promise<void> {
  const { sale } = target;
  if (!sale) return;
  const { listing, share } = number;
  const unit = sale.unitOf(listing);
  const { channel, shop } = account;
  const keep = (open: boolean): Promise<void> => store.execute(keepHandler, { ...account, unit, open });
  const othersOpen = async (told: boolean): Promise<boolean> => {
    if (unit === listing) return false;
    const open = await openListings(store.read, { share, channel, shop, told });
    return open.some((other) => other !== listing && sale.unitOf(other) === unit);
  };
  const reopen = async (): Promise<void> => {
    await sale.set(listing, true, signal);
    await keep(true);
  };
  if (number.open) {
    await store.execute(openHandler, { ...account, share, listing });
    if ((await saleTold(store.read, { channel, shop, unit })) === false) await reopen();
    return;
  }
  if (await othersOpen(false)) return;
  // Written down first: whoever opens it has to know, even if this process dies during the call.
  await keep(false);
  await sale.set(listing, false, signal);
  // Another process may have told of an open one meanwhile, and have found the product open still. One that is yet to
  // be told opens the product itself: without a number it could not be.
  if (await othersOpen(true)) await reopen();
}
