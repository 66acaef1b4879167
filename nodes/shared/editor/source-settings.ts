import { sourceBounds, sourceFaults, usualSource } from '../source-fields.ts';
import { editorLanguage } from './language.ts';

/** The part of a dialog's node that the section reads and writes. */
interface SourceNode {
  _(key: string): string;
}

interface NumberRow {
  field: keyof typeof sourceFaults;
  icon: string;
  step: string;
}

const before: readonly NumberRow[] = [
  { field: 'maxInFlight', icon: 'exchange', step: '1' },
  { field: 'perSecond', icon: 'tachometer', step: 'any' },
];
const after: readonly NumberRow[] = [
  { field: 'deadlineSeconds', icon: 'hourglass-end', step: 'any' },
  { field: 'attempts', icon: 'repeat', step: '1' },
  { field: 'deadCeiling', icon: 'pause-circle', step: '1' },
];

/**
 * Builds the section "Delivery" of a source's dialog into `#order-hub-source`, the same for every source. The
 * rows are made here and not in each form, so Node-RED has not filled them: it only reads them at the end.
 */
export function sourceSettings(node: SourceNode): void {
  const values = node as unknown as Record<string, unknown>;
  const text = (key: string): string => node._(`hub.source.${key}`);
  const section = $('#order-hub-source').empty();
  const details = $('<details>').css('margin', '12px 0').appendTo(section);
  $('<summary>').css('cursor', 'pointer').text(text('title')).appendTo(details);
  $('<div class="form-tips">').css('margin', '8px 0').text(text('tip')).appendTo(details);
  for (const row of before) numberRow(row, values, text).appendTo(details);
  doneWhenRow(values, text).appendTo(details);
  for (const row of after) numberRow(row, values, text).appendTo(details);
  if (details.find('.input-error').length > 0) details.prop('open', true);
}

function numberRow(row: NumberRow, values: Record<string, unknown>, text: (key: string) => string): JQuery {
  const line = formRow(row.field, row.icon, text);
  const input = $('<input type="number">')
    .attr({
      id: `node-input-${row.field}`,
      min: sourceBounds[row.field].least,
      max: sourceBounds[row.field].most,
      step: row.step,
      placeholder: row.field === 'perSecond' ? text('perSecond-empty') : String(usualSource[row.field]),
    })
    .css('width', '100px')
    .val(String(values[row.field] ?? ''))
    .appendTo(line);
  $('<span>')
    .css('margin-left', '6px')
    .text(text(`${row.field}-unit`))
    .appendTo(line);
  const fault = $('<div role="alert">')
    .css({ 'margin-left': '105px', color: 'var(--red-ui-text-color-error)' })
    .appendTo(line);
  const judge = (): void => {
    const found = sourceFaults[row.field](String(input.val() ?? ''));
    input.toggleClass('input-error', found !== undefined);
    fault.text(found?.told(editorLanguage()) ?? '');
  };
  input.on('input change', judge);
  judge();
  return line;
}

function doneWhenRow(values: Record<string, unknown>, text: (key: string) => string): JQuery {
  const line = formRow('doneWhen', 'flag-checkered', text);
  const select = $('<select>').attr('id', 'node-input-doneWhen').css('width', '70%').appendTo(line);
  for (const option of ['settled', 'order-done']) {
    $('<option>')
      .val(option)
      .text(text(`doneWhen-${option}`))
      .appendTo(select);
  }
  select.val(String(values.doneWhen || 'settled'));
  return line;
}

function formRow(field: string, icon: string, text: (key: string) => string): JQuery {
  const line = $('<div class="form-row">');
  const label = $('<label>').attr('for', `node-input-${field}`).appendTo(line);
  $('<i>').addClass(`fa fa-${icon}`).appendTo(label);
  label.append(' ', $('<span>').text(text(field)));
  return line;
}
