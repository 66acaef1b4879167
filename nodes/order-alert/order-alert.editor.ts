import type { EditorRED } from 'node-red';
import { typedInput } from '../shared/editor/typed-input.ts';
import { prepareWording, type Wording } from './wording.editor.ts';

declare const RED: EditorRED;

/** The dialog that is open, if one is. */
let wording: Wording | undefined;

function closeWording(): void {
  wording?.stop();
  wording = undefined;
}

RED.nodes.registerType('order-alert', {
  category: 'order hub',
  color: '#D8BFD8',
  icon: 'order-hub-order-alert.svg',
  defaults: {
    name: { value: '' },
    store: { value: '', type: 'hub-store', required: true },
    rule: { value: '' },
    target: { value: '', type: 'alert-target', required: true },
    target2: { value: '', type: 'alert-target', required: false },
    target3: { value: '', type: 'alert-target', required: false },
    target4: { value: '', type: 'alert-target', required: false },
    target5: { value: '', type: 'alert-target', required: false },
    title: { value: '{{rule.name}}: {{order.channelOrderId}}', required: true },
    text: { value: '' },
    markdown: { value: false },
    order: { value: 'payload' },
    orderType: { value: 'msg' },
    event: { value: 'event.id' },
    eventType: { value: 'msg' },
    version: { value: 1 },
  },
  inputs: 1,
  outputs: 2,
  paletteLabel() {
    return this._('order-alert.label.node');
  },
  label() {
    return this.name || this.rule || this._('order-alert.label.node');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  outputLabels(index) {
    return this._(index === 0 ? 'order-alert.port.queued' : 'order-alert.port.repeated');
  },
  oneditprepare() {
    typedInput('order', ['msg', 'jsonata']);
    typedInput('event', ['msg', 'str', 'jsonata']);
    wording = prepareWording(this as never);
  },
  oneditsave: closeWording,
  oneditcancel: closeWording,
});
