import { HubError } from '../../errors.ts';
import { answerFor, lineOf, sheetOf } from '../../stock/count/answer.ts';
import { countById, linesOfCount, recentCounts } from '../../store/queries/stock-counts.ts';
import { type Asking, isoTime, told } from './asking.ts';
import { type Asked, choiceOf, idOf, limitOf, textOf } from './parameters.ts';

const sheetStates = ['open', 'waiting', 'applied', 'refused'] as const;
const lineStates = [
  'agrees',
  'corrected',
  'waiting',
  'refused',
  'rejected',
  'superseded',
  'uncounted',
] as const;

type Sheet = ReturnType<typeof sheetOf>;
type Line = ReturnType<typeof lineOf>;

/** Count sheets, newest first: `pool`, `state`, `limit`, `after` (an id). */
export async function askCounts(asked: Asked, { hub }: Asking) {
  const limit = limitOf(asked);
  const rows = await recentCounts(hub.store.read, {
    pool: textOf(asked, 'pool'),
    state: choiceOf(asked, 'state', sheetStates),
    before: idOf(asked, 'after'),
    limit,
  });
  return {
    counts: rows.map((row) => timed(sheetOf(row))),
    next: rows.length === limit ? String(rows.at(-1)!.id) : null,
  };
}

/**
 * One sheet with its lines, a page at a time: `state` of the lines, `limit`, `after` (a line's id).
 *
 * @throws HubError count.unknown
 */
export async function askCount(id: number, asked: Asked, asking: Asking) {
  const { store } = asking.hub;
  const limit = limitOf(asked);
  const state = choiceOf(asked, 'state', lineStates);
  const after = idOf(asked, 'after');
  const sheet = await countById(store.read, id);
  if (!sheet) throw new HubError('count.unknown', { id });
  const rows = await linesOfCount(store.read, {
    countId: id,
    ...(state !== undefined && { states: [state] }),
    ...(after !== undefined && { after }),
    limit,
  });
  const {
    lines: _,
    more: __,
    refusals: ___,
    replayed: ____,
    count,
    ...tally
  } = await answerFor(store, sheet, false);
  return {
    ...tally,
    count: count && timed(count),
    lines: rows.map((row) => shownLine(lineOf(row), asking)),
    next: rows.length === limit ? String(rows.at(-1)!.id) : null,
  };
}

/** A sheet with its times as text. */
export function timed(sheet: Sheet) {
  return { ...sheet, openedAt: isoTime(sheet.openedAt), finishedAt: isoTime(sheet.finishedAt) };
}

/** A line with its times as text, and its reason in the language of who asks. */
export function shownLine(line: Line, asking: Asking) {
  return {
    ...line,
    countedAt: isoTime(line.countedAt),
    decidedAt: isoTime(line.decidedAt),
    reason: line.reason && told(line.reason, asking),
  };
}
