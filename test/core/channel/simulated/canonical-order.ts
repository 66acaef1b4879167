import assert from 'node:assert/strict';
import { compileMapping } from '../../../../core/order/mapping/compile.ts';
import { presets } from '../../../../core/order/mapping/presets/presets.ts';
import type { Order } from '../../../../core/order/schema.ts';

const compiled = new Map<string, ReturnType<typeof compileMapping>>();

/** A platform's record as the hub has it, by the platform's preset. */
export async function canonicalOrder(platform: string, record: unknown): Promise<Order> {
  const preset = presets.find((one) => one.platform === platform);
  assert.ok(preset, `${platform} has no preset`);
  const mapping = compiled.get(platform) ?? compileMapping(preset);
  compiled.set(platform, mapping);
  const account = {
    account: 'simulated',
    platform,
    channel: platform,
    shop: 'main',
    currency: 'CNY',
    zone: 'Asia/Shanghai',
  };
  const mapped = await mapping.map(record, { account });
  assert.ok(mapped.ok, JSON.stringify(mapped));
  return mapped.order;
}
