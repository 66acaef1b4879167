import type { DeliveryError } from '../../../delivery/failure.ts';
import { type Language, type MessageParams, sentence } from '../../../message.ts';
import type { NewRow, Row } from '../../../store/schema.ts';
import type { PolledAccount } from '../account.ts';
import { type Remark, remarkFrom } from '../poll-state.ts';
import '../messages.ts';

/** An order that the channel listed and that was not here as it listed it. */
export interface Gap {
  channelOrderId: string;
  /** When the channel says that it changed, epoch milliseconds. */
  modifiedAt: number | null;
  /** `absent`: never received; `outdated`: an older state is here. */
  was: 'absent' | 'outdated';
  /** `fetched` at once; `gone`: the channel does not know it any more; `missing` still, for the reason in `code`. */
  became: 'fetched' | 'gone' | 'missing';
  code?: string;
  params?: MessageParams;
}

/** An order that is here and that no flow has saved. */
export interface Unsaved {
  channelOrderId: string;
  /** `waiting` for the flow, `dead` with the reason, or `handled` by a flow that saved nothing. */
  why: 'waiting' | 'dead' | 'handled';
  reason?: DeliveryError;
}

/** A count of the channel's orders against ours. Times are epoch milliseconds. */
export interface CensusSheet {
  account: string;
  kind: 'recent' | 'day';
  day: string | null;
  zone: string;
  windowFrom: number;
  windowUntil: number;
  at: number;
  tookMs: number;
  /** Orders the channel listed, each once. */
  listed: number;
  /** How many it says there are; null when it does not say. */
  total: number | null;
  /** Of those listed, the ones that were here as listed, before anything was fetched. */
  had: number;
  fetched: number;
  gone: number;
  missing: number;
  /** Of those listed, the ones that a flow has saved as orders; null where none of the shop ever was. */
  saved: number | null;
  /** The first few hundred. */
  gaps: Gap[];
  /** The first few. */
  unsaved: Unsaved[];
  fault: Remark | null;
}

/** Whether every order that the channel listed is here. */
export function isComplete({ missing, fault }: CensusSheet): boolean {
  return missing === 0 && fault === null;
}

/** The sheet in a sentence: "3,412 of 3,412", or what is missing and why. */
export function censusSentence(
  sheet: CensusSheet,
  { channel, shop }: Pick<PolledAccount, 'channel' | 'shop'>,
  language?: Language,
): string {
  const told = (count: number): string => count.toLocaleString('en-US');
  const here = sheet.had + sheet.fetched;
  const params = {
    channel,
    shop,
    listed: told(sheet.listed - sheet.gone),
    had: told(here),
    fetched: told(sheet.fetched),
    missing: told(sheet.missing),
  };
  if (sheet.fault) {
    const reason = sentence(sheet.fault.code, sheet.fault.params, language);
    return sentence('polling.census-broken-off', { ...params, reason }, language);
  }
  if (sheet.missing > 0) {
    const first = sheet.gaps.find(({ became }) => became === 'missing');
    const why = first?.code ? `: ${sentence(first.code, first.params, language)}` : '';
    return sentence(
      'polling.census-gaps',
      { ...params, first: `${first?.channelOrderId ?? '–'}${why}` },
      language,
    );
  }
  return sentence(sheet.fetched > 0 ? 'polling.census-filled' : 'polling.census-complete', params, language);
}

export function censusRow(sheet: CensusSheet): NewRow<'channel_censuses'> {
  return {
    account: sheet.account,
    kind: sheet.kind,
    day: sheet.day,
    zone: sheet.zone,
    window_from: sheet.windowFrom,
    window_until: sheet.windowUntil,
    at: sheet.at,
    took_ms: sheet.tookMs,
    listed: sheet.listed,
    total: sheet.total,
    had: sheet.had,
    fetched: sheet.fetched,
    gone: sheet.gone,
    missing: sheet.missing,
    saved: sheet.saved,
    gaps: JSON.stringify(sheet.gaps),
    unsaved: JSON.stringify(sheet.unsaved),
    fault: sheet.fault === null ? null : JSON.stringify(sheet.fault),
  };
}

export function censusSheet(row: Row<'channel_censuses'>): CensusSheet & { id: number } {
  return {
    id: row.id,
    account: row.account,
    kind: row.kind === 'day' ? 'day' : 'recent',
    day: row.day,
    zone: row.zone,
    windowFrom: row.window_from,
    windowUntil: row.window_until,
    at: row.at,
    tookMs: row.took_ms,
    listed: row.listed,
    total: row.total,
    had: row.had,
    fetched: row.fetched,
    gone: row.gone,
    missing: row.missing,
    saved: row.saved,
    gaps: JSON.parse(row.gaps) as Gap[],
    unsaved: JSON.parse(row.unsaved) as Unsaved[],
    fault: remarkFrom(row.fault),
  };
}
