import type { EditorRED } from 'node-red';
import { checkedField } from '../shared/editor/checked-field.ts';
import { editorLanguage } from '../shared/editor/language.ts';
import { typedInput } from '../shared/editor/typed-input.ts';
import { bandFault, gramsFault, percentFault } from './band-fields.ts';

declare const RED: EditorRED;

RED.nodes.registerType('weight-check', {
  category: 'order hub',
  color: '#A6BBCF',
  icon: 'order-hub-weight-check.svg',
  defaults: {
    name: { value: '' },
    store: { value: '', type: 'hub-store', required: true },
    action: { value: 'check' },
    reading: { value: 'reading', required: true },
    readingType: { value: 'msg' },
    unit: { value: 'g' },
    lines: { value: 'payload.lines' },
    linesType: { value: 'msg' },
    packaging: { value: '0' },
    packagingType: { value: 'num' },
    percent: { value: '10', validate: checkedField(percentFault) },
    floorGrams: { value: '10', validate: checkedField(gramsFault) },
    ceilingGrams: { value: '', validate: checkedField(gramsFault) },
    lifters: { value: '' },
    reason: { value: 'reason' },
    reasonType: { value: 'msg' },
    weights: { value: 'payload' },
    weightsType: { value: 'msg' },
    version: { value: 1 },
  },
  inputs: 1,
  outputs: 3,
  paletteLabel() {
    return this._('weight-check.title.check');
  },
  label() {
    return this.name || this._(`weight-check.title.${this.action}`);
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  outputLabels(index) {
    const ports = this.action === 'check' ? ['passed', 'blocked', 'unknown'] : ['done', 'refused', 'unused'];
    return this._(`weight-check.port.${ports[index]}`);
  },
  oneditprepare() {
    typedInput('reading', ['msg', 'jsonata']);
    typedInput('lines', ['msg', 'jsonata', 'json']);
    typedInput('packaging', ['num', 'msg', 'jsonata']);
    typedInput('reason', ['msg', 'str', 'jsonata']);
    typedInput('weights', ['msg', 'json', 'jsonata']);
    const text = (field: string): string => String($(`#node-input-${field}`).val() ?? '');
    const showBand = () => {
      const fields = { percent: text('percent'), floorGrams: text('floorGrams') };
      const fault = bandFault({ ...fields, ceilingGrams: text('ceilingGrams') });
      $('#order-hub-weight-band-fault').text(fault?.told(editorLanguage()) ?? '');
    };
    const showAction = () => {
      const action = text('action');
      for (const part of ['check', 'lift', 'set']) $(`#order-hub-weight-${part}`).toggle(part === action);
      $('#order-hub-weight-tip').text(this._(`weight-check.tip.${action}`));
    };
    $('#node-input-percent, #node-input-floorGrams, #node-input-ceilingGrams').on('input change', showBand);
    $('#node-input-action').on('change', showAction);
    showBand();
    showAction();
  },
});
