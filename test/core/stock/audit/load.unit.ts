import { strict as assert } from 'node:assert';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { onEachStore } from '../../store/each-store.ts';
import { type AuditFixture, openAudit } from './audit-fixture.ts';

const actor = 'test';
const skus = ['TEA', 'MUG', 'POT', 'CUP'];
/** What orders want: the SKUs, and a bundle of some of them. */
const sold = [...skus, 'SET'];
const warehouses = {
  pools: [{ pool: 'north' }, { pool: 'main' }],
  choose: 'fixed-order',
  split: true,
} as const;

interface Step {
  act: 'order' | 'lock' | 'release' | 'deduct' | 'receive' | 'cancel' | 'expire';
  order: number;
  sku: number;
  quantity: number;
}

const step = fc.record<Step>({
  act: fc.constantFrom('order', 'lock', 'lock', 'lock', 'release', 'deduct', 'receive', 'cancel', 'expire'),
  order: fc.integer({ min: 0, max: 40 }),
  sku: fc.integer({ min: 0, max: sold.length - 1 }),
  quantity: fc.integer({ min: 1, max: 5 }),
});

/** Does one random thing; whether the stock refuses it does not matter. */
async function perform(hub: AuditFixture, { act, order, sku, quantity }: Step, index: number): Promise<void> {
  const orderKey = `web/main/${order}`;
  const opKey = `${index}`;
  const line = { lineId: '1', sku: sold[sku]!, quantity };
  if (act === 'order') await hub.order(String(order), [[line.sku, quantity]], { status: 'created' });
  if (act === 'cancel') {
    const modified = { at: new Date(hub.clock.now + index).toISOString(), text: '' };
    const times = { created: { at: '2026-01-01T00:00:00.000Z', text: '' }, modified };
    await hub.order(String(order), [[line.sku, quantity]], { status: 'cancelled', times });
    await hub.stock.release({ opKey, actor, orderKey });
  }
  if (act === 'lock') {
    // Every third lock takes from several warehouses.
    const from = order % 3 === 0 ? { pool: 'web', warehouses } : {};
    await hub.stock.lock({ opKey, actor, orderKey, lines: [line], ttlMs: quantity * 100, ...from });
  }
  if (act === 'release') await hub.stock.release({ opKey, actor, orderKey });
  if (act === 'deduct')
    await hub.stock.deduct({ opKey, actor, orderKey, lines: [{ lineId: '1', quantity: 1 }] });
  if (act === 'receive') await hub.stock.receive({ opKey, actor, lines: [line] });
  if (act === 'expire') {
    hub.clock.now += 150;
    await hub.stock.sweep(quantity);
  }
}

onEachStore('the stock audit of a hub at work', (makePlace) => {
  it('finds nothing wrong, whatever goes on between its pages', async () => {
    let between = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 50, maxLength: 250 }), async (steps) => {
        const hub = await openAudit(makePlace);
        try {
          for (const sku of skus) {
            await hub.stock.receive({ opKey: `in ${sku}`, actor, lines: [{ sku, quantity: 30 }] });
          }
          const north = skus.map((sku) => ({ sku, quantity: 4 }));
          await hub.stock.receive({ opKey: 'north', actor, pool: 'north', lines: north });
          await hub.stock.defineBundle({
            bundle: 'SET',
            components: [
              { sku: 'TEA', quantity: 1 },
              { sku: 'CUP', quantity: 2 },
            ],
            opKey: 'set',
            actor,
          });
          for (let order = 0; order <= 40; order += 1) {
            await hub.order(String(order), [[skus[order % skus.length]!, 3]], { status: 'created' });
          }
          let working = true;
          const work = (async () => {
            for (let at = 0; at < steps.length; at += 8) {
              const batch = steps.slice(at, at + 8);
              await Promise.all(batch.map((one, index) => perform(hub, one, at + index)));
              await setImmediate();
            }
            working = false;
          })();
          do {
            assert.deepEqual(await hub.found(), []);
            if (working) between += 1;
          } while (working);
          await work;
          assert.deepEqual(await hub.found(), []);
          const kinds = await hub.store.read
            .selectFrom('stock_operations')
            .select('kind')
            .distinct()
            .execute();
          assert.ok(kinds.length > 2, 'something went on');
        } finally {
          await hub.close();
        }
      }),
      { numRuns: 12 },
    );
    assert.ok(between > 0, 'rounds ended while work went on');
  });
});
