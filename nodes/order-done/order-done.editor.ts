import type { EditorRED } from 'node-red';
import { typedInput } from '../shared/editor/typed-input.ts';

declare const RED: EditorRED;

RED.nodes.registerType('order-done', {
  category: 'order hub',
  color: '#87A980',
  icon: 'order-hub-order-done.svg',
  defaults: {
    name: { value: '' },
    outcome: { value: 'done', required: true },
    reason: { value: 'error.message' },
    reasonType: { value: 'msg' },
    version: { value: 1 },
  },
  inputs: 1,
  outputs: 1,
  paletteLabel() {
    return this._('order-done.label.node');
  },
  label() {
    if (this.name) return this.name;
    return this._(this.outcome === 'done' ? 'order-done.label.node' : 'order-done.label.node-failed');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  oneditprepare() {
    typedInput('reason', ['msg', 'str', 'jsonata'], 'msg');
    const outcome = $('#node-input-outcome');
    const showReason = () => $('#order-hub-done-reason').toggle(outcome.val() !== 'done');
    outcome.on('change', showReason);
    showReason();
  },
});
