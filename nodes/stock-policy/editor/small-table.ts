import { element, field, fill } from '../../shared/editor/element.ts';
import type { DialogContext } from './context.ts';

interface Column<Row> {
  name: keyof Row & string;
  label: string;
  placeholder: string;
  /** Id of a list of suggestions. */
  list?: string;
}

/** A short table of texts: one input a cell, a button to take a row out, and one to add a row. */
export function smallTable<Row extends { [Name in keyof Row]: string }>(
  { t, changed }: DialogContext,
  place: HTMLElement,
  columns: readonly Column<Row>[],
  initial: readonly Row[],
  fresh: Row,
): () => Row[] {
  let rows = initial.map((row) => ({ ...row }));
  const show = (): void => {
    const head = element(
      'tr',
      {},
      ...columns.map(({ label }) => element('th', {}, label)),
      element('th', { 'aria-label': t('label.remove-row') }),
    );
    const body = rows.map((row) =>
      element(
        'tr',
        {},
        ...columns.map(({ name, label, placeholder, list }) =>
          element(
            'td',
            {},
            field(
              row[name],
              (text) => {
                row[name] = text as Row[typeof name];
                changed();
              },
              { placeholder, 'aria-label': label, list },
            ),
          ),
        ),
        element(
          'td',
          {},
          element(
            'button',
            {
              type: 'button',
              class: 'red-ui-button red-ui-button-small',
              title: t('label.remove-row'),
              'aria-label': t('label.remove-row'),
              onclick: () => {
                rows = rows.filter((one) => one !== row);
                show();
                changed();
              },
            },
            element('i', { class: 'fa fa-remove' }),
          ),
        ),
      ),
    );
    const add = element(
      'button',
      {
        type: 'button',
        class: 'red-ui-button red-ui-button-small',
        onclick: () => {
          rows = [...rows, { ...fresh }];
          show();
          changed();
        },
      },
      element('i', { class: 'fa fa-plus' }),
      ` ${t('label.add-row')}`,
    );
    const table =
      rows.length > 0
        ? element('table', {}, element('thead', {}, head), element('tbody', {}, ...body))
        : null;
    fill(place, table, add);
  };
  show();
  return () => rows.map((row) => ({ ...row }));
}
