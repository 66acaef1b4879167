import { HubError } from '../../errors.ts';
import { parseJson } from '../../json.ts';
import {
  type Authentication,
  type Condition,
  type CustomChannel,
  type OrderDetailRules,
  type OrderListRules,
  type OutcomeRules,
  type Paging,
  type Place,
  type RequestTemplate,
  type ShipmentRules,
  type StockRules,
  signedParts,
} from './config.ts';
import {
  anyText,
  choice,
  flag,
  group,
  kinds,
  list,
  named,
  optional,
  path,
  type Reader,
  source,
  text,
  texts,
  usually,
  wholeNumber,
} from './shape.ts';
import { placeholdersIn } from './template.ts';
import './messages.ts';

/** What requests may name, by what they are for. */
export const placeholders = {
  list: ['from', 'until', 'page', 'offset', 'cursor', 'size'],
  detail: ['order'],
  stock: ['listing', 'quantity', 'version', 'key', 'items'],
  stockItem: ['listing', 'quantity', 'version', 'key'],
  listing: ['listing'],
  shipment: ['order', 'carrier', 'tracking', 'key', 'items'],
  shipmentItem: ['line', 'quantity'],
} as const;

const place = { in: choice(['header', 'query']), name: text };

/** A time as it is written: one of the known forms, or a pattern with at least a year and a day in it. */
const timeFormat: Reader<string> = (value, at) => {
  const format = text(value, at);
  const known = ['iso', 'iso-seconds', 'unix-seconds', 'unix-ms'].includes(format);
  if (!known && !/y.*M.*d/.test(format)) throw new HubError('custom.time-format', { at, format });
  return format;
};

const zone: Reader<string> = (value, at) => {
  const name = text(value, at);
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name;
  } catch {
    // RangeError is how Intl says that there is no such zone.
    throw new HubError('custom.zone', { at, zone: name });
  }
};

const tokenUrl: Reader<string> = (value, at) => {
  const url = text(value, at);
  if (url.startsWith('/') || (/^https?:\/\//.test(url) && URL.canParse(url))) return url;
  throw new HubError('custom.token-url', { at, url });
};

const authentication = kinds<Authentication>({
  none: group({ kind: choice(['none']) }),
  basic: group({ kind: choice(['basic']) }),
  bearer: group({ kind: choice(['bearer']) }),
  'api-key': group({ kind: choice(['api-key']), ...place, prefix: usually('', anyText) }),
  hmac: (value, at) => {
    const rules = group<Extract<Authentication, { kind: 'hmac' }>>({
      kind: choice(['hmac']),
      hash: usually('sha256', choice(['md5', 'sha1', 'sha256'])),
      encoding: usually('hex', choice(['hex', 'base64'])),
      parts: list(choice(signedParts)),
      separator: usually('', anyText),
      signature: group<Place>(place),
      key: optional(group<Place>(place)),
      timestamp: optional(group({ ...place, format: usually('unix-seconds', timeFormat) })),
      nonce: optional(group<Place>(place)),
    })(value, at);
    if (rules.parts.length === 0) throw new HubError('custom.missing', { at: `${at}.parts` });
    // What is signed and not sent nobody can check.
    for (const part of ['timestamp', 'nonce'] as const)
      if (rules.parts.includes(part) && !rules[part])
        throw new HubError('custom.missing', { at: `${at}.${part}` });
    return rules;
  },
  oauth2: group({
    kind: choice(['oauth2']),
    tokenUrl,
    scope: usually('', anyText),
    client: usually('basic', choice(['basic', 'form'])),
  }),
});

function request(known: readonly string[]): Reader<RequestTemplate> {
  const read = group<RequestTemplate>({
    method: usually('GET', choice(['GET', 'POST', 'PUT', 'DELETE'])),
    path: requestPath,
    query: usually({}, named(anyText)),
    headers: usually({}, named(anyText)),
    body: (value) => value,
    graphql: optional(
      group({
        query: text,
        variables: usually<Record<string, unknown>>(
          {},
          named((value) => value),
        ),
      }),
    ),
  });
  return (value, at) => {
    const found = read(value, at);
    if (found.body !== undefined && found.graphql)
      throw new HubError('custom.one-of', { at, first: 'body', second: 'graphql' });
    const { graphql, ...plain } = found;
    knownOnly({ ...plain, variables: graphql?.variables }, known, at);
    return found;
  };
}

const requestPath: Reader<string> = (value, at) => {
  const found = text(value, at);
  if (!found.startsWith('/') || /[?#\s]/.test(found))
    throw new HubError('custom.request-path', { at, path: found });
  return found;
};

/** `listing` may be followed by the number of its part: `{listing.2}` of `product/variant` is `variant`. */
function knownOnly(template: unknown, known: readonly string[], at: string): void {
  const unknown = placeholdersIn(template).find(
    (name) => !known.includes(name.replace(/^listing\.[1-9]$/, 'listing')),
  );
  if (unknown !== undefined)
    throw new HubError('custom.placeholder', {
      at,
      name: `{${unknown}}`,
      known: known.map((name) => `{${name}}`).join(', '),
    });
}

function item(known: readonly string[]): Reader<unknown> {
  return (value, at) => {
    knownOnly(value, known, at);
    return value;
  };
}

const condition = group<Condition>({ path: source, equals: texts });

const outcome = group<OutcomeRules>({
  success: optional(condition),
  code: usually('', source),
  message: usually('', source),
  credentials: usually([], texts),
  permission: usually([], texts),
  throttled: usually([], texts),
  platform: usually([], texts),
});

const paging = kinds<Paging>({
  none: group({ kind: choice(['none']) }),
  page: group({ kind: choice(['page']), first: usually(1, wholeNumber(0, 1)) }),
  offset: group({ kind: choice(['offset']) }),
  cursor: group({ kind: choice(['cursor']), next: source, more: usually('', source) }),
  link: group({ kind: choice(['link']) }),
});

const usualWindow = { mostDays: 1, lagSeconds: 60, overlapSeconds: 300, reachDays: 365 };

const orderList = group<OrderListRules>({
  request: request(placeholders.list),
  timeFormat: usually('iso', timeFormat),
  zone: usually('', zone),
  records: usually('', path),
  id: path,
  modified: usually('', path),
  total: usually('', source),
  paging,
  pageSize: usually(100, wholeNumber(1, 10_000)),
  sorted: usually('other', choice(['modified', 'other'])),
  window: usually(
    usualWindow,
    group({
      mostDays: usually(usualWindow.mostDays, wholeNumber(1, 3_660)),
      lagSeconds: usually(usualWindow.lagSeconds, wholeNumber(0, 31 * 86_400)),
      overlapSeconds: usually(usualWindow.overlapSeconds, wholeNumber(0, 31 * 86_400)),
      reachDays: usually(usualWindow.reachDays, wholeNumber(1, 36_600)),
    }),
  ),
});

/** What the paging needs is in the request: pages would repeat for ever without it. */
const orders: Reader<OrderListRules> = (value, at) => {
  const rules = orderList(value, at);
  const used = placeholdersOfRequest(rules.request);
  const { kind } = rules.paging;
  if ((kind === 'page' || kind === 'offset' || kind === 'cursor') && !used.includes(kind))
    throw new HubError('custom.placeholder-missing', { at: `${at}.request`, name: `{${kind}}` });
  if (rules.sorted === 'modified' && (!rules.modified || !used.includes('from')))
    throw new HubError('custom.sorted', { at: `${at}.sorted` });
  return rules;
};

const detail = group<OrderDetailRules>({
  request: request(placeholders.detail),
  record: usually('', path),
  each: usually(false, flag),
});

const stock: Reader<StockRules> = (value, at) => {
  const rules = group<StockRules>({
    request: request(placeholders.stock),
    most: usually(1, wholeNumber(1, 10_000)),
    item: item(placeholders.stockItem),
    results: optional(group({ list: path, success: condition, message: usually('', path) })),
    read: optional(group({ request: request(placeholders.listing), quantity: source })),
    sale: optional(group({ close: request(placeholders.listing), open: request(placeholders.listing) })),
  })(value, at);
  batchHasItems(rules, rules.most > 1, at);
  return rules;
};

const shipments: Reader<ShipmentRules> = (value, at) => {
  const rules = group<ShipmentRules>({
    request: request(placeholders.shipment),
    partial: usually('none', choice(['none', 'lines', 'quantities'])),
    item: item(placeholders.shipmentItem),
    id: usually('', source),
    already: usually([], texts),
  })(value, at);
  batchHasItems(rules, rules.partial !== 'none', at);
  return rules;
};

/** `{items}` and what it is a list of need each other. */
function batchHasItems(
  { request: template, item: one }: { request: RequestTemplate; item?: unknown },
  needed: boolean,
  at: string,
): void {
  const named = placeholdersOfRequest(template).includes('items');
  if ((needed || one !== undefined) && !named)
    throw new HubError('custom.placeholder-missing', { at: `${at}.request`, name: '{items}' });
  if (named && one === undefined) throw new HubError('custom.missing', { at: `${at}.item` });
}

/** Names a request really uses; those of a GraphQL query's own text are GraphQL. */
export function placeholdersOfRequest({ graphql, ...plain }: RequestTemplate): string[] {
  return placeholdersIn({ ...plain, variables: graphql?.variables });
}

const channel = group<CustomChannel>({
  title: usually('Custom channel', text),
  authentication,
  outcome: usually(outcome({}, ''), outcome),
  orders: optional(orders),
  order: optional(detail),
  stock: optional(stock),
  shipments: optional(shipments),
});

/**
 * Reads the configuration of a custom channel from its JSON text.
 *
 * @throws HubError `custom.…`: what is wrong, where, and what to enter
 */
export function readCustomChannel(json: string): CustomChannel {
  const rules = channel(parsed(json), '');
  if (!rules.orders && !rules.stock && !rules.shipments) throw new HubError('custom.nothing-to-do');
  return rules;
}

function parsed(json: string): unknown {
  try {
    return parseJson(json);
  } catch (error) {
    throw new HubError('custom.not-json', { reason: error instanceof Error ? error.message : String(error) });
  }
}
