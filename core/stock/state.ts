import type { Row } from '../store/schema.ts';

/** What is read of the store to decide a batch; everything its commands may need, and no more. */
export interface StockState {
  /** The store's clock, epoch milliseconds. */
  now: number;
  /** Earlier operations with the commands' op keys. */
  operations: readonly Row<'stock_operations'>[];
  /** Balances of every SKU the commands, and the holds below, name. */
  balances: readonly Row<'stock_balances'>[];
  /** All holds of the orders the commands name, and of stored orders one of whose holds has lapsed. */
  orderHolds: readonly Row<'stock_holds'>[];
  /** Lapsed holds on SKUs of which there may be too little, first lapsed first. */
  lapsed: readonly Row<'stock_holds'>[];
  /** Newest open holds on such SKUs, newest first, for the refusals. */
  holders: readonly Row<'stock_holds'>[];
  /** The page of lapsed holds for the sweeper, first lapsed first. */
  due: readonly Row<'stock_holds'>[];
  orders: readonly Row<'orders'>[];
  orderLines: readonly Row<'order_lines'>[];
}
