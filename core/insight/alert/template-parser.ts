import type { MessageParams } from '../../message.ts';

/** A part of a template. `path` holds the names between the dots; empty for `{{.}}`, the item itself. */
export type TemplateNode =
  | { kind: 'text'; text: string }
  | { kind: 'value'; path: readonly string[]; at: number; length: number }
  | { kind: 'section'; path: readonly string[]; at: number; length: number; children: TemplateNode[] };

/** A fault in the writing; `at` counts UTF-16 units from the template's beginning, as editors do. */
export interface SyntaxFault {
  code: string;
  params: MessageParams;
  at: number;
  length: number;
}

export interface ParsedTemplate {
  nodes: TemplateNode[];
  faults: SyntaxFault[];
}

interface OpenSection {
  name: string;
  node: Extract<TemplateNode, { kind: 'section' }>;
}

const tagForm = /\{\{([#/]?)\s*([^{}]*?)\s*\}\}/g;
const pathForm = /^[\p{L}_$][\p{L}\p{N}_$-]*(\.[\p{L}\p{N}_$-]+)*$/u;

/**
 * Reads `{{path}}` and `{{#list}}…{{/list}}`. A template with faults still gives all that can be made of it: a tag
 * that is no tag stays as text, an open section ends with the template.
 */
export function parseTemplate(template: string): ParsedTemplate {
  const faults: SyntaxFault[] = [];
  const nodes: TemplateNode[] = [];
  const sections: OpenSection[] = [];
  let done = 0;

  const into = () => sections.at(-1)?.node.children ?? nodes;
  const addText = (from: number, to: number) => {
    const text = template.slice(from, to);
    if (text === '') return;
    into().push({ kind: 'text', text });
    for (const brace of text.matchAll(/\{\{|\}\}/g)) {
      const at = from + brace.index;
      faults.push({ code: 'alert.template-braces', params: { position: at + 1 }, at, length: 2 });
    }
  };

  for (const match of template.matchAll(tagForm)) {
    const [tag, mark = '', name = ''] = match;
    const at = match.index;
    const place = { at, length: tag.length };
    const path = readPath(name);
    if (path === undefined) {
      faults.push({ code: 'alert.template-tag', params: { tag, position: at + 1 }, ...place });
      continue;
    }
    const [from, to] = mark === '' ? [at, at + tag.length] : wholeLine(template, at, at + tag.length);
    if (mark === '/') {
      const opened = sections.findLastIndex((section) => section.name === name);
      if (opened < 0) {
        faults.push({ code: 'alert.template-close', params: { name, position: at + 1 }, ...place });
        continue;
      }
      addText(done, Math.max(done, from));
      for (const section of sections.splice(opened).slice(1)) faults.push(neverClosed(section));
    } else {
      addText(done, Math.max(done, from));
      if (mark === '#') {
        const node = { kind: 'section' as const, path, ...place, children: [] };
        into().push(node);
        sections.push({ name, node });
      } else {
        into().push({ kind: 'value', path, ...place });
      }
    }
    done = to;
  }
  addText(done, template.length);
  faults.push(...sections.map(neverClosed));
  return { nodes, faults: faults.sort((a, b) => a.at - b.at) };
}

function readPath(name: string): string[] | undefined {
  if (name === '.') return [];
  return pathForm.test(name) ? name.split('.') : undefined;
}

function neverClosed({ name, node }: OpenSection): SyntaxFault {
  const { at, length } = node;
  return { code: 'alert.template-open', params: { name, position: at + 1 }, at, length };
}

/** A section's tag that has a line for itself takes the line with it, so that lists have no empty lines. */
function wholeLine(template: string, from: number, to: number): [number, number] {
  const before = template.slice(template.lastIndexOf('\n', from - 1) + 1, from);
  const newline = template.indexOf('\n', to);
  const end = newline < 0 ? template.length : newline + 1;
  if (before.trim() !== '' || template.slice(to, end).trim() !== '') return [from, to];
  return [from - before.length, end];
}
