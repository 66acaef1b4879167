import { type Row, rowsAt, textAt } from '../json-fields.ts';
import type { Top } from './call.ts';

const itemList = 'taobao.items.seller.list.get';
/** Items of one request, by the platform's catalogue. */
const mostItems = 20;

/** The seller's items by their numbers; one that is not the seller's is absent. */
export async function itemsOf(
  top: Top,
  items: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, Row>> {
  const found = new Map<string, Row>();
  const wanted = [...new Set(items)];
  for (let start = 0; start < wanted.length; start += mostItems) {
    const parameters = {
      num_iids: wanted.slice(start, start + mostItems).join(','),
      fields: 'num_iid,num,approve_status,sku.sku_id,sku.quantity',
    };
    const rows = await top(
      { method: itemList, parameters, repeatable: true },
      ({ data }) => rowsAt(data, 'items', 'item'),
      signal,
    );
    for (const row of rows) found.set(textAt(row, 'num_iid'), row);
  }
  return found;
}
