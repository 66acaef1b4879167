import type { EditorRED } from 'node-red';
import { typedInput } from '../shared/editor/typed-input.ts';
import { type FieldOfVersion2, newInVersion2 } from './settings.ts';

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
    returnTo: { value: newInVersion2.returnTo },
    moveFrom: { value: newInVersion2.moveFrom },
    moveTo: {
      value: newInVersion2.moveTo,
      validate: whileActionIs('move', (to, { moveFrom }) => to !== moveFrom),
    },
    toPool: {
      value: newInVersion2.toPool,
      validate: whileActionIs('transfer', (to, { pool }) => to.trim() !== '' && to !== pool),
    },
    arriveIn: { value: newInVersion2.arriveIn },
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
    // A node that version 1 saved does not have these yet.
    for (const [field, value] of Object.entries(newInVersion2))
      if (this[field as FieldOfVersion2] === undefined) $(`#node-input-${field}`).val(value);
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
  oneditsave() {
    // A node that version 1 saved is saved as this one's from now on.
    this.version = 2;
  },
});

interface Saved {
  action?: string;
  pool?: string;
  moveFrom?: string;
}

/**
 * A field's validator for one kind of act; what is hidden never keeps anybody from deploying. While the dialog is open,
 * what is chosen there counts; the node still has what was saved.
 */
function whileActionIs<V extends string>(
  action: string,
  valid: (value: string, chosen: Saved) => boolean,
): (value: V) => boolean {
  const validate = function (this: Saved, value: string | undefined): boolean {
    const chosen = (field: keyof Saved): string =>
      ($(`#node-input-${field}`).val() as string | undefined) ?? this[field] ?? '';
    if (chosen('action') !== action) return true;
    return valid(value ?? '', { pool: chosen('pool'), moveFrom: chosen('moveFrom') });
  };
  return validate as unknown as (value: V) => boolean;
}
