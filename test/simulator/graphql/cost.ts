import { type GraphQlDocument, type Selection, Variable } from './document.ts';

/**
 * What a document asks for, in points: an object one, a connection two and as much as its nodes, whose number counts
 * by its square root; a mutation ten. The platform does not publish its formula: this one only grows like it.
 */
export function requestedCost(
  { kind, selections, fragments }: GraphQlDocument,
  variables: Readonly<Record<string, unknown>>,
): number {
  const costOf = (selection: Selection): number => {
    const fragment = selection.spread === undefined ? undefined : fragments.get(selection.spread);
    const inner = (fragment ?? selection).selections.reduce((sum, one) => sum + costOf(one), 0);
    if (selection.name === undefined) return inner;
    if (selection.selections.length === 0) return 0;
    const size = sizeOf(selection.args, variables);
    if (size === undefined) return 1 + inner;
    return 2 + Math.ceil(Math.sqrt(size)) * Math.max(1, inner);
  };
  const points = selections.reduce((sum, selection) => sum + costOf(selection), 0);
  return Math.max(1, points) + (kind === 'mutation' ? 10 : 0);
}

function sizeOf(
  args: Readonly<Record<string, unknown>>,
  variables: Readonly<Record<string, unknown>>,
): number | undefined {
  const given = args.first ?? args.last;
  const size = given instanceof Variable ? variables[given.name] : given;
  return typeof size === 'number' ? size : undefined;
}
