import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Language } from '../../core/message.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Texts by their dotted key, as `i18n` looks them up. */
export type Catalogue = ReadonlyMap<string, string>;

/** Everything that makes up one node in this checkout. */
export interface NodeSources {
  readonly type: string;
  /** `config` for the nodes that are not dragged. */
  readonly category: string;
  /** The runtime's source. */
  readonly runtime: string;
  /** The dialog's source, up to the bundler. */
  readonly editor: string;
  /** Every TypeScript file of the folder, the runtime's and the dialog's. */
  readonly code: string;
  /** Every TypeScript file of the dialog. */
  readonly dialogCode: string;
  /** The dialog's form. */
  readonly form: string;
  /** Texts of the node itself. */
  own(language: Language): Catalogue;
  /** Texts the built catalogue has: the node's own and those that every node shares. */
  texts(language: Language): Catalogue;
  help(language: Language): string;
}

export interface Manifest {
  name: string;
  license: string;
  keywords: string[];
  engines: { node: string };
  files: string[];
  dependencies: Record<string, string>;
  'node-red': { version: string; nodes: Record<string, string> };
}

export function readManifest(): Manifest {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
}

/** The type of each node: every folder of nodes/ but the shared one. */
export function nodeTypes(): string[] {
  return readdirSync(join(root, 'nodes'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'shared')
    .map(({ name }) => name)
    .sort();
}

/** @throws Error when a file that every node has is missing */
export function readNode(type: string): NodeSources {
  const folder = join(root, 'nodes', type);
  const read = (...path: string[]) => readFileSync(join(folder, ...path), 'utf8');
  const readAll = (pattern: string) =>
    globSync(pattern, { cwd: folder })
      .map((file) => read(file))
      .join('\n');
  const editor = read(`${type}.editor.ts`);
  const own = (language: Language) => flatten(JSON.parse(read('locales', language, `${type}.json`)) as Tree);
  return {
    type,
    category: /category: '([^']+)'/.exec(editor)?.[1] ?? '',
    runtime: read(`${type}.ts`),
    editor,
    code: readAll('**/*.ts'),
    dialogCode: readAll('**/*.editor.ts'),
    form: read(`${type}.html`),
    own,
    texts: (language) => new Map([...sharedTexts(language), ...own(language)]),
    help: (language) => read('locales', language, `${type}.html`),
  };
}

export function sharedTexts(language: Language): Catalogue {
  return flatten(
    JSON.parse(readFileSync(join(root, 'nodes/shared/locales', `${language}.json`), 'utf8')) as Tree,
  );
}

export function iconExists(type: string): boolean {
  return existsSync(join(root, 'icons', `${type}.svg`));
}

interface Tree {
  [key: string]: string | Tree;
}

function flatten(tree: Tree, prefix = ''): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') texts.set(prefix + key, value);
    else for (const [inner, text] of flatten(value, `${prefix}${key}.`)) texts.set(inner, text);
  }
  return texts;
}

/**
 * The keys a form or a piece of dialog code shows by `data-i18n`, without those of Node-RED's own catalogues.
 * `[placeholder]a.b;[html]c.d` names two.
 */
export function keysInMarkup(markup: string): string[] {
  return [...markup.matchAll(/data-i18n=\\?["']([^"'\\]+)/g)]
    .flatMap(([, value = '']) => value.split(';'))
    .map((part) => part.trim().replace(/^\[[^\]]+\]/, ''))
    .filter((key) => key !== '' && !key.startsWith('node-red:'));
}

/**
 * The keys that code hands to a translating function (`_('…')`). `*` stands for what is only known when it runs:
 * `` _(`a.${kind}`) `` is `a.*`.
 */
export function keysInCode(code: string): string[] {
  return [...code.matchAll(/\b_\(\s*(?:(['"])(.*?)\1|`((?:[^`$]|\$\{[^}]*\})*)`)/g)]
    .map(([, , plain, template]) => withStars(plain ?? template ?? ''))
    .map((key) => key.replace(/^@order-hub\/[^:]+:/, ''))
    .filter((key) => !key.startsWith('node-red:'));
}

/** Every text in quotes that begins like a key of the given catalogue roots, however it is then used. */
export function keysNamed(code: string, roots: readonly string[]): string[] {
  const root = roots.map(escaped).join('|');
  const literal = new RegExp(`(['"\`])((?:${root})\\.(?:[\\w.-]|\\$\\{[^}]*\\})+)\\1`, 'g');
  return [...code.matchAll(literal)].map(([, , key = '']) => withStars(key));
}

/** The keys code shows as a node's status. */
export function statusKeysInCode(code: string): string[] {
  return [...code.matchAll(/['`]([a-z-]+\.status\.(?:[a-z-]|\$\{[^}]*\})+)['`]/g)].map(([, key = '']) =>
    withStars(key),
  );
}

function withStars(template: string): string {
  return template.replace(/\$\{[^}]*\}/g, '*');
}

/** Keys that no text of a catalogue answers to; one with `*` is answered by any text that fits. */
export function missingKeys(keys: Iterable<string>, texts: Catalogue): string[] {
  const missing = [...new Set(keys)].filter((key) => {
    if (!key.includes('*')) return !texts.has(key);
    const pattern = new RegExp(`^${key.split('*').map(escaped).join('.+')}$`);
    return ![...texts.keys()].some((known) => pattern.test(known));
  });
  return missing.sort();
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

export interface ExampleNode {
  id: string;
  type: string;
  z?: string;
  x?: number;
  y?: number;
  info?: string;
  wires?: string[][];
  [property: string]: unknown;
}

/** The examples at the first level, by file name. */
export function readExamples(): Map<string, ExampleNode[]> {
  const folder = join(root, 'examples');
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : [];
  return new Map(
    files.sort().map((file) => [file, JSON.parse(readFileSync(join(folder, file), 'utf8')) as ExampleNode[]]),
  );
}

/** Every type that Node-RED itself brings, read off its own editor files. */
export function coreNodeTypes(): Set<string> {
  const folder = join(root, 'node_modules/@node-red/nodes/core');
  const types = globSync('**/*.html', { cwd: folder })
    .filter((file) => !file.includes('locales'))
    .flatMap((file) => [
      ...readFileSync(join(folder, file), 'utf8').matchAll(/registerType\(\s*['"]([^'"]+)['"]/g),
    ])
    .map(([, type = '']) => type);
  return new Set([...types, 'tab', 'group', 'junction', 'subflow', 'global-config']);
}
