import type { GatewayRequest, Operation } from '../gateway/exchange.ts';

/** What a method does with its parameters. @throws Refusal */
export type Run<Input> = (input: Input, request: GatewayRequest) => Record<string, unknown>;

/** The methods of a gateway by their names, and what kind each is of. */
export class Methods<Input> {
  readonly #kinds: Partial<Record<Operation['kind'], Readonly<Record<string, Run<Input>>>>>;

  constructor(kinds: Partial<Record<Operation['kind'], Readonly<Record<string, Run<Input>>>>>) {
    this.#kinds = kinds;
  }

  /** A method that there is not counts as one that reads. */
  operation(name: string | undefined): Operation {
    const kinds = Object.entries(this.#kinds) as [Operation['kind'], Readonly<Record<string, unknown>>][];
    const kind = kinds.find(([, runs]) => name !== undefined && Object.hasOwn(runs, name))?.[0] ?? 'read';
    return { name: name || 'none', kind };
  }

  find({ name, kind }: Operation): Run<Input> | undefined {
    const runs = this.#kinds[kind];
    return runs && Object.hasOwn(runs, name) ? runs[name] : undefined;
  }
}
