import { workAnew } from '../../store/queries/shares.ts';
import type { Row } from '../../store/schema.ts';
import type { CommandHandler, Tx } from '../../store/store.ts';
import { type KeptRefusal, refusalFrom, refuse, type Told } from '../refusals.ts';
import { itemsAppeared } from '../unknown-skus.ts';
import { type BundleState, refusedBundle } from './decide-bundle.ts';
import type { BundleAnswer, ReadyBundle } from './definitions.ts';
import { loadBundles } from './load-bundles.ts';

/** Definitions are rare: one is decided and written after the other. */
export const bundleHandler: CommandHandler<ReadyBundle, BundleAnswer> = {
  name: 'stock.bundles',
  async run(tx, commands) {
    // Two at once could make two bundles part of each other, and neither would see it: whoever defines waits here.
    await tx.find('hub_migrations', [{ number: 2 }]);
    const answers: BundleAnswer[] = [];
    for (const command of commands) answers.push(await perform(tx, command));
    return answers;
  },
};

interface KeptBundle {
  components: BundleAnswer['components'];
  refusals: KeptRefusal[];
}

async function perform(tx: Tx, command: ReadyBundle): Promise<BundleAnswer> {
  const [earlier] = await tx.find('stock_operations', [{ op_key: command.opKey }]);
  if (earlier) return again(command, earlier);
  const told = refusedBundle(await loadState(tx, command), command);
  const components = told.length > 0 ? [] : command.components.map((line) => ({ ...line }));
  if (told.length === 0) await write(tx, command);
  const { bundle, kind, opKey, actor, content } = command;
  const refusals = told.map(({ json }) => JSON.parse(json) as KeptRefusal);
  const kept: KeptBundle = { components, refusals };
  await tx.insert('stock_operations', [
    {
      op_key: opKey,
      kind,
      actor,
      reason: null,
      order_key: null,
      at: tx.now,
      content,
      answer: JSON.stringify(kept),
      same_as: null,
    },
  ]);
  return answerOf(bundle, components, told);
}

function answerOf(
  bundle: string,
  components: BundleAnswer['components'],
  told: readonly Told[],
): BundleAnswer {
  const refusals = told.map(({ refusal }) => refusal);
  return { state: told.length > 0 ? 'refused' : 'done', bundle, components, refusals, replayed: false };
}

function again(command: ReadyBundle, earlier: Row<'stock_operations'>): BundleAnswer {
  const { bundle, opKey } = command;
  if (earlier.kind !== command.kind || earlier.content !== command.content || earlier.answer === null)
    return answerOf(bundle, [], [refuse('stock.op-key-reused', { opKey, kind: earlier.kind })]);
  const { components, refusals } = JSON.parse(earlier.answer) as KeptBundle;
  const state = refusals.length > 0 ? 'refused' : 'done';
  return { state, bundle, components, refusals: refusals.map(refusalFrom), replayed: true };
}

async function loadState(tx: Tx, { bundle, components }: ReadyBundle): Promise<BundleState> {
  const above = await loadAbove(tx, bundle);
  const names = new Set([bundle, ...above, ...components.map(({ sku }) => sku)]);
  const rows = await loadBundles(tx, names);
  const items = await tx.find(
    'stock_items',
    [...names].sort().map((sku) => ({ sku })),
  );
  const own = items.filter((item) => item.sku === bundle);
  const pools = new Map(own.map((item) => [item.balance_id, item.pool]));
  const balances = await tx.find(
    'stock_balances',
    [...pools.keys()].sort((a, b) => a - b).map((id) => ({ id })),
  );
  const stocked = balances
    .map((row) => ({
      pool: pools.get(row.id)!,
      units: row.available + row.held + row.committed + row.presale + row.qc + row.damaged + row.inbound,
    }))
    .filter(({ units }) => units > 0);
  return { rows, stocked, known: new Set(items.map((item) => item.sku)) };
}

/** The bundles that a SKU is part of, every level. */
async function loadAbove(tx: Tx, sku: string): Promise<Set<string>> {
  const above = new Set<string>();
  let level = [sku];
  while (level.length > 0) {
    const rows = await tx.find(
      'bundle_components',
      level.sort().map((name) => ({ sku: name })),
    );
    level = [...new Set(rows.map((row) => row.bundle))].filter((name) => !above.has(name));
    for (const name of level) above.add(name);
  }
  return above;
}

async function write(tx: Tx, { kind, bundle, components, actor }: ReadyBundle): Promise<void> {
  await tx.db.deleteFrom('bundle_components').where('bundle', '=', bundle).execute();
  if (components.length > 0) {
    await tx.put(
      'bundle_components',
      components.map(({ sku, quantity }) => ({ bundle, sku, quantity, actor, updated_at: tx.now })),
    );
  }
  await tx.insert('acts', [
    {
      actor,
      act: `stock.${kind}`,
      object: `sku:${bundle}`,
      detail: JSON.stringify({ components }),
      at: tx.now,
    },
  ]);
  itemsAppeared(tx);
  // No movement tells who publishes numbers that a bundle, and what is made of it, is worth another number now.
  await workAnew(tx.db, tx.now);
}
