import { type BundleLevel, bundleLevels } from '../../stock/bundles/availability.ts';
import { BundleBook } from '../../stock/bundles/bundle-book.ts';
import { bundleNames, bundleRows } from '../../store/queries/bundles.ts';
import { skuLevels } from '../../store/queries/stock.ts';
import { type Asking, isoTime } from './asking.ts';
import { type Asked, cursorFrom, cursorOf, limitOf, textOf } from './parameters.ts';

/** What bundles are made of, one level each: `bundle`, `limit`, `after`. */
export async function askBundles(asked: Asked, { hub }: Asking) {
  const limit = limitOf(asked);
  const place = cursorOf(asked, ['string']);
  const one = textOf(asked, 'bundle');
  const { read } = hub.store;
  const names = one === undefined ? await bundleNames(read, { after: place?.[0], limit }) : [one];
  const wanted = new Set(names);
  const rows =
    names.length === 0 ? [] : (await bundleRows(read, names)).filter((row) => wanted.has(row.bundle));
  const bundles = names.flatMap((bundle) => {
    const lines = rows.filter((row) => row.bundle === bundle);
    if (lines.length === 0) return [];
    const newest = lines.reduce((a, b) => (b.updated_at > a.updated_at ? b : a));
    return [
      {
        bundle,
        components: lines.map(({ sku, quantity }) => ({ sku, quantity })),
        actor: newest.actor,
        updatedAt: isoTime(newest.updated_at),
      },
    ];
  });
  const last = names.at(-1);
  const more = one === undefined && last !== undefined && names.length === limit;
  return { bundles, next: more ? cursorFrom(last) : null };
}

/** How many of a bundle there are, by pool; undefined for a SKU that is no bundle. */
export async function levelsOfBundle(
  { hub }: Asking,
  sku: string,
  pool: string | undefined,
): Promise<BundleLevel[] | undefined> {
  const { store } = hub;
  const rows = await bundleRows(store.read, [sku]);
  if (rows.length === 0) return undefined;
  const book = new BundleBook(rows);
  const skus = book.explode(sku).map((part) => part.sku);
  return bundleLevels(book, sku, await skuLevels(store.read, { skus, pool, now: store.now() }));
}
