import type { EditorRED } from 'node-red';
import { queryFields } from './query-fields.editor.ts';
import type { FieldValue } from './questions.ts';

declare const RED: EditorRED;

let read: () => Record<string, FieldValue>;

RED.nodes.registerType('hub-query', {
  category: 'order hub',
  color: '#D8BFD8',
  icon: 'order-hub-hub-query.svg',
  defaults: {
    name: { value: '' },
    store: { value: '', type: 'hub-store', required: true },
    question: { value: 'totals', required: true },
    fields: { value: {} },
    version: { value: 1 },
  },
  inputs: 1,
  outputs: 2,
  paletteLabel() {
    return this._('hub-query.label.node');
  },
  label() {
    return this.name || this._(`hub-query.question.${this.question}`);
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  outputLabels(index) {
    return this._(index === 0 ? 'hub-query.port.answer' : 'hub-query.port.refused');
  },
  oneditprepare() {
    read = queryFields(this);
  },
  oneditsave() {
    this.fields = read();
  },
});
