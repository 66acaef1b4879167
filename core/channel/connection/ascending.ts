import { ChannelFault } from './fault.ts';
import type { TimeWindow } from './order-source.ts';
import type { RecordForm } from './records.ts';

/** A question for orders that changed from `after` on, oldest change first, and its numbered page. */
export interface Ask {
  /** Epoch milliseconds, inclusive. */
  after: number;
  page: number;
}

export interface AscendingRows<Row> {
  /** For sentences. */
  platform: string;
  call: string;
  window: TimeWindow;
  pageSize: number;
  /** The unit the platform rounds times to, milliseconds. */
  stepMs: number;
  /** @param check throws for rows that cannot be the answer to this question, so that it may be asked again */
  read(
    ask: Ask,
    check: (rows: readonly Row[]) => void,
  ): Promise<{
    rows: readonly Row[];
    /** How many rows the channel counts for this question; null when it does not say. */
    total: number | null;
  }>;
  /** Tells one state of an order from all others. */
  keyOf(row: Row): string;
  modifiedOf(row: Row): number | null;
}

/**
 * The rows of a window, oldest change first. Numbered pages would miss rows: an order that changes while one reads
 * leaves the window, all after it move up, and the first of the next page stands on the one that was read already.
 * So each question begins where the last page ended, by the time of its last row; only rows of one and the same unit of
 * time that fill a page are read by number. What comes twice is left out.
 *
 * @throws ChannelFault `channel.page-repeats`
 */
export async function* ascendingRows<Row>(
  of: AscendingRows<Row>,
): AsyncIterable<{ rows: Row[]; total: number | null }> {
  const { window, pageSize, stepMs } = of;
  const seen = new Set<string>();
  let total: number | null = null;
  let after = window.from;
  let page = 1;
  /** What the pages of one question have shown. */
  let shown = new Set<string>();
  for (;;) {
    const from = after;
    const answer = await of.read({ after, page }, (rows) => {
      // What changed before the time asked for was another question's answer.
      const isForeign = rows.some((row) => (of.modifiedOf(row) ?? from) < from - stepMs);
      // Pages may be all that earlier questions have shown; one that this question has shown already has no end.
      const isShown = rows.length > 0 && rows.every((row) => shown.has(of.keyOf(row)));
      if (isForeign || isShown) throw repeats(of, page);
    });
    total ??= answer.total;
    const fresh = answer.rows.filter((row) => {
      const key = of.keyOf(row);
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
    if (fresh.length > 0) yield { rows: fresh, total };
    if (isLast(answer, page, pageSize)) return;
    const last = Math.max(...answer.rows.map((row) => of.modifiedOf(row) ?? Number.NEGATIVE_INFINITY));
    if (last > after) {
      // Inclusive: others of the same moment may stand on the next page.
      after = last;
      page = 1;
      shown = new Set();
    } else {
      for (const row of answer.rows) shown.add(of.keyOf(row));
      page += 1;
    }
  }
}

/**
 * Whether nothing of a question is left after a page. A page may have fewer rows than it stands for, where the channel
 * leaves out what it cannot load, so its own count decides, where it counts.
 */
function isLast(
  { rows, total }: { rows: readonly unknown[]; total: number | null },
  page: number,
  pageSize: number,
): boolean {
  return total === null ? rows.length < pageSize : page * pageSize >= total;
}

function repeats({ platform, call }: { platform: string; call: string }, page: number): ChannelFault {
  return new ChannelFault('platform', 'channel.page-repeats', { platform, call, page });
}

/**
 * Refuses rows that are not in the order of their change: reading on from the last row's time is right only where none
 * behind it is older.
 *
 * @throws ChannelFault `channel.not-ascending`
 */
export function refuseDisorder(
  rows: readonly Record<string, unknown>[],
  { idOf, modifiedOf }: Pick<RecordForm, 'idOf' | 'modifiedOf'>,
  of: { platform: string; call: string },
): void {
  const seen = new Set<string>();
  let last = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    const id = idOf(row);
    const at = modifiedOf(row);
    // One that comes twice on a page says nothing of the order.
    if (at === null || seen.has(id)) continue;
    seen.add(id);
    if (at < last) throw new ChannelFault('platform', 'channel.not-ascending', { ...of, order: id || '–' });
    last = at;
  }
}
