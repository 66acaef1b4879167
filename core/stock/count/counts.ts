import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { HubError } from '../../errors.ts';
import {
  countById,
  type LastCounted,
  linesOfCount,
  longestUncounted,
  skusNotOnSheet,
} from '../../store/queries/stock-counts.ts';
import type { Row } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import type { StockRefusal } from '../answers.ts';
import { isName, mostCharacters } from '../check.ts';
import { refusalFrom } from '../refusals.ts';
import { answerFor, type CountAnswer } from './answer.ts';
import { checkZone } from './count-time.ts';
import { decideHandler, momentOfLine } from './decide-lines.ts';
import { expectations, expectedUnits } from './expected.ts';
import type { Judging } from './judge.ts';
import './messages.ts';
import { openHandler } from './open-sheet.ts';
import { type ReadingRules, readSheet } from './read-sheet.ts';
import { refusedSheet } from './refused-sheet.ts';
import { type ReadRows, readRows } from './rows.ts';
import type { CountSettings } from './settings.ts';
import { settleHandler } from './settle-sheet.ts';
import { type CountingLine, type KeptLine, momentOf, takeHandler } from './take-lines.ts';

export type { CountAnswer, CountLine, CountSheet } from './answer.ts';

/** A count that somebody made. */
export interface TakeCount extends CountSettings, ReadingRules {
  /** The pool that was counted; `main` when it is not named. */
  pool?: string;
  kind: 'full' | 'cycle';
  /** Who counted: the second person is somebody else. */
  actor: string;
  /** The list, or the content of the file. */
  received: unknown;
  /** What people call the sheet. The same content under the same name is the same count. */
  name?: string;
  /** Tells lists without a name apart: the delivery or message that brought them. */
  cause?: string;
  /** Zone of times that name none, such as Asia/Shanghai. */
  zone: string;
  duplicates: 'refuse' | 'sum';
}

/** What a second person decides about lines that wait. */
export interface DecideCount {
  verdict: 'approve' | 'reject';
  countId: number;
  /** Ids of the lines; all that wait when absent. */
  lines?: readonly number[];
  /** The second person. That he has the right is the caller's to check. */
  actor: string;
  reason?: string;
  /** A repeat with the same key decides nothing twice. */
  opKey: string;
}

/** Lines in one act: a bound on the length of a write. */
const page = 200;
/** Lines a decision may name. */
const mostNamed = 500;

/**
 * Stock-taking: compares what was counted with what the ledger said at that moment, corrects small differences
 * and has a second person look at large ones.
 */
export class Counts {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * Takes in a sheet. What is wrong with it as a whole or with single rows is in the answer, and never stands in
   * the way of the other rows. The same sheet received again answers the first, and goes on where that was
   * interrupted.
   *
   * @throws HubError count.bad-zone, count.bad-text for settings that are none
   */
  async take(command: TakeCount): Promise<CountAnswer> {
    const pool = text('pool', command.pool ?? 'main');
    const actor = text('actor', command.actor);
    const name = command.name === undefined || command.name === '' ? '' : text('name', command.name);
    checkZone(command.zone);
    let sheet: Row<'stock_counts'>;
    let rows: ReadRows;
    let replayed: boolean;
    try {
      const received = await readSheet(command.received, command);
      rows = await readRows(received.rows, {
        zone: command.zone,
        now: this.#store.now(),
        duplicates: command.duplicates,
      });
      if (rows.counted.length + rows.idle.length === 0) throw new HubError('count.empty-file');
      const { thresholds, missing } = command;
      ({ sheet, replayed } = await this.#store.execute(openHandler, {
        pool,
        kind: command.kind,
        name,
        contentKey: contentKey(command, received),
        source: received.source,
        actor,
        settings: JSON.stringify({ thresholds, missing } satisfies CountSettings),
      }));
    } catch (error) {
      const refused = refusedSheet(error);
      if (refused) return refused;
      throw error;
    }
    if (sheet.state === 'open') {
      await this.#takeRows(sheet, rows);
      if (sheet.kind === 'full') await this.#takeUncounted(sheet);
      sheet = await this.#store.execute(settleHandler, sheet.id);
    }
    return answerFor(this.#store, sheet, replayed);
  }

  /**
   * A second person approves or rejects lines that wait. An approved line whose units orders hold goes on
   * waiting, with the arithmetic.
   *
   * @throws HubError count.unknown, count.still-open, count.second-person, count.nothing-waits, count.bad-line-list,
   *   count.bad-text
   */
  async decide(command: DecideCount): Promise<CountAnswer> {
    const { countId, verdict } = command;
    const actor = text('actor', command.actor);
    const opKey = text('opKey', command.opKey);
    const reason =
      command.reason === undefined || command.reason === '' ? null : text('reason', command.reason);
    const named = command.lines === undefined ? undefined : lineIds(command.lines);
    const sheet = await countById(this.#store.read, countId);
    if (!sheet) throw new HubError('count.unknown', { id: countId });
    if (sheet.state === 'open') throw new HubError('count.still-open', { id: countId });
    // A flow's node is nobody: who decides has a name.
    if (actor === sheet.actor || actor.startsWith('flow:'))
      throw new HubError('count.second-person', { id: countId, actor: sheet.actor });
    const judging = { ...judgingOf(sheet), actor };
    let decided = 0;
    let after: number | undefined;
    for (;;) {
      const lines = await linesOfCount(this.#store.read, {
        countId,
        states: ['waiting'],
        ...(named && { ids: named }),
        ...(after !== undefined && { after }),
        limit: page,
      });
      const last = lines.at(-1);
      if (!last) break;
      after = last.id;
      // One that this very decision left waiting is not tried again by its repeat.
      const fresh = lines.filter((line) => line.decision_key !== opKey);
      const counted = fresh.map((line) => ({
        sku: line.sku,
        lineId: line.id,
        moment: momentOfLine(sheet, line),
      }));
      const known =
        verdict === 'approve' ? await expectations(this.#store.read, sheet.pool, counted) : new Map();
      const act = { verdict, sheet, judging, lines: fresh, known, opKey, reason };
      if (fresh.length > 0) decided += await this.#store.execute(decideHandler, act);
      await setImmediate();
    }
    if (decided === 0) {
      const [repeated] = await linesOfCount(this.#store.read, { countId, decisionKey: opKey, limit: 1 });
      if (!repeated) throw new HubError('count.nothing-waits', { id: countId });
      return answerFor(this.#store, sheet, true);
    }
    return answerFor(this.#store, await this.#store.execute(settleHandler, countId), false);
  }

  /** The SKUs of a pool that should be counted next: those whose last count is the longest ago. */
  suggest(pool: string, limit: number): Promise<LastCounted[]> {
    return longestUncounted(this.#store.read, pool, limit);
  }

  async #takeRows(sheet: Row<'stock_counts'>, { counted, idle }: ReadRows): Promise<void> {
    for (let from = 0; from < counted.length; from += page)
      await this.#take(sheet, counted.slice(from, from + page), []);
    for (let from = 0; from < idle.length; from += page) {
      const kept = idle.slice(from, from + page).map((line): KeptLine => ({ ...line, expected: null }));
      await this.#take(sheet, [], kept);
    }
  }

  /** SKUs of the pool that the sheet does not have: reported, or counted as none when the sheet says so. */
  async #takeUncounted(sheet: Row<'stock_counts'>): Promise<void> {
    const { pool, id: countId } = sheet;
    const { missing } = JSON.parse(sheet.settings) as CountSettings;
    const moment = momentOf(sheet, null);
    let after = '';
    for (;;) {
      const skus = await skusNotOnSheet(this.#store.read, { pool, countId, after, limit: page });
      const last = skus.at(-1);
      if (last === undefined) return;
      after = last;
      const counted = skus.map((sku) => ({ sku, lineId: 0, moment }));
      const known = await expectations(this.#store.read, pool, counted);
      const counting: CountingLine[] = [];
      const kept: KeptLine[] = [];
      for (const [sku, expectation] of known) {
        const expected = expectedUnits(expectation);
        // Nothing there by the ledger, nothing on the sheet: they agree.
        if (expected === 0) continue;
        if (missing === 'zero') counting.push({ row: null, sku, counted: 0, at: null, unitCost: null });
        else
          kept.push({
            row: null,
            sku,
            state: 'uncounted',
            expected,
            reason: notOnSheet(sku, pool, expected),
          });
      }
      if (counting.length + kept.length > 0) await this.#take(sheet, counting, kept);
    }
  }

  async #take(
    sheet: Row<'stock_counts'>,
    counting: readonly CountingLine[],
    kept: readonly KeptLine[],
  ): Promise<void> {
    // History is walked before the write begins: it does not change any more.
    const counted = counting.map(({ sku, at }) => ({
      sku,
      lineId: Number.MAX_SAFE_INTEGER,
      moment: momentOf(sheet, at),
    }));
    const known = await expectations(this.#store.read, sheet.pool, counted);
    await this.#store.execute(takeHandler, { sheet, judging: judgingOf(sheet), counting, kept, known });
    await setImmediate();
  }
}

function judgingOf(sheet: Row<'stock_counts'>): Judging {
  const { thresholds } = JSON.parse(sheet.settings) as CountSettings;
  const reason = sheet.name === '' ? `count ${sheet.id}` : `count ${sheet.id} ${sheet.name}`;
  const { id: countId, pool, actor } = sheet;
  return { countId, pool, actor, reason: reason.slice(0, mostCharacters), thresholds };
}

/** The same content, read the same way, under the same name: the same count. */
function contentKey(
  { name, cause, kind, columns, worksheet, zone, duplicates, missing }: TakeCount,
  { contentHash, source }: { contentHash: string; source: string },
): string {
  // A list of numbers is soon the same by chance; a file is not.
  const sheet = name || (source === 'message' ? (cause ?? '') : '');
  const parts = [contentHash, sheet, kind, columns ?? null, worksheet ?? null, zone, duplicates, missing];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function notOnSheet(sku: string, pool: string, expected: number): StockRefusal {
  return refusalFrom({ code: 'count.not-on-sheet', params: { sku, pool, expected } });
}

function text(field: string, value: unknown): string {
  if (!isName(value)) throw new HubError('count.bad-text', { field, most: mostCharacters });
  return value;
}

function lineIds(lines: unknown): number[] {
  const good =
    Array.isArray(lines) &&
    lines.length > 0 &&
    lines.length <= mostNamed &&
    lines.every((id) => Number.isSafeInteger(id));
  if (!good) throw new HubError('count.bad-line-list', { most: mostNamed });
  return lines as number[];
}
