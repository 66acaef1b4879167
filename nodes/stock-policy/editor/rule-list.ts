import { presetRules } from '../../../core/stock/policy/usual-rules.ts';
import { element, fill, select } from '../../shared/editor/element.ts';
import type { SavedRule } from '../policy-settings.ts';
import type { DialogContext } from './context.ts';
import { type RuleCard, ruleCard } from './rule-card.ts';

export interface RuleList {
  rules(): SavedRule[];
  /** Shows what is wrong with each row, by its place. */
  show(faults: ReadonlyMap<number, readonly string[]>): void;
}

interface EditableList {
  editableList(options: object): EditableList;
  editableList(command: 'addItem', item: SavedRule): void;
  editableList(command: 'items'): JQuery;
}

const empty: SavedRule = {
  scenario: '',
  lockOn: [],
  bucket: 'committed',
  limit: { kind: 'none' },
  committedOn: [],
  finalOn: ['shipped'],
  freeOn: ['cancelled', 'refunded'],
  priority: 'normal',
};

/** The rows of the policy; they can be dragged, taken out, and added from what the field knows. */
export function ruleList(
  context: DialogContext,
  list: HTMLElement,
  bar: HTMLElement,
  initial: readonly SavedRule[],
): RuleList {
  const { t } = context;
  const cards = new WeakMap<Element, RuleCard>();
  const widget = $(list) as unknown as EditableList;
  widget.editableList({
    addButton: false,
    removable: true,
    sortable: true,
    height: 'auto',
    addItem(container: JQuery, _index: number, item: SavedRule) {
      const card = ruleCard(context, item);
      container.append(card.shell);
      const entry = container.closest('li')[0];
      if (entry) cards.set(entry, card);
    },
    removeItem: () => context.changed(),
    sortItems: () => context.changed(),
  });
  for (const rule of initial) widget.editableList('addItem', rule);
  const all = (): RuleCard[] =>
    // The widget answers one jQuery object a row, holding the row's content.
    [...(widget.editableList('items') as unknown as Iterable<JQuery>)].flatMap((content) => {
      const entry = content[0]?.closest('li');
      return (entry && cards.get(entry)) ?? [];
    });
  let chosen = '';
  fill(
    bar,
    select(
      [
        { value: '', label: t('preset.empty') },
        ...presetRules.map(({ scenario }) => ({ value: scenario, label: t(`scenario.${scenario}`) })),
      ],
      chosen,
      (value) => {
        chosen = value;
      },
      { 'aria-label': t('preset.choose') },
    ),
    element(
      'button',
      {
        type: 'button',
        class: 'red-ui-button',
        onclick: () => {
          const preset = presetRules.find(({ scenario }) => scenario === chosen);
          widget.editableList('addItem', structuredClone((preset as SavedRule | undefined) ?? empty));
          context.changed();
          all().at(-1)?.shell.scrollIntoView({ block: 'nearest' });
        },
      },
      t('preset.add'),
    ),
  );
  return {
    rules: () => all().map((card) => card.rule()),
    show(faults) {
      for (const [index, card] of all().entries()) card.show(faults.get(index) ?? []);
    },
  };
}
