import { DateTime, IANAZone } from 'luxon';
import { type Language, type MessageParams, sentence } from '../../message.ts';
import { showMoney } from '../../order/money.ts';
import { type EscapeRule, escapeValue } from './escape.ts';
import { fieldKind, freeRoots, templateFields } from './fields.ts';
import './messages.ts';
import { wellFormed } from '../../well-formed.ts';
import { maskPersonal, personalKind } from './personal.ts';
import { parseTemplate, type TemplateNode } from './template-parser.ts';

/** What a template can name: `order`, `event`, `rule`, and results of earlier nodes. */
export type TemplateContext = Readonly<Record<string, unknown>>;

export interface RenderOptions {
  language: Language;
  /** IANA name of the shop's time zone; UTC where there is none, and the text says so. */
  zone?: string;
  escape: EscapeRule;
  /** Whether the target may see names, phones and addresses. Default false. */
  showPersonal?: boolean;
}

/** Something in a template that will not come out as its author wants. */
export interface TemplateProblem {
  code: string;
  params: MessageParams;
  sentence: string;
  /** Where it begins, in UTF-16 units from the template's beginning, and how long it is. */
  at: number;
  length: number;
}

/** What stands where there is no value. */
const none = '–';
/** Characters a rendered text may have; no target takes more, and a loop in a loop ends. */
const longestText = 50_000;
const mostListed = 20;

interface Scope {
  /** Path of the value from the context's root, without list positions. */
  path: readonly string[];
  value: unknown;
}

interface Rendering {
  options: RenderOptions;
  /** Innermost first; the last is the context itself. */
  scopes: readonly Scope[];
  currency: string;
}

/**
 * Fills a template in. Money is written with its currency, times in the shop's zone, a missing value as `–`;
 * personal data is masked unless the target may see it. Never throws: what is wrong with a template is told by
 * `validateTemplate`, and shows in the text.
 */
export function renderTemplate(template: string, context: TemplateContext, options: RenderOptions): string {
  const currency = own(own(context, 'order'), 'currency');
  const root: Rendering = {
    options,
    scopes: [{ path: [], value: context }],
    currency: typeof currency === 'string' ? currency : '',
  };
  return renderNodes(parseTemplate(String(template)).nodes, root, longestText);
}

function renderNodes(nodes: readonly TemplateNode[], rendering: Rendering, room: number): string {
  let text = '';
  for (const node of nodes) {
    if (text.length >= room) break;
    if (node.kind === 'text') text += node.text;
    else if (node.kind === 'value') text += renderValue(lookUp(node.path, rendering.scopes), rendering);
    else
      text += renderSection(
        node.children,
        lookUp(node.path, rendering.scopes),
        rendering,
        room - text.length,
      );
  }
  return text.length > room ? wellFormed(text.slice(0, room)) : text;
}

/** Once for every item of a list, once for a single thing, not at all for nothing. */
function renderSection(
  children: readonly TemplateNode[],
  found: Scope,
  rendering: Rendering,
  room: number,
): string {
  const { value, path } = found;
  if (value === undefined || value === null || value === false || value === '') return '';
  let text = '';
  for (const item of Array.isArray(value) ? value : [value]) {
    if (text.length >= room) break;
    const scopes = [{ path, value: item }, ...rendering.scopes];
    text += renderNodes(children, { ...rendering, scopes }, room - text.length);
  }
  return text;
}

/** The nearest scope that has the path's first name; `lines` means the order's wherever there is no other. */
function lookUp(path: readonly string[], scopes: readonly Scope[]): Scope {
  const innermost = scopes[0] as Scope;
  const [first] = path;
  if (first === undefined) return innermost;
  const scope = scopes.find(({ value }) => own(value, first) !== undefined);
  if (!scope && first === 'lines') return lookUp(['order', ...path], scopes.slice(-1));
  let value = scope?.value;
  for (const name of path) value = own(value, name);
  const named = path.filter((name) => !/^\d+$/.test(name));
  return { path: [...(scope?.path ?? []), ...named], value };
}

/** A property of the thing itself; nothing inherited, and nothing from a getter that fails. */
function own(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  if (Array.isArray(value) && !/^\d+$/.test(name)) return undefined;
  try {
    return (value as Record<string, unknown>)[name];
  } catch {
    // A value that cannot be had is shown as missing: an alert with a gap is better than none.
    return undefined;
  }
}

function renderValue({ path, value }: Scope, rendering: Rendering): string {
  const { options } = rendering;
  if (value === undefined || value === null || value === '') return none;
  if (Array.isArray(value)) return listed(value, path, rendering);
  if (typeof value === 'object' && own(value, 'at') === undefined) return none;

  const kind = fieldKind(path.join('.'));
  if (kind === 'money' && Number.isSafeInteger(value)) return money(value as number, rendering);
  if (kind === 'time' || typeof value === 'object') {
    return time(typeof value === 'object' ? own(value, 'at') : value, options);
  }
  if (typeof value === 'boolean') return sentence(value ? 'alert.yes' : 'alert.no', {}, options.language);
  if (typeof value === 'function' || typeof value === 'symbol') return none;
  const text = String(value);
  const personal = personalKind(path);
  return (
    escapeValue(personal && !options.showPersonal ? maskPersonal(text, personal) : text, options.escape) ||
    none
  );
}

/** Lines as `2 × SKU-A`, plain values as they are, with what separates a list in the language. */
function listed(items: readonly unknown[], path: readonly string[], rendering: Rendering): string {
  if (items.length === 0) return none;
  const texts = items.slice(0, mostListed).map((item) => {
    const [sku, quantity] = [own(item, 'sku'), own(item, 'quantity')];
    if (sku === undefined || quantity === undefined) return renderValue({ path, value: item }, rendering);
    const line = {
      sku: { path: [...path, 'sku'], value: sku },
      quantity: { path: [...path, 'quantity'], value: quantity },
    };
    return `${renderValue(line.quantity, rendering)} × ${renderValue(line.sku, rendering)}`;
  });
  const more = items.length - mostListed;
  const separator = rendering.options.language === 'zh-CN' ? '、' : ', ';
  return texts.join(separator) + (more > 0 ? ` … (+${more})` : '');
}

function money(minor: number, { currency, options }: Rendering): string {
  // Intl writes no-break spaces between amount and currency; chat clients and SMS gateways garble them.
  const text = showMoney(minor, currency, options.language)
    .replace(/[\u00a0\u202f]/g, ' ')
    .trim();
  return escapeValue(text, options.escape);
}

/** `2026-09-01 08:00 (Asia/Shanghai)`: the zone is named, since those who read it may live in another. */
function time(at: unknown, options: RenderOptions): string {
  const zone = options.zone && IANAZone.isValidZone(options.zone) ? options.zone : 'UTC';
  const instant =
    typeof at === 'number'
      ? DateTime.fromMillis(at, { zone })
      : DateTime.fromISO(String(at), { zone, setZone: false });
  return instant.isValid ? `${instant.toFormat('yyyy-MM-dd HH:mm')} (${zone})` : none;
}

/**
 * Everything in a template that will not come out as meant: tags that are none, sections that are not closed or
 * not lists, and names that no order has, with the nearest that exists.
 *
 * @param roots further names whose inside is not known here, besides `freeRoots`
 */
export function validateTemplate(template: string, roots: readonly string[] = []): TemplateProblem[] {
  const { nodes, faults } = parseTemplate(template);
  const problems = faults.map((fault) => ({ ...fault, sentence: sentence(fault.code, fault.params) }));
  problems.push(...problemsIn(nodes, [], new Set([...freeRoots, ...roots])));
  return problems.sort((a, b) => a.at - b.at);
}

function problemsIn(
  nodes: readonly TemplateNode[],
  outer: readonly string[],
  free: ReadonlySet<string>,
): TemplateProblem[] {
  const problems: TemplateProblem[] = [];
  for (const node of nodes) {
    if (node.kind === 'text') continue;
    const name = node.path.join('.');
    const tell = (code: string, params: MessageParams = {}) => {
      const all = { name, position: node.at + 1, ...params };
      problems.push({ code, params: all, sentence: sentence(code, all), at: node.at, length: node.length });
    };
    const path = knownPath(node.path, outer, free);
    const kind = path && (isFree(path, free) ? 'free' : fieldKind(path));
    if (kind === undefined) {
      tell('alert.template-unknown', { nearest: nearestField(node.path, outer) });
    } else if (node.kind === 'value' && kind === 'group') {
      tell('alert.template-group');
    } else if (node.kind === 'section' && kind !== 'list' && kind !== 'group' && kind !== 'free') {
      tell('alert.template-not-list');
    }
    if (node.kind === 'section') problems.push(...problemsIn(node.children, path?.split('.') ?? outer, free));
  }
  return problems;
}

/** The path from the root that a name stands for inside a section; undefined when it stands for nothing. */
function knownPath(
  path: readonly string[],
  outer: readonly string[],
  free: ReadonlySet<string>,
): string | undefined {
  const named = path.filter((name) => !/^\d+$/.test(name));
  if (named.length === 0) return outer.length > 0 ? outer.join('.') : undefined;
  const inside = [...outer, ...named].join('.');
  const outside = named.join('.');
  const fromOrder = `order.${outside}`;
  const exists = (candidate: string) => isFree(candidate, free) || fieldKind(candidate) !== undefined;
  if (exists(inside)) return inside;
  if (exists(outside)) return outside;
  return named[0] === 'lines' && exists(fromOrder) ? fromOrder : undefined;
}

function isFree(path: string, free: ReadonlySet<string>): boolean {
  return [...free].some((root) => path === root || path.startsWith(`${root}.`));
}

/** Of the names that exist, the one that takes the fewest changes to get to. */
function nearestField(path: readonly string[], outer: readonly string[]): string {
  const prefix = outer.length > 0 ? `${outer.join('.')}.` : '';
  const wanted = path.join('.').toLowerCase();
  const wantedLeaf = path.at(-1)?.toLowerCase() ?? '';
  let nearest = '';
  let least = Number.POSITIVE_INFINITY;
  for (const { path: field, kind } of templateFields()) {
    if (kind === 'group') continue;
    const inner = prefix !== '' && field.startsWith(prefix) ? field.slice(prefix.length) : field;
    const leaf = inner.slice(inner.lastIndexOf('.') + 1);
    const distance = Math.min(
      changes(wanted, inner.toLowerCase()),
      1 + changes(wantedLeaf, leaf.toLowerCase()),
    );
    if (distance < least) [nearest, least] = [inner, distance];
  }
  return nearest;
}

/** Levenshtein's distance. */
function changes(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
