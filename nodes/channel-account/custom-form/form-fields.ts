import { signedParts } from '../../../core/channel/custom/config.ts';
import { placeholders } from '../../../core/channel/custom/read-config.ts';
import { type Entered, valueAt } from './form-value.ts';

/** One thing to fill in; `label` names its text, `at` is its place in the configuration. */
export interface FormField {
  at: string;
  label: string;
  input:
    | { kind: 'text'; usual?: string; escaped?: boolean }
    | { kind: 'number'; usual: number }
    | { kind: 'flag' }
    /** Values of which each has a text; the first is meant when nothing is entered. */
    | { kind: 'choice'; options: readonly string[]; texts: string }
    | { kind: 'list'; known?: readonly string[] }
    | { kind: 'lines' }
    | { kind: 'json' }
    | { kind: 'long' }
    /** Whether a group is there at all, and what it begins with. */
    | { kind: 'presence'; begin: unknown };
  /** Names that may stand in braces. */
  values?: readonly string[];
  shown?: (entered: Entered) => boolean;
}

export interface FormSection {
  name: 'authentication' | 'orders' | 'order' | 'stock' | 'shipments' | 'outcome';
  fields: readonly FormField[];
}

type Shown = (entered: Entered) => boolean;

const has =
  (at: string): Shown =>
  (entered) =>
    valueAt(entered, at) !== undefined;
const is =
  (at: string, ...among: readonly string[]): Shown =>
  (entered) =>
    among.includes(String(valueAt(entered, at)));

/** Fields that are shown only while a condition holds. */
function when(shown: Shown, fields: readonly FormField[]): FormField[] {
  return fields.map((field) => ({
    ...field,
    shown: (entered) => shown(entered) && (field.shown?.(entered) ?? true),
  }));
}

const text = (at: string, label: string, usual?: string): FormField => ({
  at,
  label,
  input: { kind: 'text', ...(usual !== undefined && { usual }) },
});
const number = (at: string, label: string, usual: number): FormField => ({
  at,
  label,
  input: { kind: 'number', usual },
});
const choice = (at: string, label: string, options: readonly string[], texts = label): FormField => ({
  at,
  label,
  input: { kind: 'choice', options, texts },
});
const presence = (at: string, label: string, begin: unknown): FormField => ({
  at,
  label,
  input: { kind: 'presence', begin },
});
const list = (at: string, label: string, known?: readonly string[]): FormField => ({
  at,
  label,
  input: { kind: 'list', ...(known && { known }) },
});

function request(at: string, values: readonly string[]): FormField[] {
  const isGraphql = has(`${at}.graphql`);
  return [
    presence(`${at}.graphql`, 'graphql', { query: '', variables: {} }),
    ...when(
      (entered) => !isGraphql(entered),
      [choice(`${at}.method`, 'method', ['GET', 'POST', 'PUT', 'DELETE'])],
    ),
    { ...text(`${at}.path`, 'path', '/…'), values },
    { at: `${at}.query`, label: 'query', input: { kind: 'lines' } },
    { at: `${at}.headers`, label: 'headers', input: { kind: 'lines' } },
    ...when(
      (entered) =>
        !isGraphql(entered) &&
        (has(`${at}.body`)(entered) || !is(`${at}.method`, 'undefined', 'GET')(entered)),
      [{ at: `${at}.body`, label: 'body', input: { kind: 'json' } }],
    ),
    ...when(isGraphql, [
      { at: `${at}.graphql.query`, label: 'graphql-query', input: { kind: 'long' } },
      { at: `${at}.graphql.variables`, label: 'variables', input: { kind: 'json' } },
    ]),
  ];
}

/** Where something stands in a request. */
function place(at: string, label: string, isOptional: boolean): FormField[] {
  const inside = [
    choice(`${at}.in`, `${label}-in`, ['header', 'query'], 'in'),
    text(`${at}.name`, `${label}-name`),
  ];
  if (!isOptional) return inside;
  return [presence(at, label, { in: 'header', name: '' }), ...when(has(at), inside)];
}

/** Says which of two requests a path is of; what follows it belongs to the same. */
const titled =
  (which: 'close' | 'open') =>
  (one: FormField): FormField =>
    one.label === 'path' || one.label === 'graphql' ? { ...one, label: `${one.label}-${which}` } : one;

const kind = 'authentication.kind';
const timestamp = 'authentication.timestamp';

const authentication: readonly FormField[] = [
  choice(kind, 'authentication', ['none', 'basic', 'bearer', 'api-key', 'hmac', 'oauth2']),
  ...when(is(kind, 'api-key'), [
    choice('authentication.in', 'in', ['header', 'query']),
    text('authentication.name', 'name'),
    text('authentication.prefix', 'prefix'),
  ]),
  ...when(is(kind, 'hmac'), [
    choice('authentication.hash', 'hash', ['sha256', 'sha1', 'md5']),
    choice('authentication.encoding', 'encoding', ['hex', 'base64']),
    list('authentication.parts', 'parts', signedParts),
    { at: 'authentication.separator', label: 'separator', input: { kind: 'text', escaped: true } },
    ...place('authentication.signature', 'signature', false),
    ...place('authentication.key', 'key', true),
    ...place(timestamp, 'timestamp', true),
    ...when(has(timestamp), [text(`${timestamp}.format`, 'time-format', 'unix-seconds')]),
    ...place('authentication.nonce', 'nonce', true),
  ]),
  ...when(is(kind, 'oauth2'), [
    text('authentication.tokenUrl', 'token-url', '/oauth/token'),
    text('authentication.scope', 'scope'),
    choice('authentication.client', 'client', ['basic', 'form']),
  ]),
];

/** What a group begins with when it is wanted. */
const beginnings = {
  orders: { request: { path: '/orders' }, id: 'id', paging: { kind: 'none' } },
  order: { request: { path: '/orders/{order}' } },
  stock: { request: { method: 'PUT', path: '/stock/{listing}', body: { quantity: '{quantity}' } } },
  read: { request: { path: '/stock/{listing}' }, quantity: 'quantity' },
  sale: {
    close: { method: 'POST', path: '/stock/{listing}/close' },
    open: { method: 'POST', path: '/stock/{listing}/open' },
  },
  results: { list: 'results', success: { path: 'ok', equals: ['true'] } },
  shipments: {
    request: {
      method: 'POST',
      path: '/orders/{order}/shipments',
      body: { carrier: '{carrier}', number: '{tracking}' },
    },
  },
  success: { path: 'code', equals: ['0'] },
} as const;

const paging = 'orders.paging.kind';

const orders: readonly FormField[] = [
  presence('orders', 'wanted', beginnings.orders),
  ...when(has('orders'), [
    ...request('orders.request', placeholders.list),
    choice(paging, 'paging', ['none', 'page', 'offset', 'cursor', 'link']),
    ...when(is(paging, 'page'), [number('orders.paging.first', 'first-page', 1)]),
    ...when(is(paging, 'cursor'), [text('orders.paging.next', 'next'), text('orders.paging.more', 'more')]),
    number('orders.pageSize', 'page-size', 100),
    text('orders.records', 'records'),
    text('orders.id', 'id', 'id'),
    text('orders.modified', 'modified'),
    text('orders.total', 'total'),
    text('orders.timeFormat', 'time-format', 'iso'),
    text('orders.zone', 'zone'),
    choice('orders.sorted', 'sorted', ['other', 'modified']),
    number('orders.window.mostDays', 'most-days', 1),
    number('orders.window.lagSeconds', 'lag', 60),
    number('orders.window.overlapSeconds', 'overlap', 300),
    number('orders.window.reachDays', 'reach', 365),
  ]),
];

const order: readonly FormField[] = [
  presence('order', 'wanted', beginnings.order),
  ...when(has('order'), [
    ...request('order.request', placeholders.detail),
    text('order.record', 'record'),
    { at: 'order.each', label: 'each', input: { kind: 'flag' } },
  ]),
];

const stock: readonly FormField[] = [
  presence('stock', 'wanted', beginnings.stock),
  ...when(has('stock'), [
    ...request('stock.request', placeholders.stock),
    number('stock.most', 'most', 1),
    { at: 'stock.item', label: 'item', input: { kind: 'json' }, values: placeholders.stockItem },
    presence('stock.results', 'results', beginnings.results),
    ...when(has('stock.results'), [
      text('stock.results.list', 'results-list'),
      text('stock.results.success.path', 'success-path'),
      list('stock.results.success.equals', 'success-equals'),
      text('stock.results.message', 'message'),
    ]),
    presence('stock.read', 'read', beginnings.read),
    ...when(has('stock.read'), [
      ...request('stock.read.request', placeholders.listing),
      text('stock.read.quantity', 'quantity'),
    ]),
    presence('stock.sale', 'sale', beginnings.sale),
    ...when(has('stock.sale'), [
      ...request('stock.sale.close', placeholders.listing).map(titled('close')),
      ...request('stock.sale.open', placeholders.listing).map(titled('open')),
    ]),
  ]),
];

const shipments: readonly FormField[] = [
  presence('shipments', 'wanted', beginnings.shipments),
  ...when(has('shipments'), [
    ...request('shipments.request', placeholders.shipment),
    choice('shipments.partial', 'partial', ['none', 'lines', 'quantities']),
    ...when(is('shipments.partial', 'lines', 'quantities'), [
      { at: 'shipments.item', label: 'item', input: { kind: 'json' }, values: placeholders.shipmentItem },
    ]),
    text('shipments.id', 'shipment-id'),
    list('shipments.already', 'already'),
  ]),
];

const outcome: readonly FormField[] = [
  presence('outcome.success', 'success', beginnings.success),
  ...when(has('outcome.success'), [
    text('outcome.success.path', 'success-path'),
    list('outcome.success.equals', 'success-equals'),
  ]),
  text('outcome.code', 'code'),
  text('outcome.message', 'message'),
  list('outcome.credentials', 'credentials'),
  list('outcome.permission', 'permission'),
  list('outcome.throttled', 'throttled'),
  list('outcome.platform', 'platform'),
];

/** The configuration of a custom channel in the order people set it up. */
export const sections: readonly FormSection[] = [
  { name: 'authentication', fields: authentication },
  { name: 'orders', fields: orders },
  { name: 'order', fields: order },
  { name: 'stock', fields: stock },
  { name: 'shipments', fields: shipments },
  { name: 'outcome', fields: outcome },
];

/** What a kind of authentication or paging begins with, where it needs more than its name. */
export const kindBeginnings: Readonly<Record<string, Entered>> = {
  'api-key': { kind: 'api-key', in: 'header', name: 'x-api-key' },
  hmac: {
    kind: 'hmac',
    parts: ['method', 'path', 'query', 'body'],
    separator: '\n',
    signature: { in: 'header', name: 'x-signature' },
  },
  oauth2: { kind: 'oauth2', tokenUrl: '/oauth/token' },
};

/** Credentials of the account that each kind of authentication needs. */
export const credentialsNeeded: Readonly<Record<string, readonly string[]>> = {
  none: [],
  basic: ['appKey', 'appSecret'],
  bearer: ['accessToken'],
  'api-key': ['accessToken'],
  hmac: ['appKey', 'appSecret'],
  oauth2: ['appKey', 'appSecret'],
};
