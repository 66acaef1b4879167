import type { EditorRED } from 'node-red';
import { adminRequest, RequestFailure } from '../shared/editor/admin-request.ts';
import { typedInput } from '../shared/editor/typed-input.ts';
import type { CarrierRow } from './carriers.ts';

declare const RED: EditorRED;

interface DialogNode {
  carriers: readonly CarrierRow[];
  _(key: string, values?: Record<string, string>): string;
}

const list = (): JQuery => $('#order-hub-ship-carriers');
const known = 'order-hub-ship-known';

RED.nodes.registerType('channel-ship', {
  category: 'order hub',
  color: '#87A980',
  icon: 'order-hub-channel-ship.svg',
  defaults: {
    name: { value: '' },
    store: { value: '', type: 'hub-store', required: true },
    account: { value: '', type: 'channel-account', required: true },
    carrier: { value: 'payload.carrier', required: true },
    carrierType: { value: 'msg' },
    tracking: { value: 'payload.tracking', required: true },
    trackingType: { value: 'msg' },
    lines: { value: 'payload.lines', required: true },
    linesType: { value: 'msg' },
    parcel: { value: 'payload.parcel' },
    parcelType: { value: 'msg' },
    carriers: { value: [] as CarrierRow[] },
    version: { value: 1 },
  },
  inputs: 1,
  outputs: 2,
  paletteLabel() {
    return this._('channel-ship.label.node');
  },
  label() {
    return this.name || this._('channel-ship.label.node');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  outputLabels(index) {
    return this._(index === 0 ? 'channel-ship.port.shipped' : 'channel-ship.port.refused');
  },
  oneditprepare() {
    typedInput('carrier', ['msg', 'jsonata', 'str']);
    typedInput('tracking', ['msg', 'jsonata', 'str']);
    typedInput('lines', ['msg', 'jsonata', 'json']);
    typedInput('parcel', ['msg', 'jsonata', 'str']);
    showCarriers(this as unknown as DialogNode);
  },
  oneditsave() {
    const rows = (list() as unknown as { editableList(act: 'items'): JQuery }).editableList('items');
    (this as unknown as { carriers: CarrierRow[] }).carriers = rows
      .map((_, row) => ({
        name: String($(row).find('.order-hub-ship-name').val()).trim(),
        code: String($(row).find('.order-hub-ship-code').val()).trim(),
      }))
      .get()
      .filter(({ name, code }) => name !== '' && code !== '');
  },
});

/** The table of carriers, and the button that asks the channel for those it knows. */
function showCarriers(node: DialogNode): void {
  const table = list() as unknown as { editableList(act: object | 'addItem', row?: CarrierRow): void };
  const cell = (name: string, value: string): JQuery =>
    $('<input type="text">')
      .addClass(`order-hub-ship-${name}`)
      .css({ width: '45%', marginRight: '8px' })
      .attr({
        placeholder: node._(`channel-ship.column.${name}`),
        'aria-label': node._(`channel-ship.column.${name}`),
      })
      .val(value);
  table.editableList({
    addButton: true,
    removable: true,
    sortable: true,
    addItem(row: JQuery, _: number, { name = '', code = '' }: Partial<CarrierRow>) {
      row.append(cell('name', name), cell('code', code).attr('list', known));
    },
  });
  for (const row of node.carriers ?? []) table.editableList('addItem', row);
  $('#order-hub-ship-load').on('click', (event) => {
    event.preventDefault();
    void load(node);
  });
}

async function load(node: DialogNode): Promise<void> {
  const outcome = $('#order-hub-ship-outcome').text('');
  const account = String($('#node-input-account').val() ?? '');
  try {
    const { carriers } = await adminRequest<{ carriers: { code: string; name: string }[] | null }>(
      `channel-accounts/${encodeURIComponent(account)}/carriers`,
    );
    $(`#${known}`)
      .empty()
      .append((carriers ?? []).map(({ code, name }) => $('<option>').val(code).text(name)));
    outcome.text(
      carriers === null
        ? node._('channel-ship.outcome.any')
        : node._('channel-ship.outcome.loaded', { count: String(carriers.length) }),
    );
  } catch (error) {
    if (!(error instanceof RequestFailure)) throw error;
    outcome.text(error.message);
  }
}
