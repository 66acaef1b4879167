import type { EditorRED } from 'node-red';
import { checkedField } from '../shared/editor/checked-field.ts';
import { sourceSettings } from '../shared/editor/source-settings.ts';
import { sourceFaults } from '../shared/source-fields.ts';
import { showAddress } from './address.editor.ts';
import { showLastCall } from './last-call.editor.ts';

declare const RED: EditorRED;

RED.nodes.registerType('channel-webhook', {
  category: 'order hub',
  color: '#87A980',
  icon: 'order-hub-channel-webhook.svg',
  defaults: {
    name: { value: '' },
    store: { value: '', type: 'hub-store', required: true },
    account: { value: '', type: 'channel-account', required: true },
    maxInFlight: { value: '64', validate: checkedField(sourceFaults.maxInFlight) },
    perSecond: { value: '', validate: checkedField(sourceFaults.perSecond) },
    doneWhen: { value: 'settled' },
    deadlineSeconds: { value: '30', validate: checkedField(sourceFaults.deadlineSeconds) },
    attempts: { value: '8', validate: checkedField(sourceFaults.attempts) },
    deadCeiling: { value: '1000', validate: checkedField(sourceFaults.deadCeiling) },
    version: { value: 1 },
  },
  inputs: 0,
  outputs: 1,
  paletteLabel() {
    return this._('channel-webhook.label.node');
  },
  label() {
    return this.name || this._('channel-webhook.label.node');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  outputLabels() {
    return this._('channel-webhook.port.webhook');
  },
  oneditprepare() {
    showAddress(this);
    showLastCall(this);
    sourceSettings(this);
  },
});
