/**
 * Turns the dialog's field `node-input-<field>` into a typed input whose type is kept in
 * `node-input-<field>Type`, a hidden field of the form.
 */
export function typedInput(field: string, types: string[], initial = types[0]!): void {
  const input = $(`#node-input-${field}`) as unknown as {
    typedInput(options: { default: string; types: string[]; typeField: unknown }): void;
  };
  input.typedInput({ default: initial, types, typeField: $(`#node-input-${field}Type`) });
}
