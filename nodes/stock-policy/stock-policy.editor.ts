import type { EditorRED } from 'node-red';
import { sentence } from '../../core/message.ts';
import { policyFaults } from '../../core/stock/policy/check-policy.ts';
import { usualRules } from '../../core/stock/policy/usual-rules.ts';
import { editorLanguage } from '../shared/editor/language.ts';
import { closePolicyDialog, type OpenPolicyDialog, openPolicyDialog } from './dialog.editor.ts';
import { type PolicySettings, policyOf, type SavedRule } from './policy-settings.ts';

declare const RED: EditorRED;

/** The dialog that is open, if one is. */
let dialog: OpenPolicyDialog | undefined;

/** Judges the settings as the running node will. Node-RED calls it with the settings as `this`. */
function validate(this: Partial<PolicySettings>, rules: unknown, _options: unknown): true | string {
  const language = editorLanguage();
  const [fault] = policyFaults(policyOf({ ...this, rules: rules as SavedRule[] }), language);
  return fault ? sentence(fault.code, fault.params, language) : true;
}

RED.nodes.registerType('stock-policy', {
  category: 'config',
  defaults: {
    name: { value: '' },
    pool: { value: 'main', required: true },
    // Node-RED hands over the property as it is; its typings know texts only.
    rules: { value: structuredClone(usualRules) as unknown as SavedRule[], validate: validate as never },
    buffer: { value: '' },
    balanceHours: { value: '72' },
    onHold: { value: 'lock' },
    zone: { value: '' },
    closes: { value: '22:00' },
    shops: { value: [] as PolicySettings['shops'] },
    warehouses: { value: [] as PolicySettings['warehouses'] },
    choose: { value: 'nearest' },
    split: { value: true },
    version: { value: 1 },
  },
  label() {
    return this.name || this._('stock-policy.label.node');
  },
  oneditprepare() {
    const node = this as unknown as PolicySettings & { _(key: string, values?: object): string };
    dialog = openPolicyDialog((key, values) => node._(`stock-policy.${key}`, values), node);
  },
  oneditsave() {
    const node = this as unknown as PolicySettings;
    if (dialog) Object.assign(node, dialog.lists());
    dialog = undefined;
    closePolicyDialog();
  },
  oneditcancel() {
    dialog = undefined;
    closePolicyDialog();
  },
});
