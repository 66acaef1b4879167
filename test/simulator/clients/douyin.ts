import { createHmac } from 'node:crypto';
import type { SimulatedShop } from '../simulator.ts';
import { ask, at, type ReadAll } from './client.ts';

/** Calls a method such as `order.searchList`; answers its data. @throws Error for any code but 10000 */
export async function doudian(
  { address, access }: SimulatedShop,
  method: string,
  input: Readonly<Record<string, unknown>>,
  now: number,
  token = access.accessToken,
): Promise<unknown> {
  const paramJson = JSON.stringify(input);
  const timestamp = String(Math.floor(now / 1_000));
  const { appKey, appSecret } = access;
  const text = `${appSecret}app_key${appKey}method${method}param_json${paramJson}timestamp${timestamp}v2${appSecret}`;
  const query = new URLSearchParams({
    app_key: appKey,
    method,
    access_token: token,
    timestamp,
    v: '2',
    sign_method: 'hmac-sha256',
    sign: createHmac('sha256', appSecret).update(text).digest('hex'),
  });
  const { data } = await ask(`${address}/${method.replace('.', '/')}?${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: paramJson,
  });
  if (at<number>(data, 'code') !== 10_000) throw new Error(JSON.stringify(data));
  return at(data, 'data');
}

/** Pages from 0, oldest modification first. */
export const readDouyin: ReadAll = async (shop, { from, until }) => {
  const seen = [];
  for (let page = 0; ; page += 1) {
    const input = {
      page,
      size: 50,
      update_time_start: Math.floor(from / 1_000),
      update_time_end: Math.floor(until / 1_000),
      order_by: 'update_time',
      order_asc: true,
    };
    const data = await doudian(shop, 'order.searchList', input, until);
    const rows = at<{ order_id: string; update_time: number }[]>(data, 'shop_order_list');
    for (const { order_id: id, update_time: seconds } of rows) seen.push({ id, modifiedAt: seconds * 1_000 });
    if (rows.length < 50) return seen;
  }
};
