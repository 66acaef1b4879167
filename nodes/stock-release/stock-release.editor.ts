import type { EditorRED } from 'node-red';
import { typedInput } from '../shared/editor/typed-input.ts';

declare const RED: EditorRED;

RED.nodes.registerType('stock-release', {
  category: 'order hub',
  color: '#F3B567',
  icon: 'order-hub-stock-release.svg',
  defaults: {
    name: { value: '' },
    store: { value: '', type: 'hub-store', required: true },
    pool: { value: 'main', required: true },
    what: { value: 'all' },
    lines: { value: 'payload.lines' },
    linesType: { value: 'msg' },
    version: { value: 1 },
  },
  inputs: 1,
  outputs: 2,
  paletteLabel() {
    return this._('stock-release.label.node');
  },
  label() {
    return this.name || this._('stock-release.label.node');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  outputLabels(index) {
    return this._(index === 0 ? 'stock-release.port.released' : 'stock-release.port.refused');
  },
  oneditprepare() {
    typedInput('lines', ['msg', 'json', 'jsonata']);
    const show = () => $('#order-hub-row-lines').toggle($('#node-input-what').val() !== 'all');
    $('#node-input-what').on('change', show);
    show();
  },
});
