import type { PreviewRow } from '../../../core/order/mapping/preview.ts';
import type { Target } from '../../../core/order/mapping/targets.ts';
import type { Rule } from '../../../core/order/mapping/types.ts';
import { element, field, fill, select } from '../../shared/editor/element.ts';
import { type DialogContext, newRule } from './context.ts';
import { sourceField } from './source-field.ts';
import { transformField } from './transform-field.ts';

/** The table of rules in the dialog. */
export interface RuleList {
  rules(): Rule[];
  replace(rules: readonly Rule[]): void;
  /** Puts what a preview found beside the rules, in their order. */
  show(rows: readonly PreviewRow[]): void;
}

interface Row {
  rule: Rule;
  result: HTMLElement;
  shell: HTMLElement;
}

interface EditableList {
  editableList(options: object): EditableList;
  editableList(command: 'addItem', item: Rule): void;
  editableList(command: 'empty'): void;
  editableList(command: 'items'): JQuery;
}

/** Makes a list of rules out of an `<ol>`; rows can be dragged, added and taken out. */
export function ruleList(
  context: DialogContext,
  list: HTMLElement,
  targets: readonly Target[],
  initial: readonly Rule[],
): RuleList {
  const rows = new WeakMap<Element, Row>();
  const widget = $(list) as unknown as EditableList;
  widget.editableList({
    addButton: context.t('rule.add'),
    removable: true,
    sortable: true,
    height: 'auto',
    addItem(container: JQuery, _index: number, item: Partial<Rule>) {
      const rule = item.source ? structuredClone(item as Rule) : newRule();
      const row = ruleRow(context, targets, rule);
      container.append(row.shell);
      const entry = container.closest('li')[0];
      if (entry) rows.set(entry, row);
      if (!item.source) context.changed();
    },
    removeItem: () => context.changed(),
    sortItems: () => context.changed(),
  });
  const all = (): Row[] =>
    // The widget answers one jQuery object a row, holding the row's content.
    [...(widget.editableList('items') as unknown as Iterable<JQuery>)].flatMap((content) => {
      const entry = content[0]?.closest('li');
      const row = entry ? rows.get(entry) : undefined;
      return row ?? [];
    });
  const replace = (rules: readonly Rule[]) => {
    widget.editableList('empty');
    for (const rule of rules) widget.editableList('addItem', rule);
  };
  replace(initial);
  return {
    rules: () => all().map((row) => row.rule),
    replace,
    show(found) {
      const shown = all();
      for (const row of shown) fill(row.result);
      for (const result of found) {
        const row = shown[result.rule.index];
        // Of an order's lines the first stands beside the rule, and any other that has a problem.
        if (row && ((result.line ?? 0) === 0 || (result.problem && row.result.childElementCount === 0))) {
          fill(row.result, ...resultOf(context, result));
        }
      }
    },
  };
}

function resultOf(context: DialogContext, row: PreviewRow): HTMLElement[] {
  if (row.problem) {
    const where = row.line ? `${context.t('preview.line', { number: row.line + 1 })} ` : '';
    return [element('span', { class: 'order-hub-map-problem' }, `${where}${row.problem.sentence}`)];
  }
  if (row.found === undefined && row.written === undefined) {
    return [element('span', { class: 'order-hub-map-nothing' }, context.t('preview.nothing'))];
  }
  const parts = [element('span', { class: 'order-hub-map-found' }, row.found ?? '–')];
  parts.push(element('span', { class: 'order-hub-map-written' }, ` → ${row.written ?? '–'}`));
  if (row.warning)
    parts.push(element('span', { class: 'order-hub-map-warning' }, ` ${row.warning.sentence}`));
  return parts;
}

function ruleRow(context: DialogContext, targets: readonly Target[], rule: Rule): Row {
  const result = element('div', { class: 'order-hub-map-result' });
  const sourceTable = element('div');
  const lookup = element('div');
  const row: Row = { rule, result, shell: element('div', { class: 'order-hub-map-rule' }) };
  const change = (part: Partial<Rule>) => {
    row.rule = { ...row.rule, ...part };
    context.changed();
  };
  const choices = [
    { value: '', label: context.t('rule.choose') },
    ...targets.map((target) => ({
      value: target.target,
      label: `${target.labels[context.language]}${target.required ? ' *' : ''}`,
    })),
  ];
  fill(
    row.shell,
    element(
      'div',
      { class: 'order-hub-map-line' },
      targetField(context, choices, rule.target, (target) => change({ target })),
      element('span', { class: 'order-hub-map-word' }, '←'),
      sourceField(context, rule.source, sourceTable, (source) => change({ source })),
      transformField(context, rule.transform, lookup, (transform) => change({ transform })),
      element(
        'label',
        { class: 'order-hub-map-required', title: context.t('rule.required-hint') },
        element('input', {
          type: 'checkbox',
          checked: rule.required,
          onchange: (event) => change({ required: (event.target as HTMLInputElement).checked }),
        }),
        context.t('rule.required'),
      ),
      field(rule.default ?? '', (text) => change({ default: text === '' ? undefined : text }), {
        class: 'order-hub-map-default',
        placeholder: context.t('rule.default'),
        title: context.t('rule.default-hint'),
      }),
    ),
    sourceTable,
    lookup,
    result,
  );
  return row;
}

/** The field to fill: one of the list, or `extra.` and a name of one's own. */
function targetField(
  context: DialogContext,
  choices: readonly { value: string; label: string }[],
  initial: string,
  onchange: (target: string) => void,
): HTMLElement {
  const own = 'extra.';
  const holder = element('span', { class: 'order-hub-map-target' });
  const draw = (target: string) => {
    const isOwn = target.startsWith(own);
    const list = select(
      [...choices, { value: own, label: context.t('rule.own') }],
      isOwn ? own : target,
      (chosen) => {
        onchange(chosen);
        draw(chosen);
      },
    );
    const name = isOwn
      ? field(target.slice(own.length), (text) => onchange(`${own}${text}`), {
          placeholder: context.t('rule.own-name'),
        })
      : null;
    fill(holder, list, name);
  };
  draw(initial);
  return holder;
}
