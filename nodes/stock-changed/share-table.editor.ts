import { sentence } from '../../core/message.ts';
import { percentSum, shareKinds } from '../../core/stock/shares/policy.ts';
import { element, field, fill, select } from '../shared/editor/element.ts';
import { editorLanguage } from '../shared/editor/language.ts';
import { fieldsFault, newRow, policyFrom, type ShareFields, type ShareRow } from './share-fields.ts';

interface DialogNode {
  _(key: string): string;
}

const listId = '#order-hub-share-rows';
const plainFields = [
  'pools',
  'buffer',
  'closeBelow',
  'reopenAt',
  'lastUnits',
  'debounceSeconds',
  'listingsPerMessage',
] as const;

/** The list of Node-RED's editor whose rows can be dragged into order. */
interface RowList {
  editableList(options: object): RowList;
  editableList(method: 'addItem', row: ShareRow): void;
  editableList(method: 'items'): JQuery;
}

/** Shows the channels as a table whose rows can be moved, and says below it what is wrong, as it is typed. */
export function showShares(node: DialogNode, rows: readonly ShareRow[]): void {
  const t = (key: string): string => node._(`stock-changed.${key}`);
  const list = $(listId) as unknown as RowList;
  list.editableList({
    addButton: t('label.add'),
    removable: true,
    sortable: true,
    height: 'auto',
    addItem(container: JQuery, _index: number, row: Partial<ShareRow>) {
      const full = { ...newRow(), ...row };
      container.data('share', full);
      container[0]!.append(...rowElements(t, full, judge));
      judge();
    },
    removeItem: () => judge(),
    sortItems: () => judge(),
  });
  for (const row of rows) list.editableList('addItem', { ...row });
  for (const name of plainFields) $(`#node-input-${name}`).on('input change', judge);
  judge();
}

/** The rows as they stand in the dialog, in their order. */
export function chosenShares(): ShareRow[] {
  const items = ($(listId) as unknown as RowList).editableList('items');
  return items
    .map((_, item) => $(item).data('share') as ShareRow)
    .get()
    .map((row) => ({ ...row }));
}

/** Says what keeps the node from running, or what may be sold twice. */
function judge(): void {
  // The list calls back while it is being made.
  if (!$(listId).data('nodered-editableList')) return;
  const fields: Record<string, unknown> = { channels: chosenShares() };
  for (const name of plainFields) fields[name] = String($(`#node-input-${name}`).val() ?? '');
  const fault = fieldsFault(fields as Partial<ShareFields>);
  const sum = percentSum(policyFrom(fields as Partial<ShareFields>));
  const warning = sum > 100 ? sentence('shares.over-percent', { sum }, editorLanguage()) : '';
  $('#order-hub-share-fault').text(fault?.told(editorLanguage()) ?? '');
  $('#order-hub-share-warning')
    .text(warning)
    .toggle(warning !== '');
}

function rowElements(t: (key: string) => string, row: ShareRow, changed: () => void): HTMLElement[] {
  const text = (name: 'channel' | 'shop', width: string): HTMLElement =>
    field(
      row[name],
      (value) => {
        row[name] = value;
        changed();
      },
      { style: `width: ${width}`, placeholder: t(`placeholder.${name}`), 'aria-label': t(`label.${name}`) },
    );
  const number = (name: 'amount' | 'cap' | 'fenceUnits', label: string): HTMLElement =>
    field(
      String(row[name] ?? ''),
      (value) => {
        row[name] = value;
        changed();
      },
      {
        type: 'number',
        min: 0,
        step: 'any',
        style: 'width: 92px',
        placeholder: label,
        title: label,
        'aria-label': label,
      },
    );
  const amount = element('span', { style: 'display: inline-flex; gap: 4px; align-items: center' });
  const showAmount = (): void => {
    if (row.kind === 'shared') fill(amount);
    else
      fill(amount, number('amount', t(`amount.${row.kind}`)), row.kind === 'percent' ? '%' : t('unit.units'));
  };
  const kinds = shareKinds.map((value) => ({ value, label: t(`kind.${value}`) }));
  const kind = select(
    kinds,
    row.kind,
    (value) => {
      row.kind = value as ShareRow['kind'];
      showAmount();
      changed();
    },
    { style: 'width: auto', 'aria-label': t('label.kind') },
  );
  showAmount();
  const line = (...children: (HTMLElement | string)[]): HTMLElement =>
    element(
      'div',
      { style: 'display: flex; flex-wrap: wrap; gap: 6px; align-items: center; margin: 3px 0' },
      ...children,
    );
  return [
    line(text('channel', '110px'), text('shop', '110px'), kind, amount),
    line(
      t('label.cap'),
      number('cap', t('placeholder.cap')),
      listingsField(t, row),
      lastField(t, row, changed),
    ),
    campaign(t, row, number, changed),
  ];
}

function listingsField(t: (key: string) => string, row: ShareRow): HTMLElement {
  const choices = (['all', 'mapped'] as const).map((value) => ({ value, label: t(`listings.${value}`) }));
  return select(
    choices,
    row.listings,
    (value) => {
      row.listings = value === 'mapped' ? 'mapped' : 'all';
    },
    { style: 'width: auto', 'aria-label': t('label.listings') },
  );
}

/** One row at most sees the last units, as with a set of radio buttons. */
function lastField(t: (key: string) => string, row: ShareRow, changed: () => void): HTMLElement {
  const box = element('input', {
    type: 'checkbox',
    class: 'order-hub-share-last',
    checked: row.last,
    style: 'width: auto; margin: 0 4px 0 0',
    onchange: () => {
      const chosen = box.checked;
      if (chosen) {
        for (const other of document.querySelectorAll<HTMLInputElement>('.order-hub-share-last'))
          if (other !== box && other.checked) {
            other.checked = false;
            other.dispatchEvent(new Event('change'));
          }
      }
      row.last = chosen;
      changed();
    },
  });
  return element(
    'label',
    { style: 'width: auto; margin: 0; display: inline-flex; align-items: center' },
    box,
    t('label.last'),
  );
}

/** Units kept for a campaign: folded away while there are none. */
function campaign(
  t: (key: string) => string,
  row: ShareRow,
  number: (name: 'fenceUnits', label: string) => HTMLElement,
  changed: () => void,
): HTMLElement {
  const when = (name: 'fenceFrom' | 'fenceUntil'): HTMLElement =>
    field(
      wallClock(row[name]),
      (value) => {
        const at = new Date(value);
        row[name] = Number.isFinite(at.getTime()) ? at.toISOString() : '';
        changed();
      },
      { type: 'datetime-local', style: 'width: auto', 'aria-label': t(`label.${name}`) },
    );
  const isOpen = String(row.fenceUnits ?? '') !== '';
  return element(
    'details',
    { open: isOpen, style: 'margin: 3px 0' },
    element('summary', { style: 'cursor: pointer' }, t('label.fence')),
    element(
      'div',
      { style: 'display: flex; flex-wrap: wrap; gap: 6px; align-items: center; margin-top: 4px' },
      number('fenceUnits', t('unit.units')),
      t('label.fenceFrom'),
      when('fenceFrom'),
      t('label.fenceUntil'),
      when('fenceUntil'),
    ),
  );
}

/** `2026-09-01T08:00` where the viewer is, the form a field of the type datetime-local takes. */
function wallClock(iso: string): string {
  const at = new Date(iso);
  if (!Number.isFinite(at.getTime())) return '';
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
