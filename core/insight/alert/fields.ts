import { orderSchema } from '../../order/schema.ts';

export type FieldKind = 'text' | 'number' | 'money' | 'time' | 'list' | 'group';

export interface TemplateField {
  /** As a template names it, without list positions: `order.lines.sku`. */
  path: string;
  kind: FieldKind;
}

interface SchemaNode {
  type?: string;
  properties?: Readonly<Record<string, SchemaNode>>;
  items?: SchemaNode;
  additionalProperties?: boolean | SchemaNode;
}

/** Amounts in minor units of the order's currency; everything below a name that ends with a dot. */
const money = [
  'order.money.',
  'order.presale.depositPaid',
  'order.presale.balanceDue',
  'order.lines.unitPrice',
  'order.lines.paid',
];

/** Groups whose members a business names for itself. */
const open = new Set<string>();

const fields: ReadonlyMap<string, FieldKind> = new Map([
  ...walk('order', orderSchema as SchemaNode),
  ['event', 'group'],
  ['event.type', 'text'],
  ['event.at', 'time'],
  ['event.sequence', 'number'],
  ['rule', 'group'],
  ['rule.name', 'text'],
  ['now', 'time'],
]);

/** Results of earlier nodes that travel in the message; what is in them is theirs to say. */
export const freeRoots: readonly string[] = ['weight', 'stock', 'event.data', 'msg'];

/** Every field of the order, its event and its rule that a template can name. */
export function templateFields(): TemplateField[] {
  return [...fields].map(([path, kind]) => ({ path, kind }));
}

/** What stands at a path (without list positions); undefined for a name nobody knows. */
export function fieldKind(path: string): FieldKind | undefined {
  const known = fields.get(path);
  if (known) return known;
  const group = path.slice(0, path.lastIndexOf('.'));
  return open.has(group) ? 'text' : undefined;
}

function* walk(path: string, node: SchemaNode): Generator<[string, FieldKind]> {
  const members = Object.entries(node.properties ?? {});
  if (node.items) {
    yield [path, 'list'];
    for (const [name, item] of Object.entries(node.items.properties ?? {}))
      yield* walk(`${path}.${name}`, item);
  } else if (node.type !== 'object') {
    yield [path, node.type === 'integer' ? (isMoney(path) ? 'money' : 'number') : 'text'];
  } else if (members.length === 2 && node.properties?.at && node.properties.text) {
    yield [path, 'time'];
    yield [`${path}.at`, 'time'];
    yield [`${path}.text`, 'text'];
  } else {
    yield [path, 'group'];
    if (typeof node.additionalProperties === 'object') open.add(path);
    for (const [name, member] of members) yield* walk(`${path}.${name}`, member);
  }
}

function isMoney(path: string): boolean {
  return money.some((entry) => (entry.endsWith('.') ? path.startsWith(entry) : path === entry));
}
