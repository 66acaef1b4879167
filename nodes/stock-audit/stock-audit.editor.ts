import type { EditorRED } from 'node-red';
import { checkedField } from '../shared/editor/checked-field.ts';
import { coverableStatuses, fieldFault } from './audit-fields.ts';

declare const RED: EditorRED;

RED.nodes.registerType('stock-audit', {
  category: 'order hub',
  color: '#F3B567',
  icon: 'order-hub-stock-audit.svg',
  defaults: {
    name: { value: '' },
    store: { value: '', type: 'hub-store', required: true },
    hints: { value: false },
    statuses: { value: ['paid', 'part-shipped'] },
    graceMinutes: { value: '5', validate: checkedField((value) => fieldFault('graceMinutes', value)) },
    unknownHours: { value: '24', validate: checkedField((value) => fieldFault('unknownHours', value)) },
    secondPersonAbove: {
      value: '100',
      validate: checkedField((value) => fieldFault('secondPersonAbove', value)),
    },
    version: { value: 1 },
  },
  inputs: 1,
  outputs: 3,
  paletteLabel() {
    return this._('stock-audit.label.node');
  },
  label() {
    return this.name || this._('stock-audit.label.node');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  inputLabels() {
    return this._('stock-audit.port.run');
  },
  outputLabels(index) {
    return this._(`stock-audit.port.${['opened', 'cleared', 'sheet'][index]}`);
  },
  oneditprepare() {
    const list = $('#order-hub-audit-statuses').empty();
    for (const status of coverableStatuses) {
      const box = $('<input type="checkbox">')
        .css({ width: 'auto', margin: '0 6px 0 0' })
        .val(status)
        .prop('checked', (this.statuses as string[]).includes(status));
      $('<label>')
        .css({ width: 'auto', margin: '0 16px 0 0', display: 'inline-block' })
        .append(box, document.createTextNode(this._(`stock-audit.status-name.${status}`)))
        .appendTo(list);
    }
  },
  oneditsave() {
    this.statuses = $('#order-hub-audit-statuses input:checked')
      .map((_, box) => (box as HTMLInputElement).value)
      .get();
  },
});
