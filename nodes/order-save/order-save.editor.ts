import type { EditorRED } from 'node-red';
import { typedInput } from '../shared/editor/typed-input.ts';

declare const RED: EditorRED;

RED.nodes.registerType('order-save', {
  category: 'order hub',
  color: '#87A980',
  icon: 'order-hub-order-save.svg',
  defaults: {
    name: { value: '' },
    store: { value: '', type: 'hub-store', required: true },
    order: { value: 'payload', required: true },
    orderType: { value: 'msg' },
    version: { value: 1 },
  },
  inputs: 1,
  outputs: 3,
  paletteLabel() {
    return this._('order-save.label.node');
  },
  label() {
    return this.name || this._('order-save.label.node');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  outputLabels(index) {
    return this._(
      ['order-save.port.changed', 'order-save.port.unchanged', 'order-save.port.refused'][index] ?? '',
    );
  },
  oneditprepare() {
    typedInput('order', ['msg', 'jsonata']);
  },
});
