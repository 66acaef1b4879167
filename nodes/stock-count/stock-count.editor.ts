import type { EditorRED } from 'node-red';
import { typedInput } from '../shared/editor/typed-input.ts';

declare const RED: EditorRED;

const limit = (value: string) => value === '' || Number(value) >= 0;

RED.nodes.registerType('stock-count', {
  category: 'order hub',
  color: '#F3B567',
  icon: 'order-hub-stock-count.svg',
  defaults: {
    name: { value: '' },
    store: { value: '', type: 'hub-store', required: true },
    pool: { value: 'main', required: true },
    kind: { value: 'cycle' },
    missing: { value: 'report' },
    data: { value: 'payload', required: true },
    dataType: { value: 'msg' },
    sheet: { value: 'filename' },
    sheetType: { value: 'msg' },
    units: { value: '10', validate: (value: string) => limit(value) && Number.isInteger(Number(value)) },
    percent: { value: '', validate: limit },
    value: { value: '', validate: limit },
    duplicates: { value: 'refuse' },
    zone: { value: '' },
    skuColumn: { value: '' },
    countedColumn: { value: '' },
    timeColumn: { value: '' },
    costColumn: { value: '' },
    worksheet: { value: '' },
    version: { value: 1 },
  },
  inputs: 1,
  outputs: 3,
  paletteLabel() {
    return this._('stock-count.label.node');
  },
  label() {
    return this.name || this._('stock-count.label.node');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  outputLabels(index) {
    return this._(`stock-count.port.${['applied', 'waiting', 'refused'][index]}`);
  },
  oneditprepare() {
    typedInput('data', ['msg', 'str', 'json', 'jsonata']);
    typedInput('sheet', ['msg', 'str', 'jsonata']);
    const show = () => {
      const isFull = $('#node-input-kind').val() === 'full';
      $('#order-hub-row-missing').toggle(isFull);
      const isZero = isFull && $('#node-input-missing').val() === 'zero';
      $('#order-hub-tip-zero').toggle(isZero);
    };
    $('#node-input-kind, #node-input-missing').on('change', show);
    show();
  },
});
