import { type GraphQlDocument, type Selection, Variable } from './document.ts';

export type Args = Readonly<Record<string, unknown>>;
/** A field that depends on its arguments, or is only made when somebody asks for it. */
export type Resolver = (args: Args, directives: Selection['directives']) => unknown;
/** An object as fields see it: values and resolvers by name. `__typename` says which fragments are for it. */
export type Resolved = Readonly<Record<string, unknown>>;

/** A refusal that stands among the `errors` of an answer. */
export class GraphQlError extends Error {
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Runs a document on an object, in order.
 *
 * @throws GraphQlError for a field or a variable that does not exist, and what resolvers throw
 */
export function runGraphQl(document: GraphQlDocument, root: Resolved, variables: Args): unknown {
  return new Run(document, variables).pick(root, document.selections);
}

class Run {
  readonly #document: GraphQlDocument;
  readonly #variables: Args;

  constructor(document: GraphQlDocument, variables: Args) {
    this.#document = document;
    this.#variables = variables;
  }

  pick(from: Resolved, selections: readonly Selection[]): Record<string, unknown> {
    const picked: Record<string, unknown> = {};
    for (const selection of selections) this.#pickOne(from, selection, picked);
    return picked;
  }

  #pickOne(from: Resolved, selection: Selection, picked: Record<string, unknown>): void {
    const { name, alias, spread } = selection;
    if (name === undefined) {
      const fragment = spread === undefined ? selection : this.#document.fragments.get(spread);
      if (!fragment)
        throw new GraphQlError(`Fragment ${spread} was used, but not defined`, 'useAndDefineFragment');
      if (fragment.on === undefined || fragment.on === from.__typename)
        Object.assign(picked, this.pick(from, fragment.selections));
      return;
    }
    if (!(name in from))
      throw new GraphQlError(
        `Field '${name}' doesn't exist on type '${String(from.__typename)}'`,
        'undefinedField',
      );
    const field = from[name];
    const value =
      typeof field === 'function'
        ? (field as Resolver)(
            this.#values(selection.args),
            this.#values(selection.directives) as Selection['directives'],
          )
        : field;
    picked[alias ?? name] = this.#shaped(value, selection);
  }

  #shaped(value: unknown, selection: Selection): unknown {
    if (Array.isArray(value)) return value.map((one) => this.#shaped(one, selection));
    if (typeof value !== 'object' || value === null) return value ?? null;
    if (selection.selections.length === 0)
      throw new GraphQlError(`Field '${selection.name}' must have selections`, 'selectionMismatch');
    return this.pick(value as Resolved, selection.selections);
  }

  #values(value: Args): Args {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, this.#value(one)]));
  }

  #value(value: unknown): unknown {
    if (value instanceof Variable) {
      if (!this.#document.variables.has(value.name))
        throw new GraphQlError(`Variable $${value.name} is used but not declared`, 'variableNotDefined');
      return this.#variables[value.name] ?? this.#document.variables.get(value.name);
    }
    if (Array.isArray(value)) return value.map((one) => this.#value(one));
    return typeof value === 'object' && value !== null ? this.#values(value as Args) : value;
  }
}
