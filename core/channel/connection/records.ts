import { isRecord } from '../../order/mapping/path.ts';
import type { BadRecord, ChannelRecord, OrderStamp } from './order-source.ts';

/** How a platform's orders tell what they are. */
export interface RecordForm {
  /** The platform's name of the list, such as `trades.trade`. */
  list: string;
  /** The platform's name of the id. */
  id: string;
  idOf(row: Record<string, unknown>): string;
  modifiedOf(row: Record<string, unknown>): number | null;
}

/** What a page's rows are; those without an id are put aside with where they stood. */
export function recordsOf(
  rows: readonly unknown[],
  form: RecordForm,
): { records: ChannelRecord[]; bad: BadRecord[] } {
  const records: ChannelRecord[] = [];
  const bad: BadRecord[] = [];
  for (const [index, row] of rows.entries()) {
    const body = JSON.stringify(row);
    const channelOrderId = isRecord(row) ? form.idOf(row) : '';
    if (isRecord(row) && channelOrderId !== '')
      records.push({ channelOrderId, modifiedAt: form.modifiedOf(row), body });
    else
      bad.push({
        at: `${form.list}[${index}]`,
        code: 'channel.record-without-id',
        params: { field: form.id },
        body,
      });
  }
  return { records, bad };
}

export function stampsOf(records: readonly ChannelRecord[]): OrderStamp[] {
  return records.map(({ channelOrderId, modifiedAt }) => ({ channelOrderId, modifiedAt }));
}
