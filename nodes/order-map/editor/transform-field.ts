import type { Transform } from '../../../core/order/mapping/types.ts';
import { element, field, fill, select } from '../../shared/editor/element.ts';
import type { DialogContext } from './context.ts';
import { removeButton } from './source-field.ts';

const kinds: Transform['kind'][] = ['text', 'integer', 'money', 'time', 'lookup', 'weight'];
const formats = ['iso', 'unix-seconds', 'unix-ms', 'yyyy-MM-dd HH:mm:ss'];

function freshTransform(kind: Transform['kind']): Transform {
  switch (kind) {
    case 'money':
      return { kind, unit: 'major' };
    case 'time':
      return { kind, format: 'iso', zone: 'account' };
    case 'lookup':
      return { kind, table: [{ from: '', to: '' }] };
    case 'weight':
      return { kind, unit: 'g' };
    default:
      return { kind };
  }
}

/** Edits what a rule makes of its value; `below` is where the lookup table goes. */
export function transformField(
  context: DialogContext,
  initial: Transform,
  below: HTMLElement,
  onchange: (transform: Transform) => void,
): HTMLElement {
  let transform = initial;
  const options = element('span', { class: 'order-hub-map-options' });
  const update = (next: Transform) => {
    transform = next;
    onchange(next);
  };
  const draw = () => {
    fill(below);
    fill(options, ...optionsOf(context, transform, update));
    if (transform.kind === 'lookup') fill(below, lookupTable(context, transform, update));
  };
  const choices = kinds.map((kind) => ({ value: kind, label: context.t(`transform.${kind}`) }));
  const kindField = select(choices, transform.kind, (kind) => {
    update(freshTransform(kind as Transform['kind']));
    draw();
  });
  draw();
  return element('span', { class: 'order-hub-map-transform' }, kindField, options);
}

function optionsOf(
  context: DialogContext,
  transform: Transform,
  update: (next: Transform) => void,
): HTMLElement[] {
  switch (transform.kind) {
    case 'text':
      // Few texts are cut: the field stands only where one is.
      return transform.after === undefined
        ? []
        : [
            field(transform.after, (after) => update({ kind: 'text', ...(after !== '' && { after }) }), {
              title: context.t('text.after'),
              placeholder: context.t('text.after'),
            }),
          ];
    case 'money': {
      let current = transform;
      const change = (part: Partial<typeof current>) => {
        current = { ...current, ...part };
        update(current);
      };
      const units = ['major', 'minor'].map((unit) => ({ value: unit, label: context.t(`money.${unit}`) }));
      return [select(units, current.unit, (unit) => change({ unit: unit as 'major' | 'minor' }))];
    }
    case 'time': {
      let current = transform;
      const change = (part: Partial<typeof current>) => {
        current = { ...current, ...part };
        update(current);
      };
      return [
        field(current.format, (format) => change({ format }), {
          list: 'order-hub-map-formats',
          title: context.t('time.format'),
          placeholder: formats[0],
        }),
        field(current.zone ?? '', (zone) => change({ zone: zone || undefined }), {
          list: 'order-hub-map-zones',
          title: context.t('time.zone'),
          placeholder: context.t('time.zone'),
        }),
      ];
    }
    case 'weight':
      return [
        select(
          ['g', 'kg', 'lb', 'oz'].map((unit) => ({ value: unit, label: unit })),
          transform.unit,
          (unit) => update({ kind: 'weight', unit: unit as 'g' }),
        ),
      ];
    default:
      return [];
  }
}

/** The lists the time fields offer, once for the dialog. */
export function timeLists(context: DialogContext): HTMLElement {
  const zones = ['account', 'UTC', 'Asia/Shanghai', 'Europe/Berlin', 'America/New_York'];
  return element(
    'div',
    { hidden: true },
    element(
      'datalist',
      { id: 'order-hub-map-formats' },
      ...formats.map((value) => element('option', { value })),
    ),
    element(
      'datalist',
      { id: 'order-hub-map-zones' },
      ...zones.map((value) =>
        element('option', { value }, value === 'account' ? context.t('time.account-zone') : value),
      ),
    ),
  );
}

function lookupTable(
  context: DialogContext,
  transform: Extract<Transform, { kind: 'lookup' }>,
  onchange: (transform: Transform) => void,
): HTMLElement {
  const table = structuredClone(transform.table);
  const body = element('div');
  const tell = () => onchange({ ...transform, table: structuredClone(table) });
  const draw = () =>
    fill(
      body,
      ...table.map((row, index) =>
        element(
          'div',
          { class: 'order-hub-map-case' },
          field(
            row.from,
            (text) => {
              row.from = text;
              tell();
            },
            { placeholder: context.t('lookup.from') },
          ),
          element('span', { class: 'order-hub-map-word' }, '→'),
          field(
            row.to,
            (text) => {
              row.to = text;
              tell();
            },
            { placeholder: context.t('lookup.to') },
          ),
          removeButton(context, () => {
            table.splice(index, 1);
            tell();
            draw();
          }),
        ),
      ),
      element(
        'button',
        {
          type: 'button',
          class: 'red-ui-button red-ui-button-small',
          onclick: () => {
            table.push({ from: '', to: '' });
            tell();
            draw();
          },
        },
        `+ ${context.t('lookup.add')}`,
      ),
    );
  draw();
  return element('div', { class: 'order-hub-map-table' }, body);
}
