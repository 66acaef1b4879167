/** What a field, a fragment or an operation picks out. */
export interface Selection {
  /** Undefined for an inline fragment or a spread. */
  name?: string;
  alias?: string;
  args: Readonly<Record<string, unknown>>;
  directives: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** The type an inline fragment is for. */
  on?: string;
  /** The name of a fragment that is spread here. */
  spread?: string;
  selections: readonly Selection[];
}

export interface GraphQlDocument {
  kind: 'query' | 'mutation';
  selections: readonly Selection[];
  fragments: ReadonlyMap<string, Selection>;
  /** Names of the variables with their defaults; undefined for those without. */
  variables: ReadonlyMap<string, unknown>;
}

/** Stands for a variable's value until the query is run. */
export class Variable {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** A document that does not follow the grammar. */
export class GraphQlSyntaxError extends Error {}

const token =
  /[\s,]+|#[^\n]*|"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|\.\.\.|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[_A-Za-z]\w*|[!$&()[\]{}:=@|]/y;

/**
 * Reads a document with one operation: fields, aliases, arguments, variables, directives, fragments. Types of
 * variables are read and not checked.
 *
 * @throws GraphQlSyntaxError
 */
export function parseGraphQl(text: string): GraphQlDocument {
  return new Parser(tokensOf(text)).document();
}

function tokensOf(text: string): string[] {
  const found: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (!match) throw new GraphQlSyntaxError(`syntax error, unexpected '${text[at]}' at ${at}`);
    if (!/^[\s,#]/.test(match[0])) found.push(match[0]);
  }
  return found;
}

class Parser {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  document(): GraphQlDocument {
    const fragments = new Map<string, Selection>();
    let operation: Pick<GraphQlDocument, 'kind' | 'selections' | 'variables'> | undefined;
    while (this.#at < this.#tokens.length) {
      const start = this.#peek();
      if (start === 'fragment') {
        this.#next();
        const spread = this.#name();
        this.#expect('on');
        const on = this.#name();
        fragments.set(spread, {
          on,
          args: {},
          directives: this.#directives(),
          selections: this.#selectionSet(),
        });
      } else operation = this.#operation(start);
    }
    if (!operation) throw new GraphQlSyntaxError('No operation found');
    return { ...operation, fragments };
  }

  #operation(start: string | undefined): Pick<GraphQlDocument, 'kind' | 'selections' | 'variables'> {
    const variables = new Map<string, unknown>();
    if (start === '{') return { kind: 'query', selections: this.#selectionSet(), variables };
    if (start !== 'query' && start !== 'mutation') throw this.#unexpected();
    this.#next();
    if (this.#peek() !== '(' && this.#peek() !== '{' && this.#peek() !== '@') this.#name();
    if (this.#taken('('))
      while (!this.#taken(')')) {
        this.#expect('$');
        const name = this.#name();
        this.#expect(':');
        this.#type();
        variables.set(name, this.#taken('=') ? this.#value() : undefined);
      }
    this.#directives();
    return { kind: start, selections: this.#selectionSet(), variables };
  }

  #type(): void {
    if (this.#taken('[')) {
      this.#type();
      this.#expect(']');
    } else this.#name();
    this.#taken('!');
  }

  #selectionSet(): Selection[] {
    this.#expect('{');
    const selections: Selection[] = [];
    while (!this.#taken('}')) selections.push(this.#selection());
    return selections;
  }

  #selection(): Selection {
    if (this.#taken('...')) {
      const on = this.#taken('on') ? this.#name() : undefined;
      const spread = on === undefined && /^\w/.test(this.#peek() ?? '') ? this.#name() : undefined;
      const directives = this.#directives();
      return { on, spread, args: {}, directives, selections: spread ? [] : this.#selectionSet() };
    }
    const first = this.#name();
    const name = this.#taken(':') ? this.#name() : first;
    const args = this.#args();
    const directives = this.#directives();
    return {
      name,
      alias: first,
      args,
      directives,
      selections: this.#peek() === '{' ? this.#selectionSet() : [],
    };
  }

  #directives(): Record<string, Record<string, unknown>> {
    const found: Record<string, Record<string, unknown>> = {};
    while (this.#taken('@')) found[this.#name()] = this.#args();
    return found;
  }

  #args(): Record<string, unknown> {
    return this.#taken('(') ? this.#members(')') : {};
  }

  #members(end: string): Record<string, unknown> {
    const found: Record<string, unknown> = {};
    while (!this.#taken(end)) {
      const name = this.#name();
      this.#expect(':');
      found[name] = this.#value();
    }
    return found;
  }

  #value(): unknown {
    const text = this.#next();
    if (text === '$') return new Variable(this.#name());
    if (text === '{') return this.#members('}');
    if (text === '[') {
      const values: unknown[] = [];
      while (!this.#taken(']')) values.push(this.#value());
      return values;
    }
    if (text.startsWith('"""')) return text.slice(3, -3);
    if (text.startsWith('"')) return JSON.parse(text) as string;
    if (/^-?\d/.test(text)) return Number(text);
    if (text === 'true' || text === 'false') return text === 'true';
    if (text === 'null') return null;
    if (/^[_A-Za-z]/.test(text)) return text;
    throw this.#unexpected();
  }

  #name(): string {
    const text = this.#next();
    if (!/^[_A-Za-z]/.test(text)) throw this.#unexpected();
    return text;
  }

  #expect(text: string): void {
    if (!this.#taken(text)) throw this.#unexpected();
  }

  #taken(text: string): boolean {
    if (this.#peek() !== text) return false;
    this.#at += 1;
    return true;
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  #next(): string {
    const text = this.#tokens[this.#at];
    if (text === undefined) throw new GraphQlSyntaxError('syntax error, unexpected end of file');
    this.#at += 1;
    return text;
  }

  #unexpected(): GraphQlSyntaxError {
    return new GraphQlSyntaxError(`syntax error, unexpected '${this.#peek() ?? 'end of file'}'`);
  }
}
