import { shown } from '../refusal.ts';

export interface JsonFault {
  /** From 1. */
  line: number;
  /** From 1, in characters. */
  column: number;
  /** What stands there, a few characters; empty at the end of the text. */
  near: string;
}

const string = String.raw`"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*`;
const number = String.raw`-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])`;
const token = new RegExp(`([{}[\\],:])|(${string}")|(${number}|(?:true|false|null)(?!\\w))`, 'y');
const unclosed = new RegExp(string, 'y');
const blanks = /[ \t\n\r]*/y;

type Expected = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma' | 'end';

/**
 * Where a text stops being JSON (RFC 8259). For texts that JSON.parse has refused: its own message names the
 * place only sometimes. Works without recursion, whatever the nesting.
 */
export function findJsonFault(text: string): JsonFault {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let at = 0;
  for (;;) {
    at = endOf(blanks, text, at);
    token.lastIndex = at;
    const match = token.exec(text);
    if (!match) return faultAt(text, text[at] === '"' ? endOf(unclosed, text, at) : at);
    const [whole, mark, quoted] = match;
    const next = follow(expected, mark ?? (quoted === undefined ? 'scalar' : 'string'), open);
    if (next === undefined) return faultAt(text, at);
    expected = next;
    at += whole.length;
  }
}

function endOf(form: RegExp, text: string, from: number): number {
  form.lastIndex = from;
  return from + (form.exec(text)?.[0].length ?? 0);
}

/** What may come after a token, or undefined when the token itself may not come here. */
function follow(expected: Expected, found: string, open: ('{' | '[')[]): Expected | undefined {
  const afterValue = (): Expected => (open.length === 0 ? 'end' : 'comma');
  if (expected === 'value' || expected === 'value-or-end') {
    if (found === 'string' || found === 'scalar') return afterValue();
    if (found === '{' || found === '[') {
      open.push(found);
      return found === '{' ? 'key-or-end' : 'value-or-end';
    }
    if (found !== ']' || expected === 'value') return undefined;
    open.pop();
    return afterValue();
  }
  if (expected === 'key' || expected === 'key-or-end') {
    if (found === 'string') return 'colon';
    if (found !== '}' || expected === 'key') return undefined;
    open.pop();
    return afterValue();
  }
  if (expected === 'colon') return found === ':' ? 'value' : undefined;
  if (expected === 'end') return undefined;
  const inside = open.at(-1);
  if (found === ',') return inside === '{' ? 'key' : 'value';
  if (found !== (inside === '{' ? '}' : ']')) return undefined;
  open.pop();
  return afterValue();
}

function faultAt(text: string, at: number): JsonFault {
  const before = text.slice(0, at);
  const lineStart = before.lastIndexOf('\n') + 1;
  return {
    line: before.split('\n').length,
    column: [...before.slice(lineStart)].length + 1,
    near: shown(text.slice(at, at + 20)),
  };
}
