import type { EditorRED } from 'node-red';
import { checkedField } from '../shared/editor/checked-field.ts';
import { sourceSettings } from '../shared/editor/source-settings.ts';
import { sourceFaults } from '../shared/source-fields.ts';
import { pollFaults } from './poll-fields.ts';
import { showReading } from './reading.editor.ts';

declare const RED: EditorRED;

RED.nodes.registerType('channel-poll', {
  category: 'order hub',
  color: '#87A980',
  icon: 'order-hub-channel-poll.svg',
  defaults: {
    name: { value: '' },
    store: { value: '', type: 'hub-store', required: true },
    account: { value: '', type: 'channel-account', required: true },
    intervalSeconds: { value: '60', validate: checkedField(pollFaults.intervalSeconds) },
    overlapMinutes: { value: '', validate: checkedField(pollFaults.overlapMinutes) },
    since: { value: '', validate: checkedField(pollFaults.since) },
    censusMinutes: { value: '60', validate: checkedField(pollFaults.censusMinutes) },
    messages: { value: true },
    maxInFlight: { value: '64', validate: checkedField(sourceFaults.maxInFlight) },
    perSecond: { value: '', validate: checkedField(sourceFaults.perSecond) },
    doneWhen: { value: 'settled' },
    deadlineSeconds: { value: '30', validate: checkedField(sourceFaults.deadlineSeconds) },
    attempts: { value: '8', validate: checkedField(sourceFaults.attempts) },
    deadCeiling: { value: '1000', validate: checkedField(sourceFaults.deadCeiling) },
    version: { value: 1 },
  },
  inputs: 1,
  outputs: 3,
  paletteLabel() {
    return this._('channel-poll.label.node');
  },
  label() {
    return this.name || this._('channel-poll.label.node');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  inputLabels() {
    return this._('channel-poll.port.input');
  },
  outputLabels(index) {
    return this._(`channel-poll.port.${['order', 'sheet', 'refused'][index]}`);
  },
  oneditprepare() {
    showReading(this);
    sourceSettings(this);
  },
});
