/**
 * What was promised, or an error that says what was waited for, long before mocha gives the whole test up.
 *
 * @param what such as "the number to be told again"; a function for what shows only then
 * @throws Error when it did not come in time; what the promise throws
 */
export function awaited<T>(what: string | (() => string), promised: Promise<T>, ms = 60_000): Promise<T> {
  return new Promise((resolve, reject) => {
    const give = (): void => {
      const name = typeof what === 'string' ? what : what();
      reject(new Error(`Waited ${ms / 1_000} s in vain for ${name}`));
    };
    const late = setTimeout(give, ms);
    promised.then(resolve, reject).finally(() => clearTimeout(late));
  });
}
