import { isRecord } from '../../order/mapping/path.ts';
import { withSecretsHidden } from '../../redacted.ts';
import type { ChannelAccess } from '../connection/connection.ts';
import type { DryRun } from '../connection/dry-run.ts';
import { ChannelFault } from '../connection/fault.ts';
import type { OrderPage, OrderSource } from '../connection/order-source.ts';
import type { CustomChannel } from './config.ts';
import { interfaceOf, type ShownRequest } from './interface.ts';
import { ordersOf } from './orders.ts';

/** Windows that are asked for, the last one first, until one holds an order. */
const mostWindows = 7;

/**
 * Asks for the latest orders until a page holds any, and changes nothing. Faults are part of what it answers.
 */
export async function dryRun(
  rules: CustomChannel,
  access: ChannelAccess,
  signal: AbortSignal,
): Promise<DryRun> {
  const requests: ShownRequest[] = [];
  const secrets = Object.values(access.credentials);
  const asked = (request: ShownRequest): void => {
    requests.push({
      ...request,
      url: withSecretsHidden(request.url, secrets),
      headers: Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, withSecretsHidden(value, secrets)]),
      ),
      body: request.body === null ? null : withSecretsHidden(request.body, secrets),
    });
  };
  try {
    const page = await firstPage(rules, access, asked, signal);
    return { requests, ...seenIn(page), fault: null };
  } catch (error) {
    if (!ChannelFault.is(error)) throw error;
    return { requests, ...seenIn(undefined), fault: error };
  }
}

async function firstPage(
  rules: CustomChannel,
  access: ChannelAccess,
  asked: (request: ShownRequest) => void,
  signal: AbortSignal,
): Promise<OrderPage | undefined> {
  const { orders: list, order: detail, title: platform } = rules;
  if (!list) throw new ChannelFault('caller', 'custom.not-checked', { platform });
  const api = interfaceOf(rules, access, asked);
  try {
    // Of orders that are read one by one, the first is enough to see.
    const stubs = detail && { ...detail, each: false };
    const orders = ordersOf(api, { list, detail: stubs, zone: access.zone, address: access.address! });
    const { lagMs, mostMs, reachMs } = orders.window;
    const now = access.now();
    let until = now - lagMs;
    for (let count = 0; count < mostWindows && until > now - reachMs; count += 1) {
      const span = { from: until - mostMs, until };
      for await (const page of orders.changed(span, signal))
        if (page.records.length + page.bad.length > 0)
          return detail?.each ? await withWholeFirst(orders, page, platform, signal) : page;
      until = span.from;
    }
    return undefined;
  } finally {
    api.close();
  }
}

/** @throws ChannelFault `channel.order-unknown` */
async function withWholeFirst(
  orders: OrderSource,
  page: OrderPage,
  platform: string,
  signal: AbortSignal,
): Promise<OrderPage> {
  const [first, ...others] = page.records;
  if (!first) return page;
  const whole = await orders.order(first.channelOrderId, signal);
  if (!whole)
    throw new ChannelFault('caller', 'channel.order-unknown', { platform, order: first.channelOrderId });
  return { ...page, records: [{ ...whole, modifiedAt: whole.modifiedAt ?? first.modifiedAt }, ...others] };
}

function seenIn(page: OrderPage | undefined): Pick<DryRun, 'found' | 'bad' | 'first'> {
  const [first] = page?.records ?? [];
  if (!page || !first) return { found: page ? 0 : null, bad: page?.bad.length ?? 0, first: null };
  const { channelOrderId, modifiedAt, body } = first;
  const order: unknown = JSON.parse(body);
  return {
    found: page.records.length,
    bad: page.bad.length,
    first: { channelOrderId, modifiedAt, fields: isRecord(order) ? Object.keys(order) : [] },
  };
}
