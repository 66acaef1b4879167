import type { HubError } from '../../../core/errors.ts';
import { editorLanguage } from './language.ts';

/**
 * A field's validator that judges as the running node will, and shows the same sentence. Node-RED takes a text
 * for a reason only from a function with two parameters; its published types know the one with one.
 */
export function checkedField(faultOf: (value: string) => HubError | undefined): (value: string) => boolean {
  const validate = (value: string, _options: unknown): true | string =>
    faultOf(value)?.told(editorLanguage()) ?? true;
  return validate as unknown as (value: string) => boolean;
}

/**
 * The same for a field that may name an environment variable instead, `${NAME}`: Node-RED puts its value in when the
 * node starts, and only the running node can judge that.
 */
export function unlessFromEnvironment(
  faultOf: (value: string) => HubError | undefined,
): (value: string) => HubError | undefined {
  return (value) => (/^\$\{\S+\}$/.test(value) ? undefined : faultOf(value));
}
