import type { EditorRED } from 'node-red';

declare const RED: EditorRED;

const ports = ['done', 'nothing', 'short', 'refused'];

RED.nodes.registerType('stock-apply', {
  category: 'order hub',
  color: '#F3B567',
  icon: 'order-hub-stock-apply.svg',
  defaults: {
    name: { value: '' },
    store: { value: '', type: 'hub-store', required: true },
    policy: { value: '', type: 'stock-policy', required: true },
    version: { value: 1 },
  },
  inputs: 1,
  outputs: 4,
  paletteLabel() {
    return this._('stock-apply.label.node');
  },
  label() {
    return this.name || this._('stock-apply.label.node');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  outputLabels(index) {
    return this._(`stock-apply.port.${ports[index]}`);
  },
});
