/** What may stand in a request: null and undefined for what there is none of. */
export type Values = Readonly<Record<string, unknown>>;

const placeholder = /\{([a-z][a-z0-9.]*)(:text)?\}/gi;
const alone = /^\{([a-z][a-z0-9.]*)(:text)?\}$/i;

/** The text with its values, each passed through `encode`. */
export function filledText(
  template: string,
  values: Values,
  encode: (text: string) => string = (text) => text,
): string {
  return template.replace(placeholder, (_, name: string) => encode(textOf(values[name])));
}

/**
 * The JSON with its values. A text that is nothing but a placeholder becomes the value as it is; a member or an element
 * whose value there is none of is left out.
 */
export function filledJson(template: unknown, values: Values): unknown {
  if (typeof template === 'string') {
    const [, name, asText] = alone.exec(template) ?? [];
    if (name === undefined) return filledText(template, values);
    const value = values[name] ?? undefined;
    return asText && value !== undefined ? textOf(value) : value;
  }
  if (Array.isArray(template))
    return template.map((member) => filledJson(member, values)).filter((member) => member !== undefined);
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(
    Object.entries(template)
      .map(([name, member]) => [name, filledJson(member, values)] as const)
      .filter(([, member]) => member !== undefined),
  );
}

/** The names of all placeholders in a text or in the texts of JSON. */
export function placeholdersIn(template: unknown): string[] {
  if (typeof template === 'string') return [...template.matchAll(placeholder)].map(([, name]) => name!);
  if (typeof template !== 'object' || template === null) return [];
  return Object.values(template).flatMap(placeholdersIn);
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
