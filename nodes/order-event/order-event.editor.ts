import type { EditorRED } from 'node-red';
import { checkedField } from '../shared/editor/checked-field.ts';
import { sourceSettings } from '../shared/editor/source-settings.ts';
import { sourceFaults } from '../shared/source-fields.ts';
import { sinceFault } from './event-fields.ts';
import { chosenSince, showSince } from './since.editor.ts';
import { chosenTypes, showTypes } from './type-list.editor.ts';

declare const RED: EditorRED;

RED.nodes.registerType('order-event', {
  category: 'order hub',
  color: '#87A980',
  icon: 'order-hub-order-event.svg',
  defaults: {
    name: { value: '' },
    store: { value: '', type: 'hub-store', required: true },
    types: { value: ['paid'] },
    channels: { value: '' },
    start: { value: 'now' },
    since: {
      value: '' as string,
      validate(value: string) {
        return sinceFault(this.start, value) === undefined;
      },
    },
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
    return this._('order-event.label.node');
  },
  label() {
    if (this.name) return this.name;
    const types = (this.types as string[]).map((type) => this._(`order-event.type.${type}`));
    return types.length > 0 && types.length <= 3 ? types.join(', ') : this._('order-event.label.node');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  outputLabels() {
    return this._('order-event.port.event');
  },
  oneditprepare() {
    showTypes(this.types as string[], (type) => this._(`order-event.type.${type}`));
    showSince(this.since);
    sourceSettings(this);
  },
  oneditsave() {
    this.types = chosenTypes();
    this.since = chosenSince();
  },
});
