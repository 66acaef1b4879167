import { readFileSync } from 'node:fs';
import type { CallRequest } from '../../../core/channel/connection/http-call.ts';
import type { OrderPage, OrderSource, TimeWindow } from '../../../core/channel/connection/order-source.ts';
import { idle } from './answering-channel.ts';
import { input, vector } from './requests.ts';

/** The text of a sample, such as `taobao/trade_fullinfo_get.paid_two_lines`: ids of more digits than a number has. */
export function sampleText(name: string): string {
  return readFileSync(new URL(`../../samples/${name}.json`, import.meta.url), 'utf8');
}

/** The fields of the form that a request sends. */
export function formOf(request: CallRequest): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(request.body));
}

/** Secret and parameters of a signature's vector. */
export function signed(id: string): { secret: string; parameters: Record<string, string>; expected: string } {
  const known = vector(id);
  return {
    secret: input(known, 'secret'),
    parameters: known.inputs.params as Record<string, string>,
    expected: known.expected,
  };
}

export async function pagesOf(orders: OrderSource, window: TimeWindow): Promise<OrderPage[]> {
  const pages: OrderPage[] = [];
  for await (const page of orders.changed(window, idle)) pages.push(page);
  return pages;
}
