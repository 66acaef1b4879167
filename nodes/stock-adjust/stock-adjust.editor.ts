import type { EditorRED } from 'node-red';
import { typedInput } from '../shared/editor/typed-input.ts';

declare const RED: EditorRED;

RED.nodes.registerType('stock-adjust', {
  category: 'order hub',
  color: '#F3B567',
  icon: 'order-hub-stock-adjust.svg',
  defaults: {
    name: { value: '' },
    store: { value: '', type: 'hub-store', required: true },
    pool: { value: 'main', required: true },
    action: { value: 'receive' },
    bucket: { value: 'available' },
    returnTo: { value: 'qc' },
    moveFrom: { value: 'qc' },
    moveTo: { value: 'available' },
    target: {
      value: '',
      validate(value) {
        return (this.action as string) !== 'transfer' || (value.trim() !== '' && value !== this.pool);
      },
    },
    arriveIn: { value: 'available' },
    lines: { value: 'payload', required: true },
    linesType: { value: 'msg' },
    reason: { value: 'reason' },
    reasonType: { value: 'msg' },
    once: { value: '' },
    onceType: { value: 'str' },
    version: { value: 2 },
  },
  inputs: 1,
  outputs: 2,
  paletteLabel() {
    return this._('stock-adjust.label.node');
  },
  label() {
    return this.name || this._('stock-adjust.label.node');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  outputLabels(index) {
    return this._(index === 0 ? 'stock-adjust.port.done' : 'stock-adjust.port.refused');
  },
  oneditprepare() {
    typedInput('lines', ['msg', 'json', 'jsonata']);
    typedInput('reason', ['msg', 'str', 'jsonata']);
    typedInput('once', ['str', 'msg', 'jsonata']);
    const show = () => {
      const action = String($('#node-input-action').val());
      $('#order-hub-row-bucket').toggle(action === 'receive');
      $('#order-hub-row-return').toggle(action === 'return');
      $('.order-hub-row-move').toggle(action === 'move');
      $('.order-hub-row-transfer').toggle(action === 'transfer');
      $('#order-hub-tip-action').text(this._(`stock-adjust.tip.${action}`));
    };
    $('#node-input-action').on('change', show);
    show();
  },
});
