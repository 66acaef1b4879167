import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import type { HubProcess } from './hub-process.ts';

interface ShownShop {
  platform: string;
  shipments: number;
  listings: { sku: string; available: number }[];
}

/** What the hub's pool has of one SKU to sell, and what each channel shows of it. */
export interface Numbers {
  pool: number;
  shown: Record<string, number | undefined>;
}

/** The simulated shops as their buyers see them. */
export async function shopsOf(hub: HubProcess): Promise<ShownShop[]> {
  const { shops } = (await (await fetch(hub.shops)).json()) as { shops: ShownShop[] };
  return shops;
}

export async function numbersShown(hub: HubProcess, tillToken: string, sku: string): Promise<Numbers> {
  const pool = (await (await fetch(`${hub.url}order-hub/v1/stock?sku=${sku}`)).json()) as {
    stock: { available: number }[];
  };
  const till = await fetch(`${hub.url}demo/till/stock/${sku}`, {
    headers: { authorization: `Bearer ${tillToken}` },
  });
  assert.equal(till.status, 200, 'the till tells what it shows');
  const { quantity } = (await till.json()) as { quantity: number | null };
  const shops = (await shopsOf(hub)).map(
    ({ platform, listings }) => [platform, listings.find((one) => one.sku === sku)?.available] as const,
  );
  return {
    pool: pool.stock[0]?.available ?? -1,
    shown: { ...Object.fromEntries(shops), till: quantity ?? undefined },
  };
}

/** Whether all four channels show what the pool has. */
export function isSameEverywhere({ pool, shown }: Numbers): boolean {
  const numbers = Object.values(shown);
  return numbers.length === 4 && numbers.every((number) => number === pool);
}

/** A receipt of the till, signed as it signs them (Standard Webhooks). */
export async function sellAtTheTill(
  hub: HubProcess,
  secret: string,
  { sku, quantity }: { sku: string; quantity: number },
): Promise<void> {
  const now = new Date();
  const data = {
    id: 'R-of-the-test',
    scenario: 'pos',
    status: 'open',
    currency: 'CNY',
    created_at: now.toISOString(),
    updated_at: now.toISOString(),
    total: '1.00',
    lines: [{ id: '1', sku, variant_id: sku, title: sku, quantity, unit_price: '1.00', paid: '1.00' }],
  };
  const body = JSON.stringify({ type: 'receipt.updated', timestamp: now.toISOString(), data });
  const seconds = String(Math.floor(now.getTime() / 1_000));
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signature = createHmac('sha256', key).update(`msg-1.${seconds}.${body}`).digest('base64');
  const response = await fetch(`${hub.url}order-hub/hook/till-demo`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': 'msg-1',
      'webhook-timestamp': seconds,
      'webhook-signature': `v1,${signature}`,
    },
    body,
  });
  assert.equal(response.status, 200, await response.text());
}
