import type { EditorRED } from 'node-red';
import { checkedField } from '../shared/editor/checked-field.ts';
import { pushFaults } from './push-fields.ts';

declare const RED: EditorRED;

RED.nodes.registerType('channel-stock', {
  category: 'order hub',
  color: '#F3B567',
  icon: 'order-hub-channel-stock.svg',
  defaults: {
    name: { value: '' },
    store: { value: '', type: 'hub-store', required: true },
    account: { value: '', type: 'channel-account', required: true },
    readBackPercent: { value: '5', validate: checkedField(pushFaults.readBackPercent) },
    readBackPerMinute: { value: '10', validate: checkedField(pushFaults.readBackPerMinute) },
    version: { value: 1 },
  },
  inputs: 1,
  outputs: 3,
  paletteLabel() {
    return this._('channel-stock.label.node');
  },
  label() {
    return this.name || this._('channel-stock.label.node');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  outputLabels(index) {
    return this._(`channel-stock.port.${['pushed', 'refused', 'others'][index]}`);
  },
});
