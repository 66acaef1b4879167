import { createHash } from 'node:crypto';
import { ChannelFault } from '../connection/fault.ts';
import type { ListingOnChannel, StockNumber, StockResult, StockTarget } from '../connection/stock-target.ts';
import { type GraphQl, gidOf, refusedBy, type UserError } from './graphql.ts';
import './messages.ts';

/** Rows of one mutation. It takes 250; with fewer one bad row spoils less. */
const most = 100;
/** Variants whose inventory item is remembered. */
const mostRemembered = 50_000;

/** From this version on every row says what it replaces, and every mutation has a key (shopify.dev, 2026-04). */
const versionWithKeys = '2026-04';

/**
 * Stock of a Shopify shop at one location. A listing is the variant's number; stock hangs on the variant's inventory
 * item, which is looked up once.
 *
 * There is no separate switch for sale: with "continue selling when out of stock" off, 0 ends the sale by itself, and
 * a product made a draft would lose its page, its links and its place in collections.
 */
export function inventoryOf(graphQl: GraphQl, location: string | undefined): StockTarget {
  const remembered = new Map<string, string>();
  let place: Promise<string> | undefined;

  const locationId = (signal: AbortSignal): Promise<string> => {
    place ??= findLocation(graphQl, location, signal).catch((error: unknown) => {
      place = undefined;
      throw error;
    });
    return place;
  };

  return {
    most,
    groupOf: () => '',
    async set(numbers, signal) {
      const at = await locationId(signal);
      const items = await itemsOf(graphQl, remembered, numbers, signal);
      const faults = new Map<string, ChannelFault>();
      for (const { listing } of numbers)
        if (!items.has(listing))
          faults.set(listing, new ChannelFault('caller', 'shopify.variant-unknown', { listing }));
      let rest = numbers.filter(({ listing }) => items.has(listing));
      // A mutation with one wrong row does nothing at all, so it goes again without that row.
      while (rest.length > 0) {
        const refused = await setAll(graphQl, items, at, rest, signal);
        if (refused.size === 0) break;
        for (const [listing, fault] of refused) faults.set(listing, fault);
        rest = rest.filter(({ listing }) => !refused.has(listing));
      }
      return numbers.map(({ listing }): StockResult => {
        const fault = faults.get(listing);
        return fault ? { listing, fault } : { listing };
      });
    },
    async read(listings, signal) {
      const at = await locationId(signal);
      const found = new Map<string, ListingOnChannel>();
      for (let start = 0; start < listings.length; start += most)
        for (const [listing, shown] of await levels(graphQl, listings.slice(start, start + most), at, signal))
          found.set(listing, shown);
      return found;
    },
    sale: null,
  };
}

async function setAll(
  graphQl: GraphQl,
  items: ReadonlyMap<string, string>,
  locationId: string,
  numbers: readonly StockNumber[],
  signal: AbortSignal,
): Promise<Map<string, ChannelFault>> {
  const withKeys = graphQl.version >= versionWithKeys;
  const quantities = numbers.map(({ listing, sellable }) => ({
    inventoryItemId: items.get(listing)!,
    locationId,
    quantity: sellable,
    // Null: whatever stood there before. The hub's number is the truth, not the shop's last one.
    ...(withKeys && { changeFromQuantity: null }),
  }));
  const input = {
    name: 'available',
    reason: 'correction',
    quantities,
    ...(!withKeys && { ignoreCompareQuantity: true }),
  };
  const query = `mutation set($input: InventorySetQuantitiesInput!${withKeys ? ', $key: String!' : ''}) {
    inventorySetQuantities(input: $input) ${withKeys ? '@idempotent(key: $key)' : ''} {
      userErrors { field message code } } }`;
  const name = 'inventorySetQuantities';
  const { inventorySetQuantities: answer } = await graphQl.ask<{
    inventorySetQuantities: { userErrors: UserError[] };
  }>({ name, query, variables: withKeys ? { input, key: keyOf(numbers, locationId) } : { input } }, signal);
  const refused = new Map<string, ChannelFault>();
  for (const error of answer.userErrors) {
    const index = Number(error.field?.[error.field.indexOf('quantities') + 1]);
    const number = error.field?.includes('quantities') ? numbers[index] : undefined;
    // Not about one row: the whole request is wrong.
    if (!number) throw refusedBy(name, error);
    if (!refused.has(number.listing)) refused.set(number.listing, refusedBy(name, error));
  }
  return refused;
}

/** The same for each attempt at the same telling, so that asking again after a lost answer is no second change. */
function keyOf(numbers: readonly StockNumber[], locationId: string): string {
  const rows = numbers.map(({ key, listing, sellable }) => [key, listing, sellable]);
  const text = JSON.stringify([locationId, ...rows]);
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

/** The inventory items of variants, by listing; those that are not known yet are looked up and remembered. */
async function itemsOf(
  graphQl: GraphQl,
  remembered: Map<string, string>,
  numbers: readonly StockNumber[],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  // What a batch needs it holds itself: another one may make room meanwhile.
  const items = new Map<string, string>();
  const missing: string[] = [];
  for (const { listing } of numbers) {
    const item = remembered.get(listing);
    if (item === undefined) missing.push(listing);
    else items.set(listing, item);
  }
  if (missing.length === 0) return items;
  const query = `query variants($ids: [ID!]!) { nodes(ids: $ids) { ... on ProductVariant { id inventoryItem { id } } } }`;
  const ids = missing.map((listing) => gidOf('ProductVariant', listing));
  const { nodes } = await graphQl.ask<{ nodes: ({ id: string; inventoryItem: { id: string } } | null)[] }>(
    { name: 'nodes', query, variables: { ids } },
    signal,
  );
  for (const [index, node] of nodes.entries())
    if (node?.inventoryItem) items.set(missing[index]!, node.inventoryItem.id);
  if (remembered.size + missing.length > mostRemembered) remembered.clear();
  for (const [listing, item] of items) remembered.set(listing, item);
  return items;
}

async function levels(
  graphQl: GraphQl,
  listings: readonly string[],
  locationId: string,
  signal: AbortSignal,
): Promise<[string, ListingOnChannel][]> {
  const query = `query levels($ids: [ID!]!, $location: ID!) { nodes(ids: $ids) { ... on ProductVariant {
    id inventoryItem { inventoryLevel(locationId: $location) { quantities(names: ["available"]) { name quantity } } } } } }`;
  interface Node {
    inventoryItem: { inventoryLevel: { quantities: { quantity: number }[] } | null };
  }
  const ids = listings.map((listing) => gidOf('ProductVariant', listing));
  const { nodes } = await graphQl.ask<{ nodes: (Node | null)[] }>(
    { name: 'nodes', query, variables: { ids, location: locationId } },
    signal,
  );
  return nodes.flatMap((node, index) => {
    if (!node?.inventoryItem) return [];
    const sellable = node.inventoryItem.inventoryLevel?.quantities[0]?.quantity ?? null;
    return [[listings[index]!, { sellable, open: sellable === null ? null : sellable > 0 }]];
  });
}

/** The location of the account, or the only one the shop has. */
async function findLocation(
  graphQl: GraphQl,
  location: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  if (location) return gidOf('Location', location);
  const { locations } = await graphQl.ask<{ locations: { nodes: { id: string; name: string }[] } }>(
    {
      name: 'locations',
      query: 'query locations { locations(first: 10) { nodes { id name } } }',
      variables: {},
    },
    signal,
  );
  const [only, ...others] = locations.nodes;
  if (only && others.length === 0) return only.id;
  const names = locations.nodes.map(({ id, name }) => `${name} (${id})`).join(', ');
  throw new ChannelFault('caller', 'shopify.location-missing', {
    count: locations.nodes.length,
    names: names || '–',
  });
}
