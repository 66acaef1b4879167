import { parseJson } from '../../../core/json.ts';
import { element, field, fill, select } from '../../shared/editor/element.ts';
import { editorLanguage } from '../../shared/editor/language.ts';
import { customFault } from '../account-fields.ts';
import type { Text } from '../dialog.editor.ts';
import {
  credentialsNeeded,
  type FormField,
  type FormSection,
  kindBeginnings,
  sections,
} from './form-fields.ts';
import {
  type Entered,
  enteredJson,
  enteredLines,
  enteredList,
  escaped,
  isGroup,
  jsonOf,
  linesOf,
  textOf,
  unescaped,
  valueAt,
  withValue,
} from './form-value.ts';
import { presetNames, presetText } from './presets.ts';

const wide = 'width: 70%; box-sizing: border-box';
const code = `${wide}; font-family: monospace; white-space: pre`;
const faint = 'margin-left: 105px; color: var(--red-ui-secondary-text-color)';

/**
 * Fields and selects for the configuration of a custom channel, in step with its JSON text, which is what is kept:
 * a change in either shows in the other at once.
 */
export function prepareCustomForm(text: Text): void {
  const json = $('#node-config-input-custom');
  const place = document.getElementById('order-hub-account-custom-form')!;
  const faultPlace = $('#order-hub-account-custom-fault');
  const opened = new Set<string>(['authentication', 'orders']);
  /** What was taken out by a select or a tick, should it be wanted again. */
  const putAside = new Map<string, unknown>();
  let before: string | undefined;
  const told = (key: string, values?: Record<string, string>): string => text(`custom.${key}`, values);

  function entered(): Entered | undefined {
    const typed = String(json.val() ?? '');
    if (typed.trim() === '') return {};
    try {
      const value = parseJson(typed);
      return isGroup(value) ? value : undefined;
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  /** Values typed so far, among them those that are not JSON yet. */
  let current: Entered = entered() ?? {};

  function judge(): void {
    const typed = String(json.val() ?? '');
    faultPlace.text(customFault(typed)?.told(editorLanguage()) ?? '');
    const needed = credentialsNeeded[String(valueAt(entered(), 'authentication.kind'))];
    const isCustom = $('#node-config-input-platform').val() === 'custom';
    if (isCustom)
      for (const name of ['appKey', 'appSecret', 'accessToken'])
        $(`.order-hub-account-access[data-field="${name}"]`).toggle(!needed || needed.includes(name));
  }

  function write(at: string, value: unknown): void {
    current = withValue(current, at, value);
    if (current.authentication === undefined) current = withValue(current, 'authentication.kind', 'none');
    json.val(textOf(current)).trigger('change');
    judge();
  }

  function replace(typed: string): void {
    json.val(typed).trigger('change');
    reread();
  }

  function writeChoice(at: string, value: string): void {
    const group = at.replace(/\.kind$/, '');
    if (group !== at) {
      const old = valueAt(current, group);
      const oldKind = String(valueAt(current, at));
      putAside.set(`${group}:${oldKind}`, old);
      write(group, putAside.get(`${group}:${value}`) ?? kindBeginnings[value] ?? { kind: value });
    } else write(at, value);
    render();
  }

  function writePresence(at: string, wanted: boolean, begin: unknown): void {
    // A request has either a body or a query of GraphQL.
    const body = at.endsWith('.graphql') ? at.replace(/graphql$/, 'body') : undefined;
    if (wanted) {
      if (body) putAside.set(body, valueAt(current, body));
      if (body) write(body, undefined);
      write(at, putAside.get(at) ?? begin);
    } else {
      putAside.set(at, valueAt(current, at));
      write(at, undefined);
      if (body) write(body, putAside.get(body));
    }
    render();
  }

  function input(one: FormField, id: string): HTMLElement {
    const { at, input: how } = one;
    const value = valueAt(current, at);
    const area = (typed: string, rows: number, of: (typed: string) => unknown): HTMLElement => {
      const made = element('textarea', {
        id,
        rows: Math.min(12, Math.max(rows, typed.split('\n').length)),
        style: code,
        spellcheck: 'false',
        oninput: () => write(at, of(made.value)),
      });
      made.value = typed;
      return made;
    };
    const line = (typed: string, of: (typed: string) => unknown, attributes: Record<string, string> = {}) =>
      field(typed, (now) => write(at, of(now)), {
        id,
        style: wide,
        spellcheck: 'false',
        autocapitalize: 'off',
        ...attributes,
      });
    switch (how.kind) {
      case 'text':
        return line(
          how.escaped ? escaped(shownText(value)) : shownText(value),
          (typed) => (how.escaped ? unescaped(typed) : typed) || undefined,
          { placeholder: how.usual ?? '' },
        );
      case 'number':
        return line(shownText(value), (typed) => (typed === '' ? undefined : Number(typed)), {
          type: 'number',
          min: '0',
          style: 'width: 110px',
          placeholder: String(how.usual),
        });
      case 'list':
        return line(Array.isArray(value) ? value.map(String).join(', ') : shownText(value), enteredList, {
          placeholder: how.known?.join(', ') ?? '',
        });
      case 'lines':
        return area(linesOf(value), 1, enteredLines);
      case 'json':
        return area(jsonOf(value), 2, enteredJson);
      case 'long':
        return area(shownText(value), 4, (typed) => typed);
      case 'choice':
        return select(
          how.options.map((option) => ({ value: option, label: told(`option.${how.texts}-${option}`) })),
          shownText(value) || how.options[0]!,
          (chosen) => writeChoice(at, chosen),
          { id, style: wide },
        );
      case 'flag':
      case 'presence': {
        const made = element('input', {
          id,
          type: 'checkbox',
          style: 'width: auto; vertical-align: baseline',
          checked: how.kind === 'flag' ? value === true : value !== undefined,
          onchange: () => {
            if (how.kind === 'presence') writePresence(at, made.checked, how.begin);
            else write(at, made.checked || undefined);
          },
        });
        return made;
      }
    }
  }

  function row(one: FormField): HTMLElement {
    const id = `order-hub-custom-${one.at.replaceAll('.', '-')}`;
    const label = told(`label.${one.label}`);
    const isTick = one.input.kind === 'flag' || one.input.kind === 'presence';
    const made = isTick
      ? element(
          'div',
          { class: 'form-row' },
          element('label', { for: id, style: 'width: auto' }, input(one, id), ` ${label}`),
        )
      : element(
          'div',
          { class: 'form-row' },
          element('label', { for: id, style: 'vertical-align: top' }, label),
          input(one, id),
        );
    if (one.values) {
      const names = one.values.map((name) => `{${name}}`).join(' ');
      made.append(element('div', { style: faint }, told('tip.values', { names })));
    }
    if (one.input.kind === 'lines') made.append(element('div', { style: faint }, told('tip.lines')));
    return made;
  }

  function section({ name, fields }: FormSection): HTMLElement {
    const made = element(
      'details',
      {
        style: 'margin: 8px 0',
        'data-section': name,
        open: opened.has(name) ? 'open' : undefined,
        ontoggle: () => {
          if (made.open) opened.add(name);
          else opened.delete(name);
        },
      },
      element('summary', { style: 'cursor: pointer; font-weight: 600' }, told(`section.${name}`)),
      element('p', { style: 'color: var(--red-ui-secondary-text-color)' }, told(`about.${name}`)),
      ...fields.filter(({ shown }) => shown?.(current) ?? true).map(row),
    );
    return made;
  }

  function start(): HTMLElement {
    const id = 'order-hub-custom-preset';
    const choices = ['', ...presetNames].map((name) => ({
      value: name,
      label: told(`preset.${name || 'none'}`),
    }));
    const list = select(
      choices,
      '',
      () => {
        const chosen = presetNames.find((name) => name === list.value);
        if (!chosen) return;
        before = String(json.val() ?? '');
        replace(presetText(chosen));
      },
      { id, style: wide },
    );
    const undo =
      before === undefined
        ? null
        : element(
            'button',
            {
              type: 'button',
              class: 'red-ui-button red-ui-button-small',
              id: 'order-hub-custom-undo',
              onclick: () => {
                const typed = before ?? '';
                before = undefined;
                replace(typed);
              },
            },
            told('label.undo'),
          );
    return element(
      'div',
      { class: 'form-row' },
      element('label', { for: id }, told('label.preset')),
      list,
      undo && element('div', { style: 'margin: 4px 0 0 105px' }, undo),
    );
  }

  function render(): void {
    const title: FormField = { at: 'title', label: 'title', input: { kind: 'text' } };
    fill(place, start(), row(title), ...sections.map(section));
  }

  /** Takes over what stands in the JSON. A text that cannot be read is mended in its own field, where it stands. */
  function reread(): void {
    const found = entered();
    judge();
    if (found) {
      current = found;
      render();
      return;
    }
    $('#order-hub-account-custom-json').prop('open', true);
    fill(place, start());
  }

  json.on('input', reread);
  $('#node-config-input-platform').on('change', judge);
  reread();
}

function shownText(value: unknown): string {
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value);
}
