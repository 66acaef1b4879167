/** A number in JSON with exactly these digits: ids of several platforms exceed what a JavaScript number holds. */
export function digits(text: string): unknown {
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text);
}

type Reviver = (this: unknown, key: string, value: unknown) => unknown;

/**
 * Reads JSON; integers beyond 2^53 become the text they were written as.
 *
 * @throws SyntaxError
 */
export function readJson(text: string): unknown {
  const keep = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
      ? (context?.source ?? value)
      : value;
  return JSON.parse(text, keep as Reviver);
}

/** The members of a JSON object; undefined when the text is no JSON, or no object. */
export function readObject(text: string): Record<string, unknown> | undefined {
  try {
    return objectOf(readJson(text));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The value when it is an object and no list. */
export function objectOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** The objects of a list; an empty one when it is no list. */
export function objectsOf(value: unknown): Record<string, unknown>[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [];
  return all.map(objectOf).filter((one) => one !== undefined);
}

/** Texts and numbers as text, anything else as undefined. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** The integer that a number or a text of digits means; undefined for anything else. */
export function integerOf(value: unknown): number | undefined {
  const text = textOf(value);
  return text !== undefined && /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** JSON as PHP writes it: slashes and all but ASCII escaped. */
export function phpJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('/', '\\/')
    .replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
