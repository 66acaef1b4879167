import type { SimulatedShop } from '../simulator.ts';
import { at, type ReadAll } from './client.ts';
import { askSigned, fromChinaTime } from './form.ts';

/** Calls a method; answers what stands in its response. @throws Error for an error_response */
export async function pdd(
  { address, access }: SimulatedShop,
  type: string,
  params: Readonly<Record<string, string>>,
  now: number,
): Promise<unknown> {
  const answer = await askSigned(address, access.appSecret, {
    type,
    client_id: access.appKey,
    access_token: access.accessToken,
    timestamp: String(Math.floor(now / 1_000)),
    data_type: 'JSON',
    ...params,
  });
  return Object.values(answer)[0];
}

/** Counts once, then reads from the last page to the first; all in one window of at most half an hour. */
export const readPinduoduo: ReadAll = async (shop, { from, until }) => {
  const params = {
    start_updated_at: String(Math.floor(from / 1_000)),
    end_updated_at: String(Math.floor(until / 1_000)),
    order_status: '5',
    refund_status: '5',
    is_lucky_flag: '0',
    page_size: '50',
  };
  const method = 'pdd.order.number.list.increment.get';
  const total = at<number>(await pdd(shop, method, params, until), 'total_count');
  const seen = [];
  for (let page = Math.ceil(total / 50); page >= 1; page -= 1) {
    const answer = await pdd(shop, method, { ...params, page: String(page), use_has_next: 'true' }, until);
    for (const { order_sn: id, updated_at: text } of at<{ order_sn: string; updated_at: string }[]>(
      answer,
      'order_sn_list',
    ))
      seen.push({ id, modifiedAt: fromChinaTime(text) });
  }
  return seen;
};
