import { sentence } from '../../core/message.ts';
import { policyFaults } from '../../core/stock/policy/check-policy.ts';
import { element, fill } from '../shared/editor/element.ts';
import { editorLanguage } from '../shared/editor/language.ts';
import type { DialogContext } from './editor/context.ts';
import { ruleList } from './editor/rule-list.ts';
import { smallTable } from './editor/small-table.ts';
import { type PolicySettings, policyOf } from './policy-settings.ts';

type Lists = Pick<PolicySettings, 'rules' | 'shops' | 'warehouses'>;

export interface OpenPolicyDialog {
  /** What Node-RED does not read from the form by itself. */
  lists(): Lists;
}

const fields = ['pool', 'buffer', 'balanceHours', 'onHold', 'zone', 'closes', 'choose'] as const;
const input = (name: string): JQuery => $(`#node-config-input-${name}`);
const zonesId = 'order-hub-policy-zones';

/** Fills the dialog, and says beside each row what is wrong with it as soon as it is. */
export function openPolicyDialog(t: DialogContext['t'], settings: PolicySettings): OpenPolicyDialog {
  const language = editorLanguage();
  const place = (id: string): HTMLElement => document.getElementById(`order-hub-policy-${id}`)!;
  let lists: (() => Lists) | undefined;
  const read = (): PolicySettings => {
    const texts = Object.fromEntries(fields.map((name) => [name, String(input(name).val() ?? '')]));
    return {
      ...settings,
      ...texts,
      split: input('split').prop('checked') === true,
      ...lists?.(),
    } as PolicySettings;
  };
  const changed = (): void => {
    if (!lists) return;
    const byRule = new Map<number, string[]>();
    const shared: string[] = [];
    for (const { rule, code, params } of policyFaults(policyOf(read()), language)) {
      const told = sentence(code, params, language);
      if (rule === undefined) shared.push(told);
      else byRule.set(rule, [...(byRule.get(rule) ?? []), told]);
    }
    rules.show(byRule);
    fill(place('faults'), ...shared.map((told) => element('div', {}, told)));
    place('choosing').hidden = lists().warehouses.length === 0;
  };
  const context: DialogContext = { t, language, changed };
  offerZones();
  if (input('zone').val() === '') input('zone').val(Intl.DateTimeFormat().resolvedOptions().timeZone);
  const rules = ruleList(context, place('rules'), place('presets'), settings.rules ?? []);
  const shops = smallTable(
    context,
    place('shops'),
    [
      { name: 'shop', label: t('label.shop'), placeholder: t('placeholder.shop') },
      { name: 'closes', label: t('label.closes'), placeholder: '22:00' },
      { name: 'zone', label: t('label.zone'), placeholder: t('placeholder.same-zone'), list: zonesId },
    ],
    settings.shops ?? [],
    { shop: '', zone: '', closes: '' },
  );
  const warehouses = smallTable(
    context,
    place('warehouses'),
    [
      { name: 'pool', label: t('label.warehouse'), placeholder: t('placeholder.warehouse') },
      { name: 'regions', label: t('label.regions'), placeholder: t('placeholder.regions') },
    ],
    settings.warehouses ?? [],
    { pool: '', regions: '' },
  );
  lists = () => ({ rules: rules.rules(), shops: shops(), warehouses: warehouses() });
  for (const name of [...fields, 'split']) input(name).on('input change', changed);
  changed();
  return { lists };
}

/** Takes away what the dialog added to the page. */
export function closePolicyDialog(): void {
  $(`#${zonesId}`).empty();
}

function offerZones(): void {
  const list = $(`#${zonesId}`);
  for (const zone of Intl.supportedValuesOf('timeZone')) $('<option>').val(zone).appendTo(list);
}
