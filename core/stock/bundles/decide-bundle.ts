import type { MessageParams } from '../../message.ts';
import { refuse, type Told } from '../refusals.ts';
import { BundleBook, mostLevels } from './bundle-book.ts';
import { mostComponents, mostInBundle } from './check-bundle.ts';
import type { ReadyBundle } from './definitions.ts';
import './messages.ts';

interface ComponentRow {
  bundle: string;
  sku: string;
  quantity: number;
}

/** What is read to decide whether a bundle may be what it is said to be. */
export interface BundleState {
  /** The bundle as it is, what it is made of and what it is part of, every level either way. */
  rows: readonly ComponentRow[];
  /** Pools in which the SKU of the bundle itself has units. */
  stocked: readonly { pool: string; units: number }[];
  /** Components that some pool knows. */
  known: ReadonlySet<string>;
}

/** Why a bundle may not be defined or removed; nothing when it may. */
export function refusedBundle(state: BundleState, command: ReadyBundle): Told[] {
  return command.kind === 'bundle' ? refusedDefinition(state, command) : refusedRemoval(state, command);
}

function refusedDefinition({ rows, stocked, known }: BundleState, command: ReadyBundle): Told[] {
  const { bundle, components } = command;
  const told: Told[] = [];
  const say = (code: string, params: MessageParams): void => {
    told.push(refuse(code, { sku: bundle, ...params }));
  };
  for (const { pool, units } of stocked) say('stock.bundle-has-stock', { pool, units });
  const others = rows.filter((row) => row.bundle !== bundle);
  const book = new BundleBook(others);
  for (const { sku } of components) {
    if (sku === bundle || contains(book, sku, bundle)) say('stock.bundle-itself', { component: sku });
    else if (!known.has(sku) && !book.has(sku)) say('stock.bundle-unknown-component', { component: sku });
  }
  if (told.length > 0) return told;
  const changed = new BundleBook([
    ...others,
    ...components.map(({ sku, quantity }) => ({ bundle, sku, quantity })),
  ]);
  for (const name of [bundle, ...partOf(others, bundle)]) {
    const levels = changed.levels(name);
    const parts = changed.explode(name);
    const units = Math.max(...parts.map(({ perUnit }) => perUnit));
    if (levels > mostLevels)
      told.push(refuse('stock.bundle-too-deep', { sku: name, levels, most: mostLevels }));
    if (parts.length > mostComponents || units > mostInBundle) {
      const params = { skus: parts.length, units, mostSkus: mostComponents, mostUnits: mostInBundle };
      told.push(refuse('stock.bundle-too-large', { sku: name, ...params }));
    }
  }
  return told;
}

function refusedRemoval({ rows }: BundleState, { bundle }: ReadyBundle): Told[] {
  if (!rows.some((row) => row.bundle === bundle)) return [refuse('stock.bundle-unknown', { sku: bundle })];
  const users = [...new Set(rows.filter((row) => row.sku === bundle).map((row) => row.bundle))].sort();
  return users.length > 0
    ? [refuse('stock.bundle-in-use', { sku: bundle, bundles: users.slice(0, 10).join(', ') })]
    : [];
}

function contains(book: BundleBook, sku: string, wanted: string): boolean {
  return book.components(sku).some((part) => part.sku === wanted || contains(book, part.sku, wanted));
}

/** Bundles that a SKU is part of, directly or by way of others. */
function partOf(rows: readonly ComponentRow[], sku: string): Set<string> {
  const found = new Set<string>();
  const look = (name: string): void => {
    for (const row of rows) {
      if (row.sku !== name || found.has(row.bundle)) continue;
      found.add(row.bundle);
      look(row.bundle);
    }
  };
  look(sku);
  return found;
}
