import type { EditorRED } from 'node-red';
import type { AccountContext, Mapping } from '../../core/order/mapping/types.ts';
import { adminRequest } from '../shared/editor/admin-request.ts';
import { element, fill, select } from '../shared/editor/element.ts';
import { typedInput } from '../shared/editor/typed-input.ts';
import type { Choices, DialogContext } from './editor/context.ts';
import { type RuleList, ruleList } from './editor/rule-list.ts';
import { type SamplePanel, samplePanel } from './editor/sample-panel.ts';
import { timeLists } from './editor/transform-field.ts';

declare const RED: EditorRED;

interface Dialog {
  order: RuleList;
  lines: RuleList;
  sample: SamplePanel;
  mapping(): Mapping;
}

const emptyMapping: Mapping = { name: '', version: 1, rules: [], lines: { source: '', rules: [] } };

/** The dialog that is open, if one is. */
let dialog: Dialog | undefined;

RED.nodes.registerType('order-map', {
  category: 'order hub',
  color: '#87A980',
  icon: 'order-hub-order-map.svg',
  defaults: {
    name: { value: '' },
    record: { value: 'payload', required: true },
    recordType: { value: 'msg' },
    account: { value: '', type: 'channel-account', required: false },
    mapping: {
      value: null as unknown as Mapping,
      // Node-RED hands over the property as it is; its typings know texts only.
      validate: (value: unknown) => Boolean((value as Mapping | null)?.rules?.length),
    },
    version: { value: 1 },
  },
  inputs: 1,
  outputs: 2,
  paletteLabel() {
    return this._('order-map.label.node');
  },
  label() {
    return this.name || this._('order-map.label.node');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  outputLabels(index) {
    return this._(index === 0 ? 'order-map.port.mapped' : 'order-map.port.refused');
  },
  oneditprepare() {
    typedInput('record', ['msg', 'jsonata']);
    const node = this as unknown as { mapping: Mapping | null; _(key: string, values?: object): string };
    const t: DialogContext['t'] = (key, values) => node._(`order-map.${key}`, values);
    const failure = document.getElementById('order-hub-map-failure')!;
    adminRequest<Choices>('mapping/choices').then(
      (choices) => {
        dialog = openDialog(t, choices, structuredClone(node.mapping ?? emptyMapping));
      },
      (error: Error) => fill(failure, error.message),
    );
  },
  oneditsave() {
    const node = this as unknown as { mapping: Mapping | null };
    if (dialog) {
      const mapping = dialog.mapping();
      const before = node.mapping;
      const same =
        before && JSON.stringify({ ...before, version: 0 }) === JSON.stringify({ ...mapping, version: 0 });
      // Each change counts up, so that a parked record shows by which version it was refused.
      node.mapping = same ? before : { ...mapping, version: (before?.version ?? 0) + 1 };
    }
    closeDialog();
  },
  oneditcancel: closeDialog,
});

function closeDialog(): void {
  dialog?.sample.stop();
  dialog = undefined;
}

function openDialog(t: DialogContext['t'], choices: Choices, initial: Mapping): Dialog {
  let mapping = initial;
  const language = RED.i18n.lang().toLowerCase().startsWith('zh') ? 'zh-CN' : 'en-US';
  const context: DialogContext = { t, language, changed: () => panel?.refresh() };
  const byId = <E extends HTMLElement>(id: string) => document.getElementById(id) as E;
  const name = byId<HTMLInputElement>('order-hub-map-name');
  const linesSource = byId<HTMLInputElement>('order-hub-map-lines-source');
  name.value = mapping.name;
  linesSource.value = mapping.lines.source;
  linesSource.addEventListener('input', context.changed);
  byId('order-hub-map-lists').append(timeLists(context));
  const order = ruleList(context, byId('order-hub-map-rules'), choices.targets.order, mapping.rules);
  const lines = ruleList(
    context,
    byId('order-hub-map-line-rules'),
    choices.targets.lines,
    mapping.lines.rules,
  );
  const read = (): Mapping => ({
    ...mapping,
    name: name.value.trim(),
    rules: order.rules(),
    lines: { ...mapping.lines, source: linesSource.value.trim(), rules: lines.rules() },
  });
  // The preset of the platform the node is about, else the first.
  const platform = initial.platform ?? chosenAccount()?.platform;
  const { presets } = choices;
  const ofPlatform = presets.findIndex((preset) => preset.mapping.platform === platform);
  let chosen = presets[Math.max(0, ofPlatform)];
  fill(
    byId('order-hub-map-presets'),
    select(
      presets.map(({ labels }, index) => ({ value: String(index), label: labels[language] })),
      String(Math.max(0, ofPlatform)),
      (index) => {
        chosen = presets[Number(index)];
      },
    ),
    element(
      'button',
      {
        type: 'button',
        class: 'red-ui-button',
        onclick: () => {
          if (!chosen) return;
          const { labels, mapping: preset } = chosen;
          mapping = { ...structuredClone(preset), name: labels[language], version: mapping.version };
          name.value = mapping.name;
          linesSource.value = mapping.lines.source;
          order.replace(mapping.rules);
          lines.replace(mapping.lines.rules);
          context.changed();
        },
      },
      t('preset.use'),
    ),
  );
  const panel = samplePanel(context, byId('order-hub-map-sample'), {
    mapping: read,
    account: chosenAccount,
    onPreview(preview) {
      order.show(preview.rows.filter((row) => row.rule.table === 'order'));
      lines.show(preview.rows.filter((row) => row.rule.table === 'lines'));
    },
  });
  return { order, lines, sample: panel, mapping: read };
}

/** Whose record the sample is: the account chosen in the dialog, else the only one there is. */
function chosenAccount(): (AccountContext & { account: string; platform: string }) | undefined {
  const id = $('#node-input-account').val() as string;
  const accounts: Record<string, string>[] = [];
  RED.nodes.eachConfig((config) => {
    const fields = config as unknown as Record<string, string>;
    if (fields.type === 'channel-account') accounts.push(fields);
    return true;
  });
  const account = accounts.find((candidate) => candidate.id === id) ?? accounts[0];
  if (!account) return undefined;
  return {
    account: account.path ?? '',
    platform: account.platform ?? '',
    channel: account.channel || account.platform || '',
    shop: account.shop ?? '',
    currency: account.currency,
    zone: account.zone,
  };
}
