import type { SimulatedShop } from '../simulator.ts';

/** What a list says of an order. */
export interface Seen {
  id: string;
  /** Epoch milliseconds. */
  modifiedAt: number;
}

/**
 * Reads all orders modified in a time, written by hand from the platform's documentation and with nothing of the hub:
 * what the simulator answers is judged by it. Throws at any refusal.
 */
export type ReadAll = (shop: SimulatedShop, window: { from: number; until: number }) => Promise<Seen[]>;

/** Asks, and reads the answer as JSON. @throws Error for any status but 2xx, and for what is no JSON */
export async function ask(url: string, init: RequestInit = {}): Promise<{ data: unknown; headers: Headers }> {
  const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status} ${text}`);
  return { data: JSON.parse(text), headers: answer.headers };
}

/** What stands at a path of objects in an answer, such as `data.orders.nodes`. */
export function at<Found>(data: unknown, path: string): Found {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], data) as Found;
}
