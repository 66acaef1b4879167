import type { ChannelFault } from './fault.ts';

/** A number that a listing is to show. Always absolute: the state, never a difference. */
export interface StockNumber {
  /** The listing as orders name it (`channelSkuId` of their lines); each platform's folder says how it is made. */
  listing: string;
  sellable: number;
  /** Grows with each state of the listing. */
  version: number;
  /** The same for each attempt at telling this state; another one when the state is told again after an answer. */
  key: string;
}

/** What became of one listing of a batch. */
export interface StockResult {
  listing: string;
  /** Undefined when the platform took the number. */
  fault?: ChannelFault;
}

/** What a channel itself says of a listing; null where it does not tell. */
export interface ListingOnChannel {
  sellable: number | null;
  open: boolean | null;
}

export interface StockTarget {
  /** How many listings one request takes. */
  readonly most: number;
  /** Listings that go into one request together have the same group, such as one product's SKUs. */
  groupOf(listing: string): string;
  /**
   * Writes the numbers of one batch of one group. One result a listing; none for one that the answer leaves out, whose
   * number is unknown.
   *
   * @throws ChannelFault when the request as a whole did not go through; which numbers stand is unknown then
   */
  set(numbers: readonly StockNumber[], signal: AbortSignal): Promise<StockResult[]>;
  /** What the channel shows now; a listing it does not know is absent. Undefined where it cannot be read. */
  read?(listings: readonly string[], signal: AbortSignal): Promise<Map<string, ListingOnChannel>>;
  /** Closes a listing for sale or opens it again; null when the platform has only the number (0 is closed then). */
  readonly sale: {
    /**
     * What is closed and opened as one: the listing itself, or its product where a SKU has no switch of its own. A product
     * stays open while one of its listings is.
     */
    unitOf(listing: string): string;
    set(listing: string, open: boolean, signal: AbortSignal): Promise<void>;
  } | null;
}
