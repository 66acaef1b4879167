import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { compileMapping } from '../../../../core/order/mapping/compile.ts';
import { presets } from '../../../../core/order/mapping/presets/presets.ts';
import type { Mapping } from '../../../../core/order/mapping/types.ts';
import type { Order } from '../../../../core/order/schema.ts';

const compiled = new Map<string, ReturnType<typeof compileMapping>>();

/** A platform's preset; of a shop of one's own, the rules of its example. */
function mappingOf(platform: string): Mapping {
  const preset = presets.find((one) => one.platform === platform);
  if (preset) return preset;
  const file = new URL(`../../../../examples/${platform}-shop.json`, import.meta.url);
  const nodes = JSON.parse(readFileSync(file, 'utf8')) as { type: string; mapping?: Mapping }[];
  const mapping = nodes.find(({ type }) => type === 'order-map')?.mapping;
  assert.ok(mapping, `${platform} has neither a preset nor an example that maps`);
  return mapping;
}

/** A platform's record as the hub has it. */
export async function canonicalOrder(platform: string, record: unknown): Promise<Order> {
  const mapping = compiled.get(platform) ?? compileMapping(mappingOf(platform));
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
