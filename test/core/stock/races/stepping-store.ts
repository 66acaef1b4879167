import type { CommandHandler, Store, Tx } from '../../../../core/store/store.ts';

/** The verbs of a transaction that reach the store: each call is a step that something else may come before. */
const verbs = ['reserve', 'insert', 'put', 'insertNew', 'find', 'update', 'change'] as const;

/** A store that tells before each step of the transactions of its handlers, and waits for what it is told to. */
export interface SteppingStore {
  store: Store;
  /** Called before each step, with its number, counted from the last time it was set. */
  before(tell: (step: number) => Promise<void>): void;
}

export function steppingStore(inner: Store): SteppingStore {
  let tell: (step: number) => Promise<void> = async () => {};
  let steps = 0;
  const step = async (): Promise<void> => {
    steps += 1;
    await tell(steps);
  };
  const stepping = (tx: Tx): Tx =>
    new Proxy(tx, {
      get(target, name) {
        const value = Reflect.get(target, name) as unknown;
        if (typeof value !== 'function' || !verbs.some((verb) => verb === name)) return value;
        return async (...given: unknown[]) => {
          await step();
          return (value as (...given: unknown[]) => Promise<unknown>).apply(target, given);
        };
      },
    });
  // One for each handler, so that the commands of one are still decided together.
  const known = new Map<unknown, unknown>();
  const wrapped = <C, A>(handler: CommandHandler<C, A>): CommandHandler<C, A> => {
    let own = known.get(handler) as CommandHandler<C, A> | undefined;
    if (!own) {
      own = {
        name: handler.name,
        async run(tx, commands) {
          const answers = await handler.run(stepping(tx), commands);
          // The last one: all is written, nothing is committed.
          await step();
          return answers;
        },
      };
      known.set(handler, own);
    }
    return own;
  };
  const store = new Proxy(inner, {
    get(target, name) {
      if (name === 'execute')
        return <C, A>(handler: CommandHandler<C, A>, command: C) => target.execute(wrapped(handler), command);
      const value = Reflect.get(target, name) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return {
    store,
    before(listener) {
      tell = listener;
      steps = 0;
    },
  };
}
