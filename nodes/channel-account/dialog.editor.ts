import type { EditorRED } from 'node-red';
import { editorLanguage } from '../shared/editor/language.ts';
import { keptSecret } from '../shared/kept-secret.ts';
import { secretAdvice } from './secret-advice.ts';

declare const RED: EditorRED;

/** Looks up one of the node's texts. */
export type Text = (key: string, values?: Record<string, string>) => string;

/** Currencies offered before all others: those of the shops this hub is mostly used for. */
const usualCurrencies = ['CNY', 'USD', 'EUR', 'GBP', 'HKD', 'TWD', 'JPY', 'SGD', 'MYR', 'THB', 'AUD', 'CAD'];

/** Whether the platform sends webhooks to an address of ours. */
function receives(platform: string): boolean {
  return platform in contentRepeats;
}

/** Whether equal content counts as a repeat where the account says "as the platform has it". */
const contentRepeats: Readonly<Record<string, boolean>> = {
  douyin: false,
  shopify: true,
  woocommerce: true,
  'standard-webhooks': false,
  custom: false,
};

const field = (name: string): JQuery => $(`#node-config-input-${name}`);
const textOf = (name: string): string => String(field(name).val() ?? '');

/** Fills the lists of the account's dialog and keeps its hints in step with what is entered. */
export function prepareAccountDialog(text: Text): void {
  offerZones();
  offerCurrencies();
  if (textOf('zone') === '') field('zone').val(Intl.DateTimeFormat().resolvedOptions().timeZone);
  if (hasSecret('previousSecret')) $('#order-hub-account-rotation').prop('open', true);
  if (hasOwnSettings()) $('#order-hub-account-advanced').prop('open', true);

  field('platform').on('change', () => {
    showPlatform(text);
    showSecretAdvice();
  });
  field('shop').on('change', suggestPath);
  field('path').on('input change', showAddress);
  field('currency').on('input change', showCurrency);
  for (const secret of ['secret', 'previousSecret']) field(secret).on('input change', showSecretAdvice);
  showPlatform(text);
  showAddress();
  showCurrency();
  showSecretAdvice();
}

function hasSecret(name: string): boolean {
  return textOf(name) !== '';
}

function hasOwnSettings(): boolean {
  return (
    ['channel', 'replayMinutes', 'maxMegabytes'].some((name) => textOf(name) !== '') ||
    !['', 'platform'].includes(textOf('repeats'))
  );
}

function showPlatform(text: Text): void {
  const platform = textOf('platform');
  $('#order-hub-account-webhooks').toggle(receives(platform));
  $('#order-hub-account-address').toggle(receives(platform));
  $('#order-hub-account-path-label').text(text(receives(platform) ? 'label.path' : 'label.short-name'));
  $('#order-hub-account-where').html(receives(platform) ? text(`where.${platform}`) : '');
  $('#order-hub-account-repeats-usual').text(
    text(contentRepeats[platform] ? 'option.repeats-usual-yes' : 'option.repeats-usual-no'),
  );
  const signsTime = platform === 'standard-webhooks' || platform === 'custom';
  $('#order-hub-account-replay').toggle(signsTime);
  field('channel').attr('placeholder', platform);
  field('path').attr('placeholder', platform === 'standard-webhooks' ? 'erp-main' : `${platform}-main`);
  field('secret').attr('placeholder', signsTime ? 'whsec_…' : '');
}

/** Makes an address of platform and shop while there is none; one that exists may be in use and stays. */
function suggestPath(): void {
  if (textOf('path') !== '') return;
  const shop = textOf('shop')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  const path = `${textOf('platform')}-${shop}`.replace(/^-+|-+$/g, '').slice(0, 64);
  if (textOf('shop') !== '') field('path').val(path).trigger('change');
}

function showAddress(): void {
  $('#order-hub-account-address').text(
    `…/order-hub/hook/${textOf('path') || field('path').attr('placeholder')}`,
  );
}

/** The currency's name in the viewer's language, so that a slip of the finger is seen. */
function showCurrency(): void {
  const input = field('currency');
  const typed = textOf('currency');
  const code = typed.toUpperCase();
  // What is seen in capitals is saved in capitals.
  if (typed !== code) input.val(code).trigger('change');
  const name = /^[A-Z]{3}$/.test(code) ? nameOfCurrency(code) : '';
  $('#order-hub-account-currency-name').text(name === code ? '' : name);
}

function showSecretAdvice(): void {
  for (const name of ['secret', 'previousSecret']) {
    const secret = textOf(name);
    const unread = secret === '' || secret === keptSecret;
    const advice = unread ? undefined : secretAdvice(textOf('platform'), secret);
    $(`#order-hub-account-${name}-advice`).text(advice?.told(editorLanguage()) ?? '');
    field(name).toggleClass('input-error', advice !== undefined);
  }
}

function offerZones(): void {
  const list = $('#order-hub-account-zones');
  for (const zone of Intl.supportedValuesOf('timeZone')) $('<option>').val(zone).appendTo(list);
}

function offerCurrencies(): void {
  const list = $('#order-hub-account-currencies');
  const codes = new Set([...usualCurrencies, ...Intl.supportedValuesOf('currency')]);
  for (const code of codes) $('<option>').val(code).text(nameOfCurrency(code)).appendTo(list);
}

function nameOfCurrency(code: string): string {
  return new Intl.DisplayNames([RED.i18n.lang(), 'en'], { type: 'currency' }).of(code) ?? code;
}
