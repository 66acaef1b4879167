import type { AlertKind } from '../../core/insight/alert/channel.ts';
import type { AlertRate } from '../../core/insight/alert/rates.ts';
import { defaultRates } from '../../core/insight/alert/rates.ts';
import { adminRequest, RequestFailure } from '../shared/editor/admin-request.ts';
import { editorLanguage } from '../shared/editor/language.ts';
import { showOutcome } from '../shared/editor/outcome.ts';
import { credentialsOfKind, fieldsOfKind, relayedKinds } from './target-fields.ts';
import { chosenVariables, showVariables, type Variable } from './variables.editor.ts';

interface TestAnswer {
  sent: boolean;
  sentence: string;
  warnings: string[];
  fields: string[];
}

/** The node of the dialog, as far as it is used here. */
interface TargetNode {
  id: string;
  variables?: Variable[];
  _(key: string, values?: Record<string, string>): string;
}

/** Settings that are ticked rather than typed. */
const boxes = ['atAll', 'showPersonal'];
/** Settings of every kind beside those of `fieldsOfKind`. */
const sharedFields = ['name', 'store', 'kind', 'baseUrl', 'perMinute', 'attempts', 'language', 'zone'];
/** Ports that go with a way of encryption. */
const usualPorts: Readonly<Record<string, string>> = { tls: '465', starttls: '587', none: '25' };

const field = (name: string): JQuery => $(`#node-config-input-${name}`);
const textOf = (name: string): string => String(field(name).val() ?? '');
const kindNow = (): AlertKind => textOf('kind') as AlertKind;

/** Fills the lists of a target's dialog, shows the fields of its kind, and lets the Test button send. */
export function prepareTargetDialog(node: TargetNode): void {
  offerZones();
  if (textOf('zone') === '') field('zone').val(Intl.DateTimeFormat().resolvedOptions().timeZone);
  if (!field('language').val()) field('language').val(editorLanguage());
  showVariables(node, node.variables ?? []);
  if (['perMinute', 'attempts', 'baseUrl'].some((name) => textOf(name) !== '')) {
    $('#order-hub-target-advanced').prop('open', true);
  }
  const show = (): void => {
    const kind = kindNow();
    const shown = fieldsOfKind[kind] ?? [];
    $('.order-hub-target-field').each((_, row) => {
      $(row).toggle(shown.includes($(row).attr('data-field') ?? ''));
    });
    $('.order-hub-target-relay').toggle(relayedKinds.includes(kind));
    $('#order-hub-target-tip').html(node._(`alert-target.tip.${kind}`));
    const rate: AlertRate | undefined = defaultRates[kind];
    field('perMinute').attr('placeholder', rate ? String(rate.perMinute) : '');
    outcome().empty();
  };
  field('kind').on('change', show);
  field('security').on('change', () => {
    // A port that somebody chose stays; one of the usual three follows the encryption.
    const port = usualPorts[textOf('security')];
    if (port && Object.values(usualPorts).includes(textOf('port'))) field('port').val(port);
  });
  $('#order-hub-target-test').on('click', (event) => {
    event.preventDefault();
    void test(node);
  });
  show();
}

/** The SMS variables as they stand in the dialog. */
export { chosenVariables };

function outcome(): JQuery {
  return $('#order-hub-target-outcome');
}

async function test(node: TargetNode): Promise<void> {
  const button = $('#order-hub-target-test').prop('disabled', true);
  outcome().css('color', '').text(node._('alert-target.label.testing'));
  try {
    const answer = await adminRequest<TestAnswer>(`alert-targets/${encodeURIComponent(node.id)}/test`, {
      config: settings(),
      credentials: credentials(),
    });
    showOutcome(outcome(), answer.sent, answer.sentence, answer.warnings);
    markFields(answer.fields);
  } catch (error) {
    if (!(error instanceof RequestFailure)) throw error;
    const permission = { permission: 'order-hub.write, flows.write' };
    const sentence = error.status === 401 ? node._('hub.error.no-right', permission) : error.message;
    showOutcome(outcome(), false, sentence);
  } finally {
    button.prop('disabled', false);
  }
}

/** Marks what the channel found wrong; it knows a credential by its own name. */
function markFields(wrong: readonly string[]): void {
  const kept: Readonly<Record<string, string>> = credentialsOfKind[kindNow()] ?? {};
  for (const name of fieldsOfKind[kindNow()] ?? []) field(name).removeClass('input-error');
  for (const name of wrong) field(kept[name] ?? name).addClass('input-error');
}

function settings(): Record<string, unknown> {
  const kind = kindNow();
  const secret = new Set(Object.values(credentialsOfKind[kind]));
  const typed = fieldsOfKind[kind].filter((name) => !secret.has(name) && name !== 'variables');
  const all: Record<string, unknown> = { variables: chosenVariables() };
  for (const name of [...sharedFields, ...typed]) all[name] = textOf(name);
  for (const name of boxes) all[name] = field(name).prop('checked') === true;
  return all;
}

/** Kept secrets come as the editor's placeholder, which the runtime knows. */
function credentials(): Record<string, string> {
  return Object.fromEntries(Object.values(credentialsOfKind[kindNow()]).map((name) => [name, textOf(name)]));
}

function offerZones(): void {
  const list = $('#order-hub-target-zones');
  for (const zone of Intl.supportedValuesOf('timeZone')) $('<option>').val(zone).appendTo(list);
}
