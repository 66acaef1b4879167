import { isRecord } from '../../order/mapping/path.ts';
import type { BadRecord, ChannelRecord, OrderStamp } from './order-source.ts';
import { isRefusal } from './refused.ts';

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

/** How the orders of which a list does not tell enough are read in full. */
export interface Completion {
  needs(row: Record<string, unknown>): boolean;
  /** One that was read in full before and has not changed since. */
  known?(row: Record<string, unknown>): ChannelRecord | undefined;
  /** Null for one that is gone since it was listed. */
  read(channelOrderId: string): Promise<ChannelRecord | null>;
}

/**
 * A page's records, each with all that an order needs. One that the platform refuses to show stands aside; the page goes
 * on.
 *
 * @throws ChannelFault
 */
export async function completedRecords(
  rows: readonly Record<string, unknown>[],
  form: RecordForm,
  completion: Completion,
): Promise<{ records: ChannelRecord[]; bad: BadRecord[] }> {
  const { records: listed, bad } = recordsOf(rows, form);
  const found = new Map<string, ChannelRecord | BadRecord>();
  await Promise.all(
    rows.map(async (row) => {
      const id = form.idOf(row);
      if (id === '' || !completion.needs(row)) return;
      found.set(id, completion.known?.(row) ?? (await fullRecord(row, id, form, completion)));
    }),
  );
  const records = listed.flatMap((record) => {
    const better = found.get(record.channelOrderId) ?? record;
    if ('channelOrderId' in better) return better;
    bad.push(better);
    return [];
  });
  return { records, bad };
}

async function fullRecord(
  row: Record<string, unknown>,
  channelOrderId: string,
  form: RecordForm,
  { read }: Completion,
): Promise<ChannelRecord | BadRecord> {
  const body = JSON.stringify(row);
  try {
    // Gone since it was listed: what the list said is all there is.
    return (await read(channelOrderId)) ?? { channelOrderId, modifiedAt: form.modifiedOf(row), body };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const params = Object.fromEntries(
      Object.entries(error.params).map(([name, value]) => [name, value === undefined ? null : String(value)]),
    );
    return { at: `${form.id} ${channelOrderId}`, code: error.code, params, body };
  }
}
