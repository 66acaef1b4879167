import type { Node, NodeAPI } from 'node-red';

/** A text that is nothing but the name of an environment variable, as Node-RED reads it. */
const variable = /^\$\{\S+\}$/;

/**
 * A dialog's values as a running node would get them: Node-RED puts the value of a variable in the place of
 * `${NAME}`. One that is not set stays as it is.
 *
 * @param node the deployed node, whose flow and groups may have variables of their own
 */
export function withEnvironment<T extends object>(RED: NodeAPI, values: T, node?: Node): T {
  const filled = Object.entries(values).map(([name, value]: [string, unknown]) => {
    if (typeof value !== 'string' || !variable.test(value)) return [name, value] as const;
    const found: unknown = RED.util.evaluateNodeProperty(value, 'env', node as Node, {});
    return [name, found === '' || found === undefined ? value : found] as const;
  });
  return Object.fromEntries(filled) as T;
}
