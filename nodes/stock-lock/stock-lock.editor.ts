import type { EditorRED } from 'node-red';
import { typedInput } from '../shared/editor/typed-input.ts';

declare const RED: EditorRED;

RED.nodes.registerType('stock-lock', {
  category: 'order hub',
  color: '#F3B567',
  icon: 'order-hub-stock-lock.svg',
  defaults: {
    name: { value: '' },
    store: { value: '', type: 'hub-store', required: true },
    pool: { value: 'main', required: true },
    lines: { value: 'payload.lines', required: true },
    linesType: { value: 'msg' },
    scenario: { value: 'normal', required: true },
    bucket: { value: 'committed' },
    minutes: { value: '', validate: (value: string) => value === '' || Number(value) > 0 },
    partial: { value: 'all-or-none' },
    version: { value: 1 },
  },
  inputs: 1,
  outputs: 2,
  paletteLabel() {
    return this._('stock-lock.label.node');
  },
  label() {
    return this.name || this._('stock-lock.label.node');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  outputLabels(index) {
    return this._(index === 0 ? 'stock-lock.port.locked' : 'stock-lock.port.short');
  },
  oneditprepare() {
    typedInput('lines', ['msg', 'jsonata', 'json']);
  },
});
