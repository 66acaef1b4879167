import type { EditorRED } from 'node-red';
import { element } from '../shared/editor/element.ts';
import { type FieldValue, fieldsOf, isQuestion, type QuestionField } from './questions.ts';

declare const RED: EditorRED;

interface DialogNode {
  fields?: Record<string, FieldValue>;
  _(key: string): string;
}

interface TypedInput {
  typedInput(options: { types: unknown[]; default: string }): void;
  typedInput(method: 'type' | 'value'): string;
  typedInput(method: 'type' | 'value', value: string): void;
}

const usualTypes = ['str', 'num', 'msg', 'flow', 'global', 'jsonata', 'env'];

/** What is filled in now, by the field's name. */
type Filled = Map<string, () => FieldValue>;

/**
 * Shows a typed input for each field of the question that is chosen, anew when another is.
 *
 * @returns reads what is filled in, for `oneditsave`
 */
export function queryFields(node: DialogNode): () => Record<string, FieldValue> {
  const place = $('#order-hub-query-fields');
  const chosen = $('#node-input-question');
  const known = new Map(Object.entries(node.fields ?? {}));
  let filled: Filled = new Map();

  const show = () => {
    // A field that two questions share keeps its value.
    for (const [name, read] of filled) known.set(name, read());
    const question = String(chosen.val() ?? '');
    place.empty();
    filled = new Map();
    if (!isQuestion(question)) return;
    for (const field of fieldsOf(question)) {
      const saved = known.get(field.name);
      filled.set(field.name, addField(place, node, field, saved?.value ? saved : field.usual));
    }
    $('#order-hub-query-about').text(node._(`hub-query.about.${question}`));
  };
  chosen.on('change', show);
  show();

  return () => {
    const entries = [...filled].map(([name, read]) => [name, read()] as const);
    return Object.fromEntries(entries.filter(([, { value }]) => value !== ''));
  };
}

function addField(
  place: JQuery,
  node: DialogNode,
  { name, choices }: QuestionField,
  initial: FieldValue | undefined,
): () => FieldValue {
  const id = `order-hub-query-${name}`;
  const input = element('input', { type: 'text', id });
  const label = element('label', { for: id }, node._(`hub-query.field.${name}`));
  place.append(element('div', { class: 'form-row' }, label, input));
  const typed = $(input) as unknown as TypedInput;
  const own = choices && {
    value: 'choice',
    label: node._('hub-query.choice.label'),
    options: [
      { value: '', label: node._('hub-query.choice.any') },
      ...choices.map((value) => ({ value, label: node._(`hub-query.choice.${value}`) })),
    ],
  };
  typed.typedInput({ types: own ? [own, ...usualTypes] : usualTypes, default: own ? 'choice' : 'str' });
  if (initial) {
    typed.typedInput('type', initial.type);
    typed.typedInput('value', initial.value);
  }
  return () => ({ value: typed.typedInput('value'), type: typed.typedInput('type') });
}
