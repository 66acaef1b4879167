import type { Generated, Insertable, Selectable, Updateable } from 'kysely';

/*
 * The one description of the tables, the same on every store. Times are epoch milliseconds (UTC), quantities
 * and grams are integers, money is in minor units, flags are 0 or 1, `json` columns hold JSON text.
 */

/** What a channel sent, byte for byte, before anybody interpreted it. Never changed. */
export interface InboxTable {
  id: Generated<number>;
  /** Path of the channel account it came in by. */
  account: string;
  topic: string;
  /** The sender's id of this delivery; a second row with it is refused. */
  delivery_key: string | null;
  /** Hash of what was sent; a second row with it is refused. */
  content_key: string | null;
  /** json: the request's headers, signatures included, secrets never. */
  headers: string;
  body: Uint8Array;
  received_at: number;
}

/** What happened, in the order it was written. An order's events name it in `order_key`. */
export interface EventsTable {
  id: Generated<number>;
  topic: string;
  type: string;
  order_key: string | null;
  channel: string | null;
  /** json: what the event says beyond its type. */
  data: string;
  at: number;
}

/** Who wants copies of events: a node that was deployed once, whether it runs now or not. */
export interface SubscribersTable {
  id: string;
  topic: string;
  /** json list of event types, or null for all. */
  types: string | null;
  /** json list of channels, or null for all. */
  channels: string | null;
  label: string;
  created_at: number;
  last_seen_at: number;
}

export type DeliveryState = 'ready' | 'leased' | 'done' | 'dead';

/** One message for one subscriber: an inbox record, an event, an alert to send. */
export interface DeliveriesTable {
  id: Generated<number>;
  topic: string;
  subscriber: string;
  /** Messages of one key are delivered one after another; an order key where there is one. */
  key: string;
  /** Id in the table that `topic` names (inbox, events, alerts). */
  ref: number;
  /** json: set when a person edited the message before a retry; otherwise the row at `ref` is the message. */
  payload: string | null;
  state: DeliveryState;
  attempts: number;
  /** Grows with each claim; a finish with an older one is ignored (fencing). */
  token: number;
  /** Process that holds the lease. */
  owner: string | null;
  lease_until: number | null;
  available_at: number;
  created_at: number;
  finished_at: number | null;
  /** json: {code, params, sentence, openNodes?} of the last failure. */
  last_error: string | null;
}

export interface OrdersTable {
  key: string;
  channel: string;
  shop: string;
  channel_order_id: string;
  scenario: string;
  status: string;
  refund_status: string;
  hold_reason: string | null;
  currency: string;
  /** Order total in minor units. */
  total: number | null;
  /** none | allocated | short | released | shipped: whether stock covers it. */
  allocation: string;
  version: number;
  /** The channel's own modified time of the version kept. */
  modified_at: number;
  /** json: the canonical order. */
  document: string;
  inbox_id: number | null;
  created_at: number;
  updated_at: number;
}

export interface OrderLinesTable {
  order_key: string;
  line_id: string;
  sku: string;
  ordered: number;
  cancelled: number;
  locked: number;
  picked: number;
  checked: number;
  shipped: number;
  returned: number;
}

/** Every version of an order that arrived and differed, applied or not. */
export interface OrderVersionsTable {
  id: Generated<number>;
  order_key: string;
  outcome: string;
  status: string;
  modified_at: number;
  inbox_id: number | null;
  /** json: {code, params} of a refusal. */
  reason: string | null;
  /** json: the canonical order of a version that was not applied, null for one that was. */
  document: string | null;
  /** The number of the version that was kept after it. */
  version: number;
  /** json: types of the events of a version that was applied. */
  events: string | null;
  /** json: names of the fields that a version that was applied changed. */
  changed: string | null;
  /** Hash of the inbox row and the order made from it: a repeat gets the first answer. Null outside the inbox. */
  command_key: string | null;
  at: number;
}

/** The SKUs a pool knows. Apart from their numbers, which change all the time while names never do. */
export interface StockItemsTable {
  pool: string;
  sku: string;
  balance_id: number;
}

/** Units of a SKU in a pool, by bucket: a cache of the movements, never changed without one. */
export interface StockBalancesTable {
  id: Generated<number>;
  available: number;
  held: number;
  committed: number;
  presale: number;
  qc: number;
  damaged: number;
  inbound: number;
  /** The newest movement; each names the one before it, so that the way here can be walked back. */
  last_movement_id: number | null;
}

/**
 * The ledger: units that went from one bucket to another. Rows are never changed, and only ever added at the
 * end: what else is known of a movement stands in its operation, its balance and its hold.
 */
export interface StockMovementsTable {
  id: Generated<number>;
  op_id: number;
  balance_id: number;
  from_bucket: string;
  to_bucket: string;
  quantity: number;
  /** The hold whose units moved; its own number when this movement opened it. */
  hold_id: number | null;
  /** The order line of a movement without a hold; otherwise the hold says it. */
  line_id: string | null;
  /** The movement of the same balance before this one. */
  prev_id: number | null;
}

export type HoldState = 'open' | 'posted' | 'released' | 'expired';

/** Units that belong to an order line; stored by order, for that is how they are looked for. */
export interface StockHoldsTable {
  order_key: string;
  /** The number of the movement that opened it. */
  id: number;
  balance_id: number;
  line_id: string;
  quantity: number;
  remaining: number;
  scenario: string;
  bucket: string;
  state: HoldState;
  deadline: number | null;
  resolved_at: number | null;
  /** Units one ordered unit of the line takes of this SKU: more than 1 for a component of a bundle. Never changes. */
  per_unit: Generated<number>;
  /** The bundle that the line ordered and of which this SKU is a component; null when the line ordered this SKU. */
  bundle: string | null;
  /** Who buys; kept only where a cap per buyer applies. */
  buyer_key: string | null;
}

/**
 * What left for lines of orders that are not stored, and what came back of them, in ordered units. When such an order is
 * saved, its lines take this over and the rows go.
 */
export interface StockUnsavedLinesTable {
  order_key: string;
  line_id: string;
  shipped: number;
  returned: number;
}

/** The last time somebody entered what is there of a SKU and the ledger said the same: no movement tells of it. */
export interface StockConfirmationsTable {
  balance_id: number;
  /** The newest movement of all at that moment; 0 before the first. */
  movement_id: number;
  at: number;
}

/** What a bundle is made of, one level of it; a component may be a bundle itself. */
export interface BundleComponentsTable {
  bundle: string;
  sku: string;
  /** Units of the component in one bundle. */
  quantity: number;
  actor: string;
  updated_at: number;
}

/** Every act on stock and the first answer to it; a repeat with the same key gets it again. */
export interface StockOperationsTable {
  id: Generated<number>;
  /** Null for what the hub does by itself: holds that expire. */
  op_key: string | null;
  kind: string;
  actor: string;
  /** Null when it is the kind of act itself. */
  reason: string | null;
  order_key: string | null;
  at: number;
  /** Stands for all that the key promises to be the same. */
  content: number;
  /** json; null when `same_as` says it, and for what nobody asked for. */
  answer: string | null;
  /** The operation whose answer this one got too: refusals of a batch for one and the same reason. */
  same_as: number | null;
}

/** `open` while its lines are taken in; `waiting` for a second person; `refused` when no row could be used. */
export type CountState = 'open' | 'waiting' | 'applied' | 'refused';

/** A sheet of stock-taking: one file or message with what was counted in a pool. */
export interface StockCountsTable {
  id: Generated<number>;
  pool: string;
  /** full: all SKUs of the pool were to be counted; cycle: some of them. */
  kind: string;
  /** What people call the sheet; empty when it has no name. */
  name: string;
  /** Hash of what was received, its name and how it was read; a second sheet with it is refused. */
  content_key: string;
  /** message | csv | excel */
  source: string;
  /** Who counted. */
  actor: string;
  opened_at: number;
  /** The newest movement at opening; rows without a time of their own were counted at this place of the ledger. */
  opened_movement_id: number;
  state: CountState;
  /** json: the thresholds, and what is done with SKUs that were not counted. */
  settings: string;
  /** When the last line was settled. */
  finished_at: number | null;
}

/**
 * `agrees` with the ledger; `corrected`; `waiting` for a second person; `refused` for what is wrong with the row;
 * `rejected` by the second person; `superseded` by a newer count; `uncounted`: in the pool, but not on the sheet.
 */
export type CountLineState =
  | 'agrees'
  | 'corrected'
  | 'waiting'
  | 'refused'
  | 'rejected'
  | 'superseded'
  | 'uncounted';

export interface StockCountLinesTable {
  id: Generated<number>;
  count_id: number;
  /** Row of the file or place in the list, from 1; null for a SKU that was not on the sheet. */
  row: number | null;
  sku: string;
  /** Units on hand by the count; null for a row without one. */
  counted: number | null;
  counted_at: number;
  /** 1 when the row said when it was counted, 0 when the opening of the sheet stands for it. */
  dated: number;
  /** Units on hand by the ledger when it was counted. */
  expected: number | null;
  /** Units counted less units expected. */
  difference: number | null;
  /** Cost of one unit in ten-thousandths of the currency's unit. */
  unit_cost: number | null;
  state: CountLineState;
  /** json: {code, params, sentence, shortage?} of a line that waits or was not booked. */
  reason: string | null;
  /** Corrections tried so far. */
  attempts: number;
  /** The second person. */
  decided_by: string | null;
  decided_at: number | null;
  /** Op key of the decision; a repeat with it decides nothing twice. */
  decision_key: string | null;
  decision_reason: string | null;
}

export interface SkuWeightsTable {
  sku: string;
  grams: number;
  actor: string;
  updated_at: number;
}

/** Every reading of the scale and every lifted block. */
export interface WeighingsTable {
  id: Generated<number>;
  order_key: string;
  /** passed | blocked | unknown | lifted */
  verdict: string;
  reading_grams: number | null;
  expected_grams: number | null;
  band_grams: number | null;
  actor: string;
  reason: string | null;
  at: number;
}

/** An alert for one target: once per rule, order and event. */
export interface AlertsTable {
  id: Generated<number>;
  alert_key: string;
  target: string;
  rule: string;
  order_key: string | null;
  event: string;
  /** json: {subject, text, fields} ready to send. */
  message: string;
  at: number;
}

/** Who did what by hand, and when. */
export interface ActsTable {
  id: Generated<number>;
  actor: string;
  act: string;
  object: string;
  /** json */
  detail: string;
  at: number;
}

/** Work that one process at a time does on a store that several share. Empty where one process has the store. */
export interface LeasesTable {
  name: string;
  /** The process that does it. */
  owner: string;
  /** When it is free for others unless it is extended. */
  until: number;
}

/** The stock policies that the processes on a store apply. Empty where one process has the store. */
export interface AppliedPoliciesTable {
  /** The process that applies it. */
  owner: string;
  /** Tells the policies of a process apart, in the order in which they were applied. */
  place: number;
  /** json: the policy. */
  policy: string;
  /** When the process last said that it applies it. */
  seen_at: number;
}

/** What the auditor found: open while `cleared_at` is null, once for each code and object. */
export interface AuditFindingsTable {
  id: Generated<number>;
  code: string;
  /** What it is about: `stock:main/TEA#held`, `hold:<order key>#<id>`, `order:<key>@<pool>`, `line:…`, … */
  object: string;
  /** wrong | hint */
  level: string;
  /** json: the values in its sentence. */
  params: string;
  /** json: the smallest repair, with the numbers before and after it. */
  repair: string;
  first_seen: number;
  last_seen: number;
  cleared_at: number | null;
  /** Who asked for a repair that a second person has to agree to. */
  requested_by: string | null;
  /** Who had it repaired last; the next round shows whether that helped. */
  repaired_by: string | null;
  repaired_at: number | null;
}

/** A look at everything, from the first page to the last; only the newest few are kept. */
export interface AuditRoundsTable {
  id: Generated<number>;
  started_at: number;
  finished_at: number;
  /** 1 when the ledger was read from its beginning, 0 when only what came since the round before. */
  whole: number;
  rows_read: number;
  pages: number;
  /** The longest time one page kept the process busy, milliseconds. */
  longest_page_ms: number;
  /** Findings that were open when it ended. */
  found: number;
}

/** What a channel sells: one entry of a shop's catalogue, and the SKU that stands behind it. */
export interface ListingsTable {
  channel: string;
  shop: string;
  /** The channel's own id of it. */
  listing: string;
  /** Null while nobody has said which SKU it is. */
  sku: string | null;
  /** order: an order line named it; told: a person, a message or the API did, which orders do not overrule. */
  source: 'order' | 'told';
  seen_at: number;
}

/** Who shares stock out among channels: a node that was deployed once, with its rules as they are now. */
export interface SharesTable {
  id: string;
  label: string;
  /** json: pools, buffer, lines, channels. */
  policy: string;
  /** All movements up to this one have been looked at. */
  movement_id: number;
  /** All events up to this one have been searched for listings. */
  event_id: number;
  updated_at: number;
}

/** What a listing is to show by one share: the state, never a difference. */
export interface ShareStatesTable {
  id: Generated<number>;
  share: string;
  channel: string;
  shop: string;
  listing: string;
  sku: string;
  /** Units; 0 while it is closed. */
  sellable: number;
  open: number;
  /** json: {code, params} of the sentence that says why. */
  why: string;
  /** Grows by one with each change of `sellable`, `open` or `sku`. */
  version: number;
  /** When it became so. */
  at: number;
  /** 0 for listings of a channel that the share's rules no longer name. */
  active: number;
  /** The newest version that the channel has taken or refused. */
  pushed_version: number | null;
  pushed_at: number | null;
  /** `ok`, or the code of what the channel refused it for. */
  pushed_result: string | null;
}

/** How far a channel account has been read. */
export interface ChannelPollsTable {
  /** Path of the account. */
  account: string;
  /** Every order that the channel changed before this is durable in the inbox. */
  watermark: number;
  /** What changed before this was read when nothing more could turn up late: not read again. */
  settled: number;
  /** From when on the hub answers for having every change: where reading began, or a back-fill that was done. */
  covered_from: number;
  /** The date last chosen in the dialog to read back to. */
  since: number | null;
  /** A back-fill under way: from where, up to where it has come, and where it ends. */
  backfill_from: number | null;
  backfill_next: number | null;
  backfill_until: number | null;
  /** json: {code, params, kind, since, failures} of the trouble that keeps the channel from being read. */
  fault: string | null;
  /** When it is read next. */
  next_at: number | null;
  /** When the hourly count was last done. */
  census_at: number | null;
  /** The last day, in the account's zone, that was counted as a whole: `2026-11-21`. */
  census_day: string | null;
  updated_at: number;
}

/** An order as a channel last handed it over when it was asked for orders. */
export interface ChannelOrdersTable {
  account: string;
  channel_order_id: string;
  /** When the channel says that it changed; null when it does not say. */
  modified_at: number | null;
  /** SHA-256 of the record. */
  digest: string;
  /** Under which the record stands in the inbox. */
  content_key: string;
  inbox_id: number;
  received_at: number;
  /** When it was last asked for by its id: a hint from before says nothing new. */
  reread_at: number | null;
}

/** The sheet of one window of time that was read from a channel, or tried. Only the newest are kept. */
export interface ChannelPollRunsTable {
  id: Generated<number>;
  account: string;
  /** live | catch-up | back-fill */
  kind: string;
  window_from: number;
  window_until: number;
  started_at: number;
  took_ms: number;
  pages: number;
  /** Records read, bad ones not among them. */
  records: number;
  /** Orders that were not known before. */
  fresh: number;
  /** Known orders with news. */
  changed: number;
  /** Records older than what is known of their order. */
  stale: number;
  /** Records that were read before. */
  repeated: number;
  /** Records put aside since they cannot be used. */
  bad: number;
  /** How often the channel asked for fewer requests. */
  throttled: number;
  /** The watermark afterwards. */
  watermark: number;
  behind_ms: number;
  next_at: number;
  /** json: {code, params} of what broke it off. */
  fault: string | null;
  /** json: {code, params} of something to know that broke nothing off. */
  note: string | null;
}

/** A count of a channel's orders against ours. Only the newest are kept, of days more than a year. */
export interface ChannelCensusesTable {
  id: Generated<number>;
  account: string;
  /** recent | day */
  kind: string;
  /** `2026-11-21` in the zone, of a whole day. */
  day: string | null;
  zone: string;
  window_from: number;
  window_until: number;
  at: number;
  took_ms: number;
  /** Orders the channel listed. */
  listed: number;
  /** Orders the channel says there are; null when it does not count. */
  total: number | null;
  /** Of those listed, the ones we had in their last state. */
  had: number;
  /** Gaps that were fetched at once. */
  fetched: number;
  /** Listed orders that the channel does not know any more when asked for them. */
  gone: number;
  /** Gaps that stay. */
  missing: number;
  /** Of those listed, the ones that a flow saved; null where no order of the shop was ever saved. */
  saved: number | null;
  /** json: [{channelOrderId, was, became, code?, params?}], the first few hundred */
  gaps: string;
  /** json: [{channelOrderId, why, code?, params?}] received and not saved, the first few */
  unsaved: string;
  /** json: {code, params} of what broke it off. */
  fault: string | null;
}

/** The state of a listing that went to its channel, and who is telling it one at the moment. */
export interface ChannelPushesTable {
  share: string;
  channel: string;
  shop: string;
  listing: string;
  /** Path of the account it is told by. */
  account: string;
  /** The newest version that telling was begun of; an older one is never told after it. */
  claimed_version: number;
  /** Who tells it now, until when nobody else does. */
  owner: string | null;
  claimed_until: number | null;
  /** The newest version that the channel took or refused, and the state it was. */
  version: number | null;
  sellable: number | null;
  open: number | null;
  /** `ok`, or the code of what the channel refused it for. */
  result: string | null;
  /** json: the values in the sentence of the refusal. */
  params: string | null;
  pushed_at: number | null;
  /** When what the channel shows was last read, and what it was. */
  read_at: number | null;
  read_sellable: number | null;
  read_open: number | null;
  /** 1 when what was read was not what had been told. */
  differs: number;
}

/** Whether something is for sale, as its channel was last told: a listing, or a product where only these are closed. */
export interface ChannelSalesTable {
  channel: string;
  shop: string;
  unit: string;
  /** 0 from before the channel is told to close it. */
  open: number;
  at: number;
}

/** A parcel that a channel is told of. */
export interface ChannelShipmentsTable {
  /** Stands for the order and the parcel's own number, or its tracking number and what is in it. */
  key: string;
  /** Path of the account. */
  account: string;
  order_key: string;
  /** As the channel names it. */
  carrier: string;
  tracking: string;
  /** json: [{lineId, quantity}]; null for all that is left of the order. */
  lines: string | null;
  /** sending: from before the call on until the channel answered. */
  state: 'sending' | 'shipped' | 'refused';
  channel_shipment_id: string | null;
  /** `shipped`, `already`, `not-taken` while it is sent on, or the code of a refusal; null while the outcome is unknown. */
  result: string | null;
  /** json: the values in the sentence of a refusal. */
  params: string | null;
  attempts: number;
  /** Who tells it now, until when nobody else does. */
  owner: string | null;
  claimed_until: number | null;
  created_at: number;
  finished_at: number | null;
}

/** How fast an account may call its platform. One row an account that was ever held back or shares its pace. */
export interface ChannelPacesTable {
  account: string;
  /**
   * The theoretical arrival time of the next request by the generic cell rate algorithm (ITU-T I.371), epoch
   * microseconds by the clock of the database; 0 where one process has the store and paces itself.
   */
  arrival_us: number;
  /** Until when the platform wants no requests, epoch milliseconds; 0 when it never said so. */
  held_until: number;
}

export interface MigrationsTable {
  number: number;
  name: string;
  applied_at: number;
}

export interface Database {
  inbox: InboxTable;
  events: EventsTable;
  subscribers: SubscribersTable;
  deliveries: DeliveriesTable;
  orders: OrdersTable;
  order_lines: OrderLinesTable;
  order_versions: OrderVersionsTable;
  stock_items: StockItemsTable;
  stock_balances: StockBalancesTable;
  stock_movements: StockMovementsTable;
  stock_holds: StockHoldsTable;
  stock_operations: StockOperationsTable;
  stock_unsaved_lines: StockUnsavedLinesTable;
  stock_confirmations: StockConfirmationsTable;
  bundle_components: BundleComponentsTable;
  stock_counts: StockCountsTable;
  stock_count_lines: StockCountLinesTable;
  sku_weights: SkuWeightsTable;
  weighings: WeighingsTable;
  alerts: AlertsTable;
  acts: ActsTable;
  leases: LeasesTable;
  applied_policies: AppliedPoliciesTable;
  audit_findings: AuditFindingsTable;
  audit_rounds: AuditRoundsTable;
  listings: ListingsTable;
  shares: SharesTable;
  share_states: ShareStatesTable;
  channel_polls: ChannelPollsTable;
  channel_orders: ChannelOrdersTable;
  channel_poll_runs: ChannelPollRunsTable;
  channel_censuses: ChannelCensusesTable;
  channel_pushes: ChannelPushesTable;
  channel_sales: ChannelSalesTable;
  channel_shipments: ChannelShipmentsTable;
  channel_paces: ChannelPacesTable;
  hub_migrations: MigrationsTable;
}

export type TableName = keyof Database;
export type Row<T extends TableName> = Selectable<Database[T]>;
export type NewRow<T extends TableName> = Insertable<Database[T]>;
export type Changes<T extends TableName> = Updateable<Database[T]>;
/** Tables whose rows the store numbers. */
export type NumberedTable = {
  [T in TableName]: Database[T] extends { id: Generated<number> } ? T : never;
}[TableName];
/** A row to be written that has its key: the one it is known by, or a number that was reserved for it. */
export type KeyedRow<T extends TableName> = T extends NumberedTable ? NewRow<T> & { id: number } : NewRow<T>;
