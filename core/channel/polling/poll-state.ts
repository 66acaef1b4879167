import { HubError } from '../../errors.ts';
import type { MessageParams } from '../../message.ts';
import { beginPoll, changePoll, pollOf, pruneSheets } from '../../store/queries/channel-polls.ts';
import type { Changes, NewRow, Row } from '../../store/schema.ts';
import type { CommandHandler } from '../../store/store.ts';
import type { Trouble } from './trouble.ts';
import './messages.ts';

/** Sheets kept of an account: at one reading a minute those of a week. */
export const keptRuns = 10_000;

export type RunKind = 'live' | 'catch-up' | 'back-fill';

/** A code with its values, as it is kept. */
export interface Remark {
  code: string;
  params: MessageParams;
}

/** The sheet of one window that was read, or tried. Times are epoch milliseconds. */
export interface RunSheet {
  account: string;
  kind: RunKind;
  windowFrom: number;
  windowUntil: number;
  startedAt: number;
  tookMs: number;
  pages: number;
  /** Records read, bad ones not among them: fresh + changed + stale + repeated. */
  records: number;
  fresh: number;
  changed: number;
  stale: number;
  repeated: number;
  bad: number;
  throttled: number;
  /** The watermark afterwards. */
  watermark: number;
  behindMs: number;
  nextAt: number;
  fault: Remark | null;
  note: Remark | null;
}

export interface OpenPoll {
  account: string;
  now: number;
  /** Where reading begins for an account that was never read. */
  watermark: number;
  /** The date chosen to read back to; a date that was not chosen before begins a back-fill. */
  since: number | null;
}

/** The account's row, made if it is new. */
export const openPollHandler: CommandHandler<OpenPoll, Row<'channel_polls'>> = {
  name: 'channel.open-poll',
  async run(tx, commands) {
    const answers: Row<'channel_polls'>[] = [];
    for (const { account, now, watermark, since } of commands) {
      await beginPoll(tx.db, {
        account,
        watermark,
        settled: 0,
        covered_from: watermark,
        since: null,
        updated_at: now,
      });
      let row = (await pollOf(tx.db, account))!;
      if (since !== null && row.since !== since) {
        const set = { since, ...(since < row.covered_from && backfillFrom(since, row)) };
        await changePoll(tx.db, account, {}, set);
        row = { ...row, ...set };
      }
      answers.push(row);
    }
    return answers;
  },
};

export interface RequestBackfill {
  account: string;
  from: number;
  now: number;
}

/**
 * Begins a back-fill. One that is under way becomes part of it: what either was asked for is read. Answers what this
 * one was asked for and where it ends, epoch milliseconds.
 */
export const backfillHandler: CommandHandler<RequestBackfill, { from: number; until: number }> = {
  name: 'channel.back-fill',
  async run(tx, commands) {
    const answers: ({ from: number; until: number } | Error)[] = [];
    for (const { account, from, now } of commands) {
      const row = await pollOf(tx.db, account);
      if (!row) {
        answers.push(new HubError('polling.unknown', { account }));
      } else if (from >= row.watermark) {
        const time = new Date(from).toISOString();
        answers.push(
          new HubError('polling.nothing-to-fill', {
            from: time,
            watermark: new Date(row.watermark).toISOString(),
          }),
        );
      } else {
        await changePoll(tx.db, account, {}, { ...backfillFrom(from, row), updated_at: now });
        answers.push({ from, until: row.watermark });
      }
    }
    return answers;
  },
};

/** Everything from a time on, and what is left of a back-fill under way: one span, for both end at the watermark. */
function backfillFrom(from: number, { watermark, ...row }: Row<'channel_polls'>) {
  return {
    backfill_from: Math.min(from, row.backfill_from ?? from),
    backfill_next: Math.min(from, row.backfill_next ?? from),
    backfill_until: watermark,
  };
}

export interface EndRun {
  sheet: RunSheet;
  /** How the row was when the window was begun; it changes only if it still is. */
  expected: Pick<Partial<Row<'channel_polls'>>, 'watermark' | 'backfill_next' | 'backfill_until'>;
  set: Changes<'channel_polls'>;
  /** Whether to remove sheets of the account that are too many. */
  prune: boolean;
}

/**
 * Keeps a sheet, and with it how far reading has come. False when another process has gone on meanwhile: then
 * nothing changes but the sheet.
 */
export const endRunHandler: CommandHandler<EndRun, boolean> = {
  name: 'channel.end-run',
  async run(tx, commands) {
    await tx.insert(
      'channel_poll_runs',
      commands.map(({ sheet }) => runRow(sheet)),
    );
    const answers: boolean[] = [];
    for (const { sheet, expected, set, prune } of commands) {
      answers.push(await changePoll(tx.db, sheet.account, expected, { ...set, updated_at: tx.now }));
      if (prune) await pruneSheets(tx.db, sheet.account, { table: 'channel_poll_runs' }, keptRuns);
    }
    return answers;
  },
};

/** What is kept of a trouble. */
export function keptTrouble(trouble: Trouble | null): string | null {
  return trouble === null ? null : JSON.stringify(trouble);
}

export function troubleFrom(text: string | null): Trouble | null {
  return text === null ? null : (JSON.parse(text) as Trouble);
}

function runRow(sheet: RunSheet): NewRow<'channel_poll_runs'> {
  return {
    account: sheet.account,
    kind: sheet.kind,
    window_from: sheet.windowFrom,
    window_until: sheet.windowUntil,
    started_at: sheet.startedAt,
    took_ms: sheet.tookMs,
    pages: sheet.pages,
    records: sheet.records,
    fresh: sheet.fresh,
    changed: sheet.changed,
    stale: sheet.stale,
    repeated: sheet.repeated,
    bad: sheet.bad,
    throttled: sheet.throttled,
    watermark: sheet.watermark,
    behind_ms: sheet.behindMs,
    next_at: sheet.nextAt,
    fault: sheet.fault === null ? null : JSON.stringify(sheet.fault),
    note: sheet.note === null ? null : JSON.stringify(sheet.note),
  };
}

/** A sheet as it is kept. */
export function runSheet(row: Row<'channel_poll_runs'>): RunSheet & { id: number } {
  return {
    id: row.id,
    account: row.account,
    kind: row.kind as RunKind,
    windowFrom: row.window_from,
    windowUntil: row.window_until,
    startedAt: row.started_at,
    tookMs: row.took_ms,
    pages: row.pages,
    records: row.records,
    fresh: row.fresh,
    changed: row.changed,
    stale: row.stale,
    repeated: row.repeated,
    bad: row.bad,
    throttled: row.throttled,
    watermark: row.watermark,
    behindMs: row.behind_ms,
    nextAt: row.next_at,
    fault: remarkFrom(row.fault),
    note: remarkFrom(row.note),
  };
}

export function remarkFrom(text: string | null): Remark | null {
  return text === null ? null : (JSON.parse(text) as Remark);
}
