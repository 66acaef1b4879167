type Child = Node | string | null | undefined;
type Attributes = Record<string, string | number | boolean | ((event: Event) => void) | undefined>;

/** Makes an element: attributes, `on…` listeners, children. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === 'function') made.addEventListener(name.replace(/^on/, ''), value);
    else if (name === 'value') (made as HTMLInputElement).value = String(value);
    else if (name === 'checked') (made as HTMLInputElement).checked = Boolean(value);
    else made.setAttribute(name, String(value));
  }
  for (const child of children) if (child !== null && child !== undefined) made.append(child);
  return made;
}

/** A drop-down with the value chosen; a value that is not among the choices is kept and shown as it is. */
export function select(
  choices: readonly { value: string; label: string }[],
  value: string,
  onchange: (value: string) => void,
  attributes: Attributes = {},
): HTMLSelectElement {
  const known = choices.some((choice) => choice.value === value) || value === '';
  const all = known ? choices : [...choices, { value, label: value }];
  const made = element(
    'select',
    { ...attributes, onchange: () => onchange(made.value) },
    ...all.map((choice) => element('option', { value: choice.value }, choice.label)),
  );
  made.value = value;
  return made;
}

/** A text field that tells each change. */
export function field(
  value: string,
  oninput: (value: string) => void,
  attributes: Attributes = {},
): HTMLInputElement {
  const made = element('input', { type: 'text', value, ...attributes, oninput: () => oninput(made.value) });
  return made;
}

/** Replaces what an element holds. */
export function fill(parent: Element, ...children: Child[]): void {
  parent.replaceChildren(...children.filter((child) => child !== null && child !== undefined));
}
