import type { EditorRED } from 'node-red';

declare const RED: EditorRED;

RED.nodes.registerType('dead-letter', {
  category: 'order hub',
  color: '#87A980',
  icon: 'order-hub-dead-letter.svg',
  defaults: {
    name: { value: '' },
    store: { value: '', type: 'hub-store', required: true },
    tells: { value: true },
    action: { value: 'message', required: true },
    cap: {
      value: '100',
      validate: (value: string) => value === '' || (Number.isInteger(Number(value)) && Number(value) >= 1),
    },
    version: { value: 1 },
  },
  inputs: 1,
  outputs: 2,
  paletteLabel() {
    return this._('dead-letter.label.node');
  },
  label() {
    return this.name || this._('dead-letter.label.node');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  inputLabels() {
    return this._('dead-letter.port.command');
  },
  outputLabels(index) {
    return this._(index === 0 ? 'dead-letter.port.died' : 'dead-letter.port.answer');
  },
  oneditprepare() {
    const action = $('#node-input-action');
    const show = () => {
      const chosen = String(action.val() ?? 'message');
      $('#order-hub-dead-cap').toggle(chosen === 'retry-many' || chosen === 'message');
      $('#order-hub-dead-needs').text(this._(`dead-letter.needs.${chosen}`));
    };
    action.on('change', show);
    show();
  },
});
