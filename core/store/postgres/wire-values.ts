/** A parameter as it travels: text as PostgreSQL reads it, or bytes as they are. */
export type WireValue = string | Buffer | null;

/**
 * Writes a parameter in PostgreSQL's text form (bytes: in its binary one).
 *
 * @throws TypeError for a value that no column of the store has
 */
export function wireValue(value: unknown): WireValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (Array.isArray(value)) return arrayText(value.length, (index) => value[index]);
  return scalarText(value);
}

/**
 * An array of one dimension in its text form: `{1,"two",NULL}` (PostgreSQL, "Array Input and Output Syntax").
 *
 * @throws TypeError for an element that no column of the store has
 */
export function arrayText(length: number, element: (index: number) => unknown): string {
  let text = '{';
  for (let index = 0; index < length; index += 1) {
    if (index > 0) text += ',';
    const value = element(index);
    if (typeof value === 'number') text += value;
    else if (value === null || value === undefined) text += 'NULL';
    else if (typeof value === 'string') text += quotedElement(value);
    else if (value instanceof Uint8Array) text += `"\\\\x${Buffer.from(value).toString('hex')}"`;
    else text += quotedElement(scalarText(value));
  }
  return `${text}}`;
}

const special = /["\\]/;

function quotedElement(text: string): string {
  return special.test(text) ? `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"` : `"${text}"`;
}

function scalarText(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value);
  throw new TypeError(`A ${typeof value} cannot be stored`);
}
