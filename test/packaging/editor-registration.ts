import { createRequire } from 'node:module';

/** What the flow library reads off a node's html without running it. */
export interface EditorRegistration {
  type: string;
  category?: string;
  color?: string;
  icon?: string;
  inputs?: number;
  outputs?: number;
  /** Names of the saved settings. */
  defaults?: string[];
}

interface SyntaxNode {
  type: string;
  [property: string]: unknown;
}

interface Acorn {
  parse(code: string, options: { ecmaVersion: number }): SyntaxNode;
}

// Node-RED itself depends on acorn, and the flow library reads nodes with it.
const requireOfNodeRed = createRequire(
  createRequire(createRequire(import.meta.url).resolve('node-red')).resolve('@node-red/nodes/package.json'),
);
const acorn = requireOfNodeRed('acorn') as Acorn;

/**
 * The types a node's html registers with a literal name and an object written in place. What is computed is not
 * seen, as the flow library does not see it either.
 *
 * @throws SyntaxError when a script cannot be parsed
 */
export function readRegistrations(html: string): EditorRegistration[] {
  const scripts = [...html.matchAll(/<script type="text\/javascript">([\s\S]*?)<\/script>/g)];
  return scripts.flatMap(([, code = '']) =>
    [...walk(acorn.parse(code, { ecmaVersion: 2020 }))].filter(isRegistration).map(registrationOf),
  );
}

function* walk(node: SyntaxNode): Generator<SyntaxNode> {
  yield node;
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value]) if (isSyntaxNode(child)) yield* walk(child);
}

function isSyntaxNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && typeof (value as SyntaxNode).type === 'string';
}

function isRegistration(node: SyntaxNode): boolean {
  if (node.type !== 'CallExpression' || pathOf(node.callee) !== 'RED.nodes.registerType') return false;
  const [name, definition] = node.arguments as SyntaxNode[];
  return typeof literal(name) === 'string' && definition?.type === 'ObjectExpression';
}

function pathOf(node: unknown): string {
  if (!isSyntaxNode(node)) return '';
  if (node.type === 'Identifier') return node.name as string;
  if (node.type === 'MemberExpression' && !node.computed)
    return `${pathOf(node.object)}.${pathOf(node.property)}`;
  return '';
}

function registrationOf(call: SyntaxNode): EditorRegistration {
  const [name, definition] = call.arguments as SyntaxNode[];
  const properties = propertiesOf(definition!);
  const text = (key: string) => literal(properties.get(key)) as string | undefined;
  const count = (key: string) => literal(properties.get(key)) as number | undefined;
  const defaults = properties.get('defaults');
  return {
    type: literal(name) as string,
    category: text('category'),
    color: text('color'),
    icon: text('icon'),
    inputs: count('inputs'),
    outputs: count('outputs'),
    defaults: defaults?.type === 'ObjectExpression' ? [...propertiesOf(defaults).keys()] : undefined,
  };
}

function propertiesOf(object: SyntaxNode): Map<string, SyntaxNode> {
  const properties = new Map<string, SyntaxNode>();
  for (const property of object.properties as SyntaxNode[]) {
    const key = property.key as SyntaxNode | undefined;
    const name = key?.type === 'Identifier' ? key.name : literal(key);
    if (typeof name === 'string' && isSyntaxNode(property.value)) properties.set(name, property.value);
  }
  return properties;
}

function literal(node: unknown): unknown {
  return isSyntaxNode(node) && node.type === 'Literal' ? node.value : undefined;
}
