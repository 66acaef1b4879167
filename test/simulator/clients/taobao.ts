import type { SimulatedShop } from '../simulator.ts';
import { at, type ReadAll } from './client.ts';
import { askSigned, chinaTime, fromChinaTime } from './form.ts';

/** Calls a method of TOP; answers what stands in its response. @throws Error for an error_response */
export async function top(
  { address, access }: SimulatedShop,
  method: string,
  params: Readonly<Record<string, string>>,
  now: number,
): Promise<unknown> {
  const answer = await askSigned(address, access.appSecret, {
    method,
    app_key: access.appKey,
    session: access.accessToken,
    timestamp: chinaTime(now),
    format: 'json',
    v: '2.0',
    sign_method: 'md5',
    ...params,
  });
  return Object.values(answer)[0];
}

/** Counts once, then reads from the last page to the first, since rows come newest first. */
export const readTaobao: ReadAll = async (shop, { from, until }) => {
  const params = {
    fields: 'tid_str,modified',
    start_modified: chinaTime(from),
    end_modified: chinaTime(until),
    page_size: '50',
  };
  const method = 'taobao.trades.sold.increment.get';
  const total = at<number>(await top(shop, method, params, until), 'total_results');
  const seen = [];
  for (let page = Math.ceil(total / 50); page >= 1; page -= 1) {
    const answer = await top(shop, method, { ...params, page_no: String(page), use_has_next: 'true' }, until);
    const rows = at<{ trade: { tid_str: string; modified: string }[] } | undefined>(answer, 'trades');
    for (const { tid_str: id, modified } of rows?.trade ?? [])
      seen.push({ id, modifiedAt: fromChinaTime(modified) });
  }
  return seen;
};
