import type { EditorRED } from 'node-red';
import { checkedField } from '../shared/editor/checked-field.ts';
import { editorLanguage } from '../shared/editor/language.ts';
import { sourceSettings } from '../shared/editor/source-settings.ts';
import { sourceFaults } from '../shared/source-fields.ts';
import { offerShareActs } from './share-acts.editor.ts';
import { fieldsFault, newRow, rowName, type ShareFields, type ShareRow } from './share-fields.ts';
import { chosenShares, showShares } from './share-table.editor.ts';

declare const RED: EditorRED;

/** Judges all rules together, for they depend on one another. Two parameters, as Node-RED wants of a reason. */
function rulesFit(this: unknown, channels: readonly ShareRow[], _options: unknown): true | string {
  const fault = fieldsFault({ ...(this as Partial<ShareFields>), channels });
  return fault?.told(editorLanguage()) ?? true;
}

RED.nodes.registerType('stock-changed', {
  category: 'order hub',
  color: '#F3B567',
  icon: 'order-hub-stock-changed.svg',
  defaults: {
    name: { value: '' },
    store: { value: '', type: 'hub-store', required: true },
    pools: { value: 'main' },
    buffer: { value: '0' },
    closeBelow: { value: '1' },
    reopenAt: { value: '' },
    lastUnits: { value: '' },
    debounceSeconds: { value: '1' },
    listingsPerMessage: { value: '' },
    channels: { value: [] as ShareRow[], validate: rulesFit as unknown as () => boolean },
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
    return this._('stock-changed.label.node');
  },
  label() {
    if (this.name) return this.name;
    const names = (this.channels as ShareRow[]).map(rowName);
    const own = this._('stock-changed.label.node');
    return names.length > 0 && names.length <= 3 ? `${own} · ${names.join(', ')}` : own;
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  inputLabels() {
    return this._('stock-changed.port.input');
  },
  outputLabels(index) {
    return this._(`stock-changed.port.${['state', 'done', 'refused'][index]}`);
  },
  oneditprepare() {
    const rows = this.channels as ShareRow[];
    showShares(this, rows.length > 0 ? rows : [newRow()]);
    sourceSettings(this);
    offerShareActs(this);
  },
  oneditsave() {
    this.channels = chosenShares();
  },
});
