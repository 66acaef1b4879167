import { pruneSheets } from '../../../store/queries/channel-polls.ts';
import type { Changes, Row } from '../../../store/schema.ts';
import type { CommandHandler, Store } from '../../../store/store.ts';
import { ChannelFault } from '../../connection/fault.ts';
import type { OrderSource, TimeWindow } from '../../connection/order-source.ts';
import type { PolledAccount } from '../account.ts';
import { type Trouble, troubleOf, waitAfter } from '../trouble.ts';
import { countOrders } from './count.ts';
import { dueDay, spanOfDay } from './day.ts';
import { type CensusSheet, censusRow } from './sheet.ts';

export interface CensusSettings {
  /** Milliseconds between two counts of what changed lately. */
  everyMs: number;
}

export interface CensusKeeperOptions extends CensusSettings {
  store: Store;
  account: PolledAccount;
  subscriber: string;
  random?: () => number;
}

/** Counts kept of each kind: those of days for more than a year. */
const kept = { recent: 1_000, day: 400 } as const;
/** A count reaches back over so many spans between two counts, so that each moment is counted twice. */
const spans = 2;

interface Keep {
  sheet: CensusSheet;
  set: Changes<'channel_polls'>;
}

const keepHandler: CommandHandler<Keep, void> = {
  name: 'channel.keep-census',
  async run(tx, commands) {
    await tx.insert(
      'channel_censuses',
      commands.map(({ sheet }) => censusRow(sheet)),
    );
    await tx.update(
      'channel_polls',
      commands.map(({ sheet, set }) => ({
        key: { account: sheet.account },
        set: { ...set, updated_at: tx.now },
      })),
    );
    for (const { sheet } of commands)
      await pruneSheets(
        tx.db,
        sheet.account,
        { table: 'channel_censuses', kind: sheet.kind },
        kept[sheet.kind],
      );
    return commands.map(() => undefined);
  },
};

/** Knows when an account's orders are to be counted, and keeps the sheets. */
export class CensusKeeper {
  readonly #options: CensusKeeperOptions;
  #trouble: Trouble | null = null;
  #pausedUntil = 0;
  #nextAt = 0;
  #hastened = false;
  #failedBefore: ReadonlySet<string> = new Set();

  constructor(options: CensusKeeperOptions) {
    this.#options = options;
  }

  /** Has what changed lately be counted at the next look. */
  hasten(): void {
    this.#hastened = true;
    this.#pausedUntil = 0;
    this.#nextAt = 0;
  }

  isDue(row: Row<'channel_polls'>): boolean {
    if (this.#options.store.now() < this.#pausedUntil) return false;
    return this.#dayDue(row) !== null || this.#recentIsDue(row);
  }

  /** Milliseconds until it is worth while to look again. */
  nextIn(): number {
    return Math.max(1, Math.max(this.#nextAt, this.#pausedUntil) - this.#options.store.now());
  }

  /** Counts what is due, one thing at a time; undefined when nothing is. A fault of the channel is in the sheet. */
  async count(
    row: Row<'channel_polls'>,
    source: OrderSource,
    signal: AbortSignal,
    goOn: () => void,
  ): Promise<CensusSheet | undefined> {
    const { store, account, subscriber, everyMs, random } = this.#options;
    const now = store.now();
    if (!this.isDue(row)) {
      // Never at once: what is not due now may stay so while its time has come.
      this.#nextAt = Math.max(now + 1_000, (row.census_at ?? now) + everyMs);
      return undefined;
    }
    const day = this.#hastened ? null : this.#dayDue(row);
    this.#hastened = false;
    const window = day === null ? this.#recent(row) : this.#ofDay(row, day);
    const kind = day === null ? 'recent' : 'day';
    const sheet = await countOrders({
      store,
      account,
      subscriber,
      source,
      kind,
      day,
      window,
      signal,
      failedBefore: this.#failedBefore,
      goOn,
    });
    this.#failedBefore = new Set(
      sheet.gaps.flatMap(({ code, channelOrderId }) => (code === undefined ? [] : [channelOrderId])),
    );
    this.#nextAt = 0;
    if (sheet.fault === null) {
      this.#trouble = null;
      await store.execute(keepHandler, {
        sheet,
        set: day === null ? { census_at: now } : { census_day: day },
      });
      return sheet;
    }
    // Counted again after a while, without holding up what reads the channel.
    const fault = new ChannelFault('platform', sheet.fault.code, sheet.fault.params);
    this.#trouble = troubleOf(fault, this.#trouble, now);
    this.#pausedUntil = now + waitAfter(this.#trouble, undefined, everyMs, random);
    await store.execute(keepHandler, { sheet, set: {} });
    return sheet;
  }

  #recentIsDue(row: Row<'channel_polls'>): boolean {
    const now = this.#options.store.now();
    const { from, until } = this.#recent(row);
    if (from >= until) return false;
    return this.#hastened || row.census_at === null || now - row.census_at >= this.#options.everyMs;
  }

  #dayDue({ census_day, watermark, covered_from }: Row<'channel_polls'>): string | null {
    const where = { counted: census_day, watermark, coveredFrom: covered_from };
    return dueDay(where, this.#options.account.zone);
  }

  #recent({ watermark, covered_from }: Row<'channel_polls'>): TimeWindow {
    return { from: Math.max(covered_from, watermark - spans * this.#options.everyMs), until: watermark };
  }

  #ofDay({ covered_from }: Row<'channel_polls'>, day: string): TimeWindow {
    const { from, until } = spanOfDay(day, this.#options.account.zone);
    return { from: Math.max(from, covered_from), until };
  }
}
