import type { Row, TableName } from '../schema.ts';

/** What is told of a table to move it. */
export interface MovedTable {
  /** Columns whose values tell its rows apart; rows are copied in their order. */
  key: readonly string[];
  /** Columns whose sums both stores compute on their own and that must agree. */
  sums: readonly string[];
  /** Rows copied at once; fewer where a row may be large. */
  page: number;
}

/** Of the store and not of what is in it: each store has its own. */
type OwnTables = 'hub_migrations' | 'leases' | 'applied_policies';
export type MovedName = Exclude<TableName, OwnTables>;

/** Rows of a few hundred bytes: some hundred kilobytes at once. */
const usual = 1_000;
/** Rows that may be as large as what a channel may send: at most some hundred megabytes at once. */
const large = 50;

function table<T extends MovedName>(
  key: readonly (keyof Row<T> & string)[],
  sums: readonly (keyof Row<T> & string)[] = [],
  page = usual,
): MovedTable {
  return { key, sums, page };
}

/** Every table that is moved, in the order in which they may be filled: what a row refers to comes first. */
export const movedTables: { readonly [T in MovedName]: MovedTable } = {
  inbox: table<'inbox'>(['id'], ['received_at'], large),
  events: table<'events'>(['id'], ['at']),
  subscribers: table<'subscribers'>(['id'], ['created_at']),
  deliveries: table<'deliveries'>(['id'], ['ref', 'attempts', 'token']),
  orders: table<'orders'>(['key'], ['total', 'version'], 200),
  order_lines: table<'order_lines'>(
    ['order_key', 'line_id'],
    ['ordered', 'cancelled', 'locked', 'picked', 'checked', 'shipped', 'returned'],
  ),
  order_versions: table<'order_versions'>(['id'], ['version'], 200),
  stock_balances: table<'stock_balances'>(
    ['id'],
    ['available', 'held', 'committed', 'presale', 'qc', 'damaged', 'inbound'],
  ),
  stock_items: table<'stock_items'>(['pool', 'sku'], ['balance_id']),
  stock_movements: table<'stock_movements'>(['id'], ['quantity', 'balance_id']),
  stock_holds: table<'stock_holds'>(['order_key', 'id'], ['quantity', 'remaining']),
  stock_operations: table<'stock_operations'>(['id'], ['content']),
  stock_unsaved_lines: table<'stock_unsaved_lines'>(['order_key', 'line_id'], ['shipped', 'returned']),
  stock_confirmations: table<'stock_confirmations'>(['balance_id'], ['movement_id', 'at']),
  bundle_components: table<'bundle_components'>(['bundle', 'sku'], ['quantity']),
  stock_counts: table<'stock_counts'>(['id'], ['opened_movement_id']),
  stock_count_lines: table<'stock_count_lines'>(['id'], ['counted', 'expected', 'difference']),
  audit_findings: table<'audit_findings'>(['id'], ['first_seen', 'last_seen']),
  audit_rounds: table<'audit_rounds'>(['id'], ['rows_read', 'found']),
  listings: table<'listings'>(['channel', 'shop', 'listing'], ['seen_at']),
  shares: table<'shares'>(['id'], ['updated_at']),
  share_states: table<'share_states'>(['id'], ['sellable', 'version']),
  channel_polls: table<'channel_polls'>(['account'], ['watermark']),
  channel_orders: table<'channel_orders'>(['account', 'channel_order_id'], ['modified_at', 'inbox_id']),
  channel_poll_runs: table<'channel_poll_runs'>(['id'], ['records', 'watermark']),
  channel_censuses: table<'channel_censuses'>(['id'], ['listed', 'had']),
  channel_pushes: table<'channel_pushes'>(['share', 'channel', 'shop', 'listing'], ['version', 'sellable']),
  channel_sales: table<'channel_sales'>(['channel', 'shop', 'unit'], ['open']),
  channel_shipments: table<'channel_shipments'>(['key'], ['attempts', 'created_at']),
  channel_paces: table<'channel_paces'>(['account'], ['held_until']),
  sku_weights: table<'sku_weights'>(['sku'], ['grams']),
  weighings: table<'weighings'>(['id'], ['reading_grams', 'expected_grams']),
  alerts: table<'alerts'>(['id'], ['at']),
  acts: table<'acts'>(['id'], ['at']),
};

export const movedNames = Object.keys(movedTables) as MovedName[];
