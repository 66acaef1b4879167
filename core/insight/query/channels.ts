import type { CallState } from '../../channel/connection/call/account-call.ts';
import {
  type CensusSheet,
  censusSentence,
  censusSheet,
  isComplete,
} from '../../channel/polling/census/sheet.ts';
import { type Remark, type RunSheet, runSheet, troubleFrom } from '../../channel/polling/poll-state.ts';
import { HubError } from '../../errors.ts';
import type { Hub } from '../../hub.ts';
import { type Language, sentence } from '../../message.ts';
import { allPolls, censuses, pollOf, pollRuns } from '../../store/queries/channel-polls.ts';
import type { Row } from '../../store/schema.ts';
import { type Asking, isoTime } from './asking.ts';
import { type Asked, choiceOf, idOf, limitOf, textOf } from './parameters.ts';

type Who = Pick<Asking, 'hub' | 'language'>;

/** The channels that are read, and how each stands. */
export async function askChannels({ hub, language }: Who) {
  const rows = await allPolls(hub.store.read);
  return { channels: rows.map((row) => toldPoll(row, hub, language)) };
}

/**
 * The accounts of this process that call their platforms: whether the circuit breaker lets requests through (`closed`),
 * leaves the platform alone (`open`) or tries one (`trying`), until when the platform wants none, and the last fault.
 */
export function askCalls({ hub, language }: Who) {
  return {
    calls: hub.calls.all().map(({ account, platform, channel }) => ({
      account,
      platform,
      ...toldCalls(channel.state(), language),
    })),
  };
}

function toldCalls({ circuit, heldUntil, fault }: CallState, language: Language) {
  return {
    circuit,
    heldUntil: isoTime(heldUntil),
    fault: fault && { kind: fault.kind, ...toldRemark(fault, language)! },
  };
}

/** How the reading of one account stands. @throws HubError polling.unknown */
export async function askChannelState(account: string, { hub, language }: Who) {
  return toldPoll(await known(account, hub), hub, language);
}

/** Sheets of one account's readings, newest first: `limit`, `before` (an id). @throws HubError polling.unknown */
export async function askChannelRuns(account: string, asked: Asked, { hub, language }: Who) {
  await known(account, hub);
  const limit = limitOf(asked);
  const rows = await pollRuns(hub.store.read, account, { before: idOf(asked, 'before'), limit });
  return {
    runs: rows.map((row) => ({ id: row.id, ...toldRun(runSheet(row), language) })),
    next: rows.length === limit ? String(rows.at(-1)!.id) : null,
  };
}

/** Counts of one account, newest first: `kind` (recent, day), `day`, `limit`, `before`. @throws HubError polling.unknown */
export async function askCensus(account: string, asked: Asked, { hub, language }: Who) {
  await known(account, hub);
  const limit = limitOf(asked);
  const rows = await censuses(hub.store.read, account, {
    kind: choiceOf(asked, 'kind', ['recent', 'day']),
    day: textOf(asked, 'day'),
    before: idOf(asked, 'before'),
    limit,
  });
  const shop = hub.channels.find(account)?.options.account ?? { channel: account, shop: '–' };
  return {
    censuses: rows.map((row) => ({ id: row.id, ...toldCensus(censusSheet(row), shop, language) })),
    next: rows.length === limit ? String(rows.at(-1)!.id) : null,
  };
}

async function known(account: string, hub: Hub): Promise<Row<'channel_polls'>> {
  const row = await pollOf(hub.store.read, account);
  if (!row) throw new HubError('polling.unknown', { account });
  return row;
}

function toldPoll(row: Row<'channel_polls'>, hub: Hub, language: Language) {
  const running = hub.channels.find(row.account);
  const state = running?.poller.state();
  const messages = running?.messages?.state() ?? null;
  const calls = hub.calls.state(row.account);
  const trouble = state ? state.trouble : troubleFrom(row.fault);
  const { progress } = state ?? { progress: null };
  return {
    account: row.account,
    /** Null where no node of this process reads it. */
    phase: state?.phase ?? null,
    watermark: isoTime(row.watermark),
    behindSeconds: Math.max(0, Math.round((hub.store.now() - row.watermark) / 1_000)),
    coveredFrom: isoTime(row.covered_from),
    backfill:
      row.backfill_next === null
        ? null
        : {
            from: isoTime(row.backfill_from),
            next: isoTime(row.backfill_next),
            until: isoTime(row.backfill_until),
          },
    progress: progress && {
      kind: progress.kind,
      leftSeconds: Math.round(progress.leftMs / 1_000),
      windows: progress.windows,
      orders: progress.orders,
      endsAt: isoTime(progress.endsAt),
    },
    trouble: trouble && {
      kind: trouble.kind,
      since: isoTime(trouble.since),
      failures: trouble.failures,
      ...toldRemark(trouble, language)!,
    },
    note: toldRemark(state?.note ?? null, language),
    nextAt: isoTime(state ? state.nextAt : row.next_at),
    clockAheadMs: state?.clockAheadMs ?? null,
    /** Null where this process has not called the platform yet. */
    calls: calls ? toldCalls(calls, language) : null,
    countedDay: row.census_day,
    messages: messages && {
      phase: messages.phase,
      taken: messages.taken,
      lastAt: isoTime(messages.lastAt),
      retryAt: isoTime(messages.retryAt),
      trouble: toldRemark(messages.trouble, language),
    },
  };
}

/** A sheet of a reading for people and flows: times as ISO text, codes with their sentences. */
export function toldRun(sheet: RunSheet, language?: Language) {
  const { account, kind, windowFrom, windowUntil, startedAt, tookMs, watermark, behindMs, nextAt } = sheet;
  const { pages, records, fresh, changed, stale, repeated, bad, throttled } = sheet;
  return {
    account,
    kind,
    window: { from: isoTime(windowFrom), until: isoTime(windowUntil) },
    startedAt: isoTime(startedAt),
    tookMs,
    pages,
    read: records,
    new: fresh,
    changed,
    stale,
    repeated,
    bad,
    throttled,
    watermark: isoTime(watermark),
    behindSeconds: Math.round(behindMs / 1_000),
    nextAt: isoTime(nextAt),
    fault: toldRemark(sheet.fault, language),
    note: toldRemark(sheet.note, language),
  };
}

/** A count for people and flows, in a sentence, too. */
export function toldCensus(sheet: CensusSheet, shop: { channel: string; shop: string }, language?: Language) {
  const { account, kind, day, zone, tookMs, listed, total, had, fetched, gone, missing, saved } = sheet;
  return {
    account,
    kind,
    day,
    zone,
    window: { from: isoTime(sheet.windowFrom), until: isoTime(sheet.windowUntil) },
    at: isoTime(sheet.at),
    tookMs,
    complete: isComplete(sheet),
    sentence: censusSentence(sheet, shop, language),
    listed,
    total,
    had,
    fetched,
    gone,
    missing,
    saved,
    gaps: sheet.gaps.map(({ modifiedAt, code, params, ...gap }) => ({
      ...gap,
      modifiedAt: isoTime(modifiedAt),
      reason: code === undefined ? null : toldRemark({ code, params: params ?? {} }, language),
    })),
    unsaved: sheet.unsaved.map(({ channelOrderId, why, reason }) => ({
      channelOrderId,
      why,
      reason: reason ? toldRemark(reason, language) : null,
    })),
    fault: toldRemark(sheet.fault, language),
  };
}

function toldRemark(remark: Remark | null, language?: Language) {
  if (remark === null) return null;
  const { code, params } = remark;
  return { code, params, sentence: sentence(code, params, language) };
}
