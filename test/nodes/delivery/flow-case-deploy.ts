import type { FlowNode } from '../../support/runtime-options.ts';
import type { CaseNode, FlowCase } from './flow-cases.ts';

/** The flows of all cases, each on a tab of its own, with ids made unique. */
export function flowsOf(cases: readonly FlowCase[]): FlowNode[] {
  return cases.flatMap((flowCase, index) => flowsOfCase(flowCase, index));
}

/** The id in the runtime of a node of a case. */
export function deployedId(index: number, localId: string): string {
  return `case-${index}-${localId}`;
}

/** The id in its case of a node of the runtime. */
export function localId(index: number, id: string): string {
  return id.replace(new RegExp(`^case-${index}-`), '');
}

function flowsOfCase(flowCase: FlowCase, index: number): FlowNode[] {
  const start = flowCase.first === undefined ? 'first' : flowCase.first;
  const source: CaseNode = { id: 'source', type: 'fixture-source', wires: start === null ? [] : [[start]] };
  const inside = [source, ...flowCase.nodes].map((node) => ({ ...node, z: 'tab' }));
  const all: CaseNode[] = [
    { id: 'tab', type: 'tab', label: flowCase.name },
    ...(flowCase.outside ?? []),
    ...inside,
  ];
  const ids = new Set(all.map(({ id }) => id));
  return all.map((node) => placed(unique(node, ids, index) as FlowNode));
}

/** Without a place a node would be taken for a config node. */
function placed(node: FlowNode): FlowNode {
  return node.type === 'tab' || node.type === 'subflow' ? node : { ...node, x: 100, y: 100 };
}

/** Replaces each local id, wherever it stands, by its unique form; `#id` stands for an id inside of code. */
function unique(value: unknown, ids: ReadonlySet<string>, index: number, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => unique(item, ids, index, key));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, unique(item, ids, index, name)]),
    );
  }
  if (typeof value !== 'string') return value;
  if (key === 'type')
    return value.replace(/^subflow:(.+)$/, (_, id: string) => `subflow:${deployedId(index, id)}`);
  if (key === 'func') return value.replace(/#(\w+)/g, (_, id: string) => deployedId(index, id));
  return idKeys.has(key) && ids.has(value) ? deployedId(index, value) : value;
}

const idKeys = new Set(['id', 'z', 'wires', 'scope', 'links']);
