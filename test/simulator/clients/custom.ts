import type { SimulatedShop } from '../simulator.ts';
import { ask, at, type ReadAll } from './client.ts';

/** Asks with the shop's token. @throws Error for any status but 2xx */
export function askShop(
  { address, access }: SimulatedShop,
  path: string,
  init: RequestInit = {},
): Promise<{ data: unknown; headers: Headers }> {
  const url = path.startsWith('http') ? path : `${address}${path}`;
  return ask(url, { ...init, headers: { authorization: `Bearer ${access.accessToken}` } });
}

/** By cursor, oldest change first. */
export const readCustom: ReadAll = async (shop, { from, until }) => {
  const query = new URLSearchParams({
    updated_from: new Date(from).toISOString(),
    updated_until: new Date(until + 1_000).toISOString(),
    limit: '50',
  });
  const seen = [];
  for (;;) {
    const { data } = await askShop(shop, `/orders?${query}`);
    for (const { id, updatedAt } of at<{ id: string; updatedAt: string }[]>(data, 'orders'))
      seen.push({ id, modifiedAt: Date.parse(updatedAt) });
    const cursor = at<string | null>(data, 'next_cursor');
    if (cursor === null) return seen;
    query.set('cursor', cursor);
  }
};
