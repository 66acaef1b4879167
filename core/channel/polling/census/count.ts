import { errorFrom } from '../../../delivery/delivery.ts';
import { HubError, reasonOf } from '../../../errors.ts';
import { orderKey } from '../../../order/key.ts';
import {
  channelOrders,
  newestDeliveries,
  savedModified,
  savesOrders,
} from '../../../store/queries/channel-polls.ts';
import type { Store } from '../../../store/store.ts';
import { ChannelFault } from '../../connection/fault.ts';
import type { OrderSource, OrderStamp, TimeWindow } from '../../connection/order-source.ts';
import type { PolledAccount } from '../account.ts';
import { takeRecords } from '../take.ts';
import { windowsOf } from '../windows.ts';
import type { CensusSheet, Gap, Unsaved } from './sheet.ts';

export interface Count {
  store: Store;
  account: PolledAccount;
  subscriber: string;
  source: OrderSource;
  kind: CensusSheet['kind'];
  day: string | null;
  window: TimeWindow;
  signal: AbortSignal;
  /** Orders that could not be fetched at the count before: they come last, and keep no other from being fetched. */
  failedBefore?: ReadonlySet<string>;
  /** Asked before each page and each fetch. Throws to break off. */
  goOn(): void;
}

/** Gaps and orders not saved that a sheet names; the rest is in its numbers. */
const mostNamed = { gaps: 300, unsaved: 50 };
/** Ids looked up at once. */
const page = 500;
/** So many orders in a row that cannot be fetched are the channel's trouble, and no longer theirs. */
const mostFailures = 10;

/**
 * Counts a window: what the channel lists against what is here, each gap fetched at once. An order that cannot be
 * fetched stands in the sheet with the reason, and the next one is fetched. What breaks the count off is in the sheet,
 * with what was counted until then.
 */
export async function countOrders(count: Count): Promise<CensusSheet> {
  const { store, account, kind, day, window } = count;
  const sheet: CensusSheet = {
    account: account.path,
    kind,
    day,
    zone: account.zone,
    windowFrom: window.from,
    windowUntil: window.until,
    at: store.now(),
    tookMs: 0,
    listed: 0,
    total: null,
    had: 0,
    fetched: 0,
    gone: 0,
    missing: 0,
    saved: null,
    gaps: [],
    unsaved: [],
    fault: null,
  };
  const gaps: Gap[] = [];
  try {
    const listed = await stampsIn(count, sheet);
    sheet.listed = listed.length;
    if (await savesOrders(store.read, account.channel, account.shop)) sheet.saved = 0;
    for (let at = 0; at < listed.length; at += page)
      await compare(count, listed.slice(at, at + page), sheet, gaps);
    await fetchGaps(count, gaps);
  } catch (error) {
    if (!HubError.is(error) || count.signal.aborted) throw error;
    sheet.fault = { code: error.code, params: error.params };
  }
  const became = (what: Gap['became']): number => gaps.filter((gap) => gap.became === what).length;
  sheet.fetched = became('fetched');
  sheet.gone = became('gone');
  sheet.missing = became('missing');
  sheet.gaps = [...gaps].sort(missingFirst).slice(0, mostNamed.gaps);
  sheet.tookMs = Math.max(0, store.now() - sheet.at);
  return sheet;
}

function missingFirst(a: Gap, b: Gap): number {
  return Number(b.became === 'missing') - Number(a.became === 'missing');
}

/** The channel's orders of the window, each once, with the newest time it was listed with. */
async function stampsIn({ source, window, signal, goOn }: Count, sheet: CensusSheet): Promise<OrderStamp[]> {
  const found = new Map<string, OrderStamp>();
  for (const part of windowsOf(window, source.window)) {
    let total: number | null = null;
    for await (const listed of source.stamps(part, signal)) {
      goOn();
      total = listed.total ?? total;
      for (const stamp of listed.stamps) {
        const { channelOrderId: id, modifiedAt: at } = stamp;
        // Rounding to the platform's unit may have let neighbours in, which another count answers for.
        if (at !== null && (at < window.from || at >= window.until)) continue;
        const before = found.get(id)?.modifiedAt;
        if (before === undefined || (at ?? 0) > (before ?? 0)) found.set(id, stamp);
      }
    }
    if (total !== null) sheet.total = (sheet.total ?? 0) + total;
  }
  return [...found.values()];
}

async function compare(
  { store, account, source }: Count,
  stamps: readonly OrderStamp[],
  sheet: CensusSheet,
  gaps: Gap[],
): Promise<void> {
  const ids = stamps.map(({ channelOrderId }) => channelOrderId);
  const keys = new Map(ids.map((id) => [id, orderKey(account.channel, account.shop, id)]));
  const [received, saved] = await Promise.all([
    channelOrders(store.read, account.path, ids),
    savedModified(store.read, [...keys.values()]),
  ]);
  const unsaved: string[] = [];
  for (const { channelOrderId: id, modifiedAt } of stamps) {
    const row = received.get(id);
    const savedAt = saved.get(keys.get(id)!);
    if (savedAt !== undefined) sheet.saved = (sheet.saved ?? 0) + 1;
    else if (row) unsaved.push(id);
    const isHere = row !== undefined || savedAt !== undefined;
    const newest = Math.max(row?.modified_at ?? 0, savedAt ?? 0);
    // One that came without a time is taken as it is: there is nothing to compare.
    const isTimeless = row !== undefined && row.modified_at === null;
    if (isHere && (modifiedAt === null || isTimeless || modifiedAt < newest + source.window.stepMs)) {
      sheet.had += 1;
      continue;
    }
    gaps.push({ channelOrderId: id, modifiedAt, was: isHere ? 'outdated' : 'absent', became: 'missing' });
  }
  const room = mostNamed.unsaved - sheet.unsaved.length;
  if (sheet.saved === null || room <= 0) return;
  const few = unsaved.slice(0, room);
  const deliveries = await newestDeliveries(
    store.read,
    few.map((id) => received.get(id)!.inbox_id),
  );
  for (const id of few) sheet.unsaved.push(unsavedOf(id, deliveries.get(received.get(id)!.inbox_id)));
}

function unsavedOf(
  channelOrderId: string,
  delivery: { state: string; last_error: string | null } | undefined,
): Unsaved {
  const reason = errorFrom(delivery?.last_error ?? null);
  const why =
    delivery?.state === 'dead' ? 'dead' : !delivery || delivery.state === 'done' ? 'handled' : 'waiting';
  return { channelOrderId, why, ...(reason && why !== 'handled' && { reason }) };
}

async function fetchGaps(count: Count, gaps: readonly Gap[]): Promise<void> {
  const { failedBefore } = count;
  const isLate = ({ channelOrderId }: Gap): boolean => failedBefore?.has(channelOrderId) ?? false;
  let failures = 0;
  for (const gap of [...gaps].sort((a, b) => Number(isLate(a)) - Number(isLate(b)))) {
    count.goOn();
    const fault = await fetchGap(count, gap);
    failures = fault ? failures + 1 : 0;
    if (fault && failures >= mostFailures) throw fault;
  }
}

/** Whether an error says that no order of the channel can be fetched now. */
function isOfWhole(error: HubError): boolean {
  if (!ChannelFault.is(error)) return error.code.startsWith('store.');
  return (
    error.kind === 'credentials' ||
    error.kind === 'clock' ||
    error.kind === 'throttled' ||
    error.code === 'channel.circuit-open'
  );
}

/**
 * Answers what keeps this one order from being fetched, which stands in the gap, too.
 *
 * @throws HubError of the channel as a whole, or of the store
 */
async function fetchGap(
  { store, account, subscriber, source, signal }: Count,
  gap: Gap,
): Promise<HubError | undefined> {
  const askedAt = store.now();
  try {
    const record = await source.order(gap.channelOrderId, signal);
    if (!record) {
      gap.became = 'gone';
      return undefined;
    }
    await takeRecords(store, { account, subscriber, records: [record], askedAt, byId: true });
    gap.became = 'fetched';
    return undefined;
  } catch (error) {
    if (signal.aborted) throw error;
    const fault = HubError.is(error)
      ? error
      : new HubError('polling.order-broken', { reason: reasonOf(error) });
    gap.code = fault.code;
    gap.params = fault.params;
    if (isOfWhole(fault)) throw fault;
    return fault;
  }
}
