import { GraphQlError } from './run.ts';

/** A place in a list by two numbers, as an opaque text. */
export function cursorOf(place: readonly [number, number]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64');
}

/** @throws GraphQlError for a text that no list gave out */
export function placeOf(cursor: unknown): readonly [number, number] | null {
  if (cursor === null || cursor === undefined) return null;
  const match = /^\[(\d+),(\d+)\]$/.exec(Buffer.from(String(cursor), 'base64').toString());
  if (!match) throw new GraphQlError('Invalid cursor for current pagination sort.', 'INVALID_CURSOR');
  return [Number(match[1]), Number(match[2])];
}

/** How many nodes are asked for. @throws GraphQlError */
export function sizeOf(args: Readonly<Record<string, unknown>>): number {
  const { first } = args;
  if (typeof first !== 'number' || first < 1)
    throw new GraphQlError('you must provide one of first or last', 'BAD_REQUEST');
  if (first > 250) throw new GraphQlError('first cannot exceed 250', 'MAX_PAGE_SIZE');
  return first;
}

export function connectionOf(
  type: string,
  nodes: readonly unknown[],
  hasNextPage: boolean,
  cursors: readonly string[],
): Record<string, unknown> {
  return {
    __typename: `${type}Connection`,
    nodes,
    edges: nodes.map((node, index) => ({ __typename: `${type}Edge`, node, cursor: cursors[index] ?? null })),
    pageInfo: {
      __typename: 'PageInfo',
      hasNextPage,
      hasPreviousPage: false,
      startCursor: cursors[0] ?? null,
      endCursor: cursors.at(-1) ?? null,
    },
  };
}

/** A connection over a list that is at hand. */
export function listConnection(
  type: string,
  all: readonly unknown[],
  args: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const size = sizeOf(args);
  const start = placeOf(args.after)?.[0] ?? 0;
  const nodes = all.slice(start, start + size);
  const cursors = nodes.map((_, index) => cursorOf([start + index + 1, 0]));
  return connectionOf(type, nodes, start + size < all.length, cursors);
}
