import type { Condition, MatchCase, Source } from '../../../core/order/mapping/types.ts';
import { element, field, fill, select } from '../../shared/editor/element.ts';
import type { DialogContext } from './context.ts';

const kinds: Source['kind'][] = ['path', 'first-match', 'template', 'constant', 'account', 'jsonata'];
const accountFields = ['channel', 'shop', 'currency', 'zone', 'scenario'];
/** What a row of a first-match table may take. */
const taking = ['value', 'path', 'template', 'sum'];
const tests: Condition['is'][] = ['equals', 'in', 'not-equals', 'not-in', 'present', 'absent'];

function freshSource(kind: Source['kind']): Source {
  switch (kind) {
    case 'account':
      return { kind, value: 'channel' };
    case 'first-match':
      return { kind, cases: [{ when: [{ path: '', is: 'equals', value: '' }], value: '' }] };
    default:
      return { kind, value: '' };
  }
}

/** Edits where a rule takes its value from; `below` is where a table goes that needs the row's whole width. */
export function sourceField(
  context: DialogContext,
  initial: Source,
  below: HTMLElement,
  onchange: (source: Source) => void,
): HTMLElement {
  let source = initial;
  const value = element('span', { class: 'order-hub-map-value' });
  const update = (next: Source) => {
    source = next;
    onchange(next);
  };
  const draw = () => {
    fill(below);
    const { kind } = source;
    if (kind === 'first-match') {
      fill(value, element('span', { class: 'order-hub-map-note' }, context.t('source.see-table')));
      fill(below, casesTable(context, source, update));
    } else if (kind === 'account') {
      const choices = accountFields.map((name) => ({ value: name, label: context.t(`account.${name}`) }));
      fill(
        value,
        select(choices, source.value, (chosen) =>
          update({ kind, value: chosen as (typeof accountFields)[number] } as Source),
        ),
      );
    } else {
      fill(
        value,
        field(String(source.value), (text) => update({ ...source, value: text } as Source), {
          placeholder: context.t(`source.example.${kind}`),
        }),
      );
    }
  };
  const choices = kinds.map((kind) => ({ value: kind, label: context.t(`source.${kind}`) }));
  const kindField = select(choices, source.kind, (kind) => {
    update(freshSource(kind as Source['kind']));
    draw();
  });
  draw();
  return element('span', { class: 'order-hub-map-source' }, kindField, value);
}

/** The table of a first-match source: conditions, and what is taken when they hold. */
function casesTable(
  context: DialogContext,
  source: Extract<Source, { kind: 'first-match' }>,
  onchange: (source: Source) => void,
): HTMLElement {
  const cases = structuredClone(source.cases);
  const body = element('div');
  const tell = () => onchange({ ...source, cases: structuredClone(cases) });
  const draw = () => {
    fill(
      body,
      ...cases.map((row, index) =>
        caseRow(
          context,
          row,
          index,
          tell,
          draw,
          () => {
            cases.splice(index, 1);
            tell();
            draw();
          },
          (changed) => {
            cases[index] = changed;
            tell();
          },
        ),
      ),
      element(
        'button',
        {
          type: 'button',
          class: 'red-ui-button red-ui-button-small',
          onclick: () => {
            cases.push({ when: [{ path: '', is: 'equals', value: '' }], value: '' });
            tell();
            draw();
          },
        },
        `+ ${context.t('case.add')}`,
      ),
    );
  };
  draw();
  return element('div', { class: 'order-hub-map-table' }, body);
}

function caseRow(
  context: DialogContext,
  row: MatchCase,
  index: number,
  tell: () => void,
  redraw: () => void,
  remove: () => void,
  replace: (row: MatchCase) => void,
): HTMLElement {
  const conditions = row.when.map((condition, place) =>
    conditionFields(context, condition, tell, () => {
      row.when.splice(place, 1);
      tell();
      redraw();
    }),
  );
  const kind = taking.find((name) => name in row) ?? 'value';
  const taken = (row as unknown as Record<string, string>)[kind] ?? '';
  return element(
    'div',
    { class: 'order-hub-map-case' },
    element('span', { class: 'order-hub-map-word' }, context.t(wordBefore(row, index))),
    element(
      'span',
      { class: 'order-hub-map-when' },
      ...conditions,
      element(
        'a',
        {
          href: '#',
          title: context.t('case.and'),
          onclick: (event) => {
            event.preventDefault();
            row.when.push({ path: '', is: 'equals', value: '' });
            tell();
            redraw();
          },
        },
        `+ ${context.t('case.and')}`,
      ),
    ),
    element('span', { class: 'order-hub-map-word' }, context.t('case.then')),
    select(
      taking.map((name) => ({ value: name, label: context.t(`case.take.${name}`) })),
      kind,
      (chosen) => {
        replace({ when: row.when, [chosen]: taken } as unknown as MatchCase);
        redraw();
      },
    ),
    field(
      taken,
      (text) => {
        (row as unknown as Record<string, string>)[kind] = text;
        tell();
      },
      kind === 'sum' ? { placeholder: context.t('case.example-sum') } : {},
    ),
    removeButton(context, remove),
  );
}

/** A row without conditions fits whatever is left. */
function wordBefore(row: MatchCase, index: number): string {
  if (row.when.length === 0) return index === 0 ? 'case.always' : 'case.otherwise';
  return index === 0 ? 'case.if' : 'case.else-if';
}

function conditionFields(
  context: DialogContext,
  condition: Condition,
  tell: () => void,
  remove: () => void,
): HTMLElement {
  const valueHolder = element('span');
  const drawValue = () => {
    if (condition.is === 'present' || condition.is === 'absent') {
      delete condition.value;
      fill(valueHolder);
      return;
    }
    const list = condition.is === 'in' || condition.is === 'not-in';
    const shown = Array.isArray(condition.value) ? condition.value.join(', ') : (condition.value ?? '');
    const read = (text: string) => {
      condition.value = list
        ? text
            .split(',')
            .map((part) => part.trim())
            .filter(Boolean)
        : text;
    };
    read(shown);
    fill(
      valueHolder,
      field(
        shown,
        (text) => {
          read(text);
          tell();
        },
        { placeholder: context.t(list ? 'case.values' : 'case.value') },
      ),
    );
  };
  drawValue();
  return element(
    'span',
    { class: 'order-hub-map-condition' },
    field(
      condition.path,
      (text) => {
        condition.path = text;
        tell();
      },
      { placeholder: context.t('case.path') },
    ),
    select(
      tests.map((test) => ({ value: test, label: context.t(`test.${test}`) })),
      condition.is,
      (test) => {
        condition.is = test as Condition['is'];
        drawValue();
        tell();
      },
    ),
    valueHolder,
    removeButton(context, remove),
  );
}

/** The small cross that takes a row out. */
export function removeButton(context: DialogContext, onclick: () => void): HTMLElement {
  return element(
    'button',
    {
      type: 'button',
      class: 'red-ui-button red-ui-button-small order-hub-map-remove',
      title: context.t('remove'),
      onclick,
    },
    element('i', { class: 'fa fa-times' }),
  );
}
