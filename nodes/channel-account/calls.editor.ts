import { accessFields, credentialNames } from '../../core/channel/access-fields.ts';
import { adminRequest, RequestFailure } from '../shared/editor/admin-request.ts';
import { showOutcome } from '../shared/editor/outcome.ts';
import type { Text } from './dialog.editor.ts';
import type { AccountTestAnswer } from './test-route.ts';

const field = (name: string): JQuery => $(`#node-config-input-${name}`);
const textOf = (name: string): string => String(field(name).val() ?? '');

/** The node of the dialog, as far as it is used here. */
interface AccountNode {
  id: string;
  signMethod?: string;
  _(key: string, values?: Record<string, string>): string;
}

/** What a test needs of the dialog beside the platform's own fields. */
const testedFields = [
  'platform',
  'path',
  'channel',
  'shop',
  'currency',
  'zone',
  'callsPerSecond',
  'timeoutSeconds',
];

/** Shows what the chosen platform asks for before it can be called, and lets the Test button try it. */
export function prepareCalls(node: AccountNode, text: Text): void {
  const { signMethod = '' } = node;
  const show = (): void => {
    const fields = accessFields[textOf('platform')] ?? [];
    $('#order-hub-account-calls').toggle(fields.length > 0);
    $('.order-hub-account-access').each((_, row) => {
      const name = $(row).attr('data-field') ?? '';
      const found = fields.find((one) => one.name === name);
      $(row).toggle(found !== undefined);
      if (!found) return;
      field(name).attr('placeholder', found.placeholder ?? '');
      $(row)
        .find('.order-hub-account-known')
        .text(text('tip.known', { name: found.known }));
      if (found.options) offer(field(name), found.options, signMethod);
    });
    outcome().empty();
  };
  field('platform').on('change', show);
  $('#order-hub-account-test').on('click', (event) => {
    event.preventDefault();
    void test(node, text);
  });
  show();
}

function offer(list: JQuery, options: readonly string[], chosen: string): void {
  list.empty();
  for (const option of options) $('<option>').val(option).text(option).appendTo(list);
  list.val(options.includes(chosen) ? chosen : options[0]!);
}

function outcome(): JQuery {
  return $('#order-hub-account-outcome');
}

async function test(node: AccountNode, text: Text): Promise<void> {
  const button = $('#order-hub-account-test').prop('disabled', true);
  outcome().css('color', '').text(text('label.testing'));
  try {
    const names = (accessFields[textOf('platform')] ?? []).map(({ name }) => name);
    const settings = names.filter((name) => !isCredential(name));
    const answer = await adminRequest<AccountTestAnswer>(
      `channel-accounts/${encodeURIComponent(node.id)}/test`,
      {
        config: Object.fromEntries([...testedFields, ...settings].map((name) => [name, textOf(name)])),
        credentials: Object.fromEntries(names.filter(isCredential).map((name) => [name, textOf(name)])),
      },
    );
    showOutcome(outcome(), answer.works, answer.sentence, answer.notes);
  } catch (error) {
    if (!(error instanceof RequestFailure)) throw error;
    const permission = { permission: 'order-hub.write, flows.write' };
    const sentence = error.status === 401 ? node._('hub.error.no-right', permission) : error.message;
    showOutcome(outcome(), false, sentence);
  } finally {
    button.prop('disabled', false);
  }
}

function isCredential(name: string): boolean {
  return credentialNames.some((one) => one === name);
}
