import type { SimulatedShop } from '../simulator.ts';
import { at, type ReadAll } from './client.ts';
import { askSigned, chinaTime, fromChinaTime } from './form.ts';

/** Calls a method; answers what stands in its response. @throws Error for an error_response */
export async function jos(
  { address, access }: SimulatedShop,
  method: string,
  input: Readonly<Record<string, unknown>>,
  now: number,
): Promise<unknown> {
  const answer = await askSigned(address, access.appSecret, {
    method,
    app_key: access.appKey,
    access_token: access.accessToken,
    timestamp: chinaTime(now),
    v: '2.0',
    '360buy_param_json': JSON.stringify(input),
  });
  return answer[`${method.replaceAll('.', '_')}_responce`];
}

/** Oldest modification first. */
export const readJd: ReadAll = async (shop, { from, until }) => {
  const seen = [];
  for (let page = 1; ; page += 1) {
    const input = {
      start_date: chinaTime(from),
      end_date: chinaTime(until),
      order_state: 'ALL',
      optional_fields: 'orderId,modified',
      page: String(page),
      page_size: '50',
    };
    const answer = await jos(shop, 'jingdong.pop.order.enSearch', input, until);
    const rows = at<{ orderId: string; modified: string }[]>(answer, 'searchorderinfo_result.orderInfoList');
    for (const { orderId: id, modified } of rows) seen.push({ id, modifiedAt: fromChinaTime(modified) });
    if (rows.length < 50) return seen;
  }
};
