import { createHmac, randomUUID } from 'node:crypto';
import type { SimulatedShop } from '../simulator.ts';
import { ask, type ReadAll } from './client.ts';

/** A signed address of the WooCommerce interface over plain HTTP. */
export function wooUrl(
  { address, access }: Pick<SimulatedShop, 'address' | 'access'>,
  method: string,
  path: string,
  params: Readonly<Record<string, string>> = {},
  now = Date.now(),
): string {
  const url = `${address}/wp-json/wc/v3/${path}`;
  const all: Record<string, string> = {
    ...params,
    oauth_consumer_key: access.appKey,
    oauth_nonce: randomUUID(),
    oauth_signature_method: 'HMAC-SHA256',
    oauth_timestamp: String(Math.floor(now / 1_000)),
  };
  const text = Object.keys(all)
    .sort()
    .map((name) => `${encodeURIComponent(name)}=${encodeURIComponent(all[name]!)}`)
    .join('&');
  const base = [method, url, text].map(encodeURIComponent).join('&');
  const signature = createHmac('sha256', `${access.appSecret}&`).update(base).digest('base64');
  return `${url}?${text}&oauth_signature=${encodeURIComponent(signature)}`;
}

/**
 * Oldest modification first, by page number: rows that move meanwhile may be missed, and come with the next reading.
 */
export const readWooCommerce: ReadAll = async (shop, { from, until }) => {
  const seen = [];
  for (let page = 1; ; page += 1) {
    const params = {
      modified_after: bare(from - 1_000),
      modified_before: bare(until + 1_000),
      dates_are_gmt: 'true',
      orderby: 'modified',
      order: 'asc',
      per_page: '50',
      page: String(page),
    };
    const { data } = await ask(wooUrl(shop, 'GET', 'orders', params, until));
    const rows = data as { id: number; date_modified_gmt: string }[];
    for (const { id, date_modified_gmt: text } of rows)
      seen.push({ id: String(id), modifiedAt: Date.parse(`${text}Z`) });
    if (rows.length < 50) return seen;
  }
};

function bare(time: number): string {
  return new Date(time).toISOString().slice(0, 19);
}
