/*
 * A custom channel is said by data alone: how to prove who asks, what to ask, and where in the answers things are.
 * Times of windows and waits stand in the units that people say them in.
 */

/** How requests prove who asks. Key, secret and token themselves are the account's credentials, never part of this. */
export type Authentication =
  | { kind: 'none' }
  /** App key and app secret as user and password (RFC 7617). */
  | { kind: 'basic' }
  /** The account's token (RFC 6750). */
  | { kind: 'bearer' }
  | ApiKeyAuthentication
  | HmacAuthentication
  | OAuthAuthentication;

/** Where something stands in a request. */
export interface Place {
  in: 'header' | 'query';
  name: string;
}

/** The account's token in a header or parameter of its own. */
export interface ApiKeyAuthentication extends Place {
  kind: 'api-key';
  /** What stands before the token, such as `Token `. */
  prefix: string;
}

/** `query` is the query as it is sent, `query-sorted` its parameters by name; neither holds the signature. */
export const signedParts = [
  'method',
  'path',
  'query',
  'query-sorted',
  'body',
  'timestamp',
  'nonce',
  'key',
] as const;
export type SignedPart = (typeof signedParts)[number];

/** A keyed digest (RFC 2104) by the app secret over parts of the request, in their order. */
export interface HmacAuthentication {
  kind: 'hmac';
  hash: 'md5' | 'sha1' | 'sha256';
  encoding: 'hex' | 'base64';
  parts: readonly SignedPart[];
  /** What stands between the parts. */
  separator: string;
  signature: Place;
  /** Where the app key goes. */
  key?: Place;
  timestamp?: Place & { format: string };
  nonce?: Place;
}

/** OAuth 2 client credentials (RFC 6749 section 4.4): app key and app secret are exchanged for a token now and then. */
export interface OAuthAuthentication {
  kind: 'oauth2';
  /** A path below the account's address, or a whole address. */
  tokenUrl: string;
  scope: string;
  /** Whether id and secret go as user and password, or as fields of the form. */
  client: 'basic' | 'form';
}

/**
 * A request with `{name}` where a value goes. A parameter that comes out empty is left out; a text of the body that is
 * nothing but `{name}` becomes the value itself, a number for instance, and `{name:text}` its text.
 */
export interface RequestTemplate {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the account's address, beginning with a slash, without a question mark. */
  path: string;
  query: Readonly<Record<string, string>>;
  headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  body?: unknown;
  /** A GraphQL query, sent by POST as it is; values go into its variables. */
  graphql?: { query: string; variables: Readonly<Record<string, unknown>> };
}

export interface Condition {
  /** Where in the answer. */
  path: string;
  /** Compared as text; any of them will do. */
  equals: readonly string[];
}

/** What answers mean beyond their HTTP status. */
export interface OutcomeRules {
  /** When an answer with status 2xx is a success; each one when absent. */
  success?: Condition;
  /** Where the channel's own code stands. */
  code: string;
  /** Where its words stand. */
  message: string;
  /** Codes that tell what kind of trouble it is. */
  credentials: readonly string[];
  permission: readonly string[];
  throttled: readonly string[];
  platform: readonly string[];
}

export type Paging =
  | { kind: 'none' }
  /** Numbered pages. */
  | { kind: 'page'; first: number }
  /** Counted rows. */
  | { kind: 'offset' }
  /** The answer says how to go on. */
  | {
      kind: 'cursor';
      next: string;
      /** Where it stands whether there is more; without it, an empty cursor ends the pages. */
      more: string;
    }
  /** The header Link with rel="next" (RFC 8288). */
  | { kind: 'link' };

export interface OrderListRules {
  request: RequestTemplate;
  /** `iso`, `iso-seconds`, `unix-seconds`, `unix-ms`, or a pattern such as `yyyy-MM-dd HH:mm:ss`. */
  timeFormat: string;
  /** IANA name; the account's when empty. */
  zone: string;
  /** Where the list of orders is; empty when the answer is the list. */
  records: string;
  /** Within a record. */
  id: string;
  /** Within a record: when it last changed; empty when the channel does not say. */
  modified: string;
  /** How many orders the window holds; a path or `$header.<name>`; empty when the channel does not say. */
  total: string;
  paging: Paging;
  pageSize: number;
  /** `modified`: the request has the channel sort by the time of the last change, the oldest first. */
  sorted: 'modified' | 'other';
  window: { mostDays: number; lagSeconds: number; overlapSeconds: number; reachDays: number };
}

export interface OrderDetailRules {
  request: RequestTemplate;
  /** Where the order is; empty when the answer is the order. */
  record: string;
  /** Whether each order of the list is read by this request, for lists that hold no more than ids. */
  each: boolean;
}

export interface StockRules {
  /** With `{items}` in its body for several listings at once. */
  request: RequestTemplate;
  /** How many listings go into one request. */
  most: number;
  /** What `{items}` is a list of, one for each listing. */
  item?: unknown;
  /** Where the channel tells what became of each listing of a batch, in their order. */
  results?: { list: string; success: Condition; message: string };
  /** Asks for one listing. */
  read?: { request: RequestTemplate; quantity: string };
  /** Takes one listing off sale and puts it on sale again; without it a listing is closed by its number, 0. */
  sale?: { close: RequestTemplate; open: RequestTemplate };
}

export interface ShipmentRules {
  request: RequestTemplate;
  partial: 'none' | 'lines' | 'quantities';
  /** What `{items}` is a list of, one for each line. Absent from the request when a shipment is all that is left. */
  item?: unknown;
  /** Where the channel's id of the shipment is. */
  id: string;
  /** Codes, or HTTP statuses, by which the channel says that it has this shipment already. */
  already: readonly string[];
}

export interface CustomChannel {
  /** The name people know the channel by. */
  title: string;
  authentication: Authentication;
  outcome: OutcomeRules;
  orders?: OrderListRules;
  order?: OrderDetailRules;
  stock?: StockRules;
  shipments?: ShipmentRules;
}
