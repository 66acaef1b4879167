import type { Row } from '../store/schema.ts';

/** A balance with the pool and SKU it is of. */
export interface ReadBalance extends Row<'stock_balances'> {
  pool: string;
  sku: string;
}

/** A hold with the pool and SKU that its balance says. */
export interface ReadHold extends Row<'stock_holds'> {
  pool: string;
  sku: string;
}

/** What is read of the store to decide a batch; everything its commands may need, and no more. */
export interface StockState {
  /** The store's clock, epoch milliseconds. */
  now: number;
  /** Earlier operations with the commands' op keys. */
  operations: readonly Row<'stock_operations'>[];
  /** Operations whose answer earlier ones got too. */
  answered: readonly Row<'stock_operations'>[];
  /** Balances of every SKU the commands, and the holds below, name. */
  balances: readonly ReadBalance[];
  /** All holds of the orders the commands name, and of stored orders one of whose holds has lapsed. */
  orderHolds: readonly ReadHold[];
  /** Lapsed holds on SKUs of which there may be too little, first lapsed first. */
  lapsed: readonly ReadHold[];
  /** Orders of further lapsed holds that other processes have in hand: they count as if they had not lapsed. */
  passedOver: readonly string[];
  /** Newest open holds on such SKUs, newest first, for the refusals. */
  holders: readonly ReadHold[];
  /** The page of lapsed holds for the sweeper, first lapsed first. */
  due: readonly ReadHold[];
  /** Whether there may be more of them, or others had some of the page in hand. */
  moreDue: boolean;
  /** Open holds of the buyers whose orders have a cap, in every pool. */
  buyerHolds: readonly ReadHold[];
  /** Of the SKUs that the commands name and that have no stock of their own: what they are made of, every level. */
  bundles: readonly Pick<Row<'bundle_components'>, 'bundle' | 'sku' | 'quantity'>[];
  orders: readonly Row<'orders'>[];
  orderLines: readonly Row<'order_lines'>[];
  /** What left and came back for lines of orders that are not stored, of which more may. */
  unsavedLines: readonly Row<'stock_unsaved_lines'>[];
  /** Events that told stored orders what left of them, where more may leave of a line that says it was shipped. */
  deductions: readonly { order_key: string; data: string }[];
}
