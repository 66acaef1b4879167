/** A span of time, epoch milliseconds: from `from` on, before `until`. */
export interface TimeWindow {
  from: number;
  until: number;
}

/** What a poller has to keep to. All milliseconds. */
export interface WindowRules {
  /** The longest span of one question. */
  mostMs: number;
  /** How long after a change the platform may still begin to show it: the watermark stays so far behind now. */
  lagMs: number;
  /** How far a new question reaches back into what was read; an account may ask for more. */
  overlapMs: number;
  /** How far back orders can be asked for at all. */
  reachMs: number;
  /** The unit the platform rounds times to; a window's ends are put on its borders. */
  stepMs: number;
}

/** One order as the channel has it, bare: without the envelope it came in. */
export interface ChannelRecord {
  /** As the channel writes it; ids are texts everywhere. */
  channelOrderId: string;
  /** When the channel says that it last changed, epoch milliseconds; null when it does not say. */
  modifiedAt: number | null;
  /** JSON text: the order as `order-map`'s preset of the platform reads it, digits kept. */
  body: string;
}

/** A record of a page that cannot be used; the page goes on without it, and it is put aside with this. */
export interface BadRecord {
  /** Where it stood, such as `trades.trade[3]`. */
  at: string;
  /** What was wrong, as code and values of a sentence. */
  code: string;
  params: Readonly<Record<string, string | number | null>>;
  /** The record as it came. */
  body: string;
}

export interface OrderPage {
  records: readonly ChannelRecord[];
  bad: readonly BadRecord[];
  /** Counted as the pages are read, from 1. */
  page: number;
  /** How many pages there are, when known. */
  pages: number | null;
  /** How many orders the window holds, when the platform tells. */
  total: number | null;
}

/** One order's id for the census. */
export interface OrderStamp {
  channelOrderId: string;
  modifiedAt: number | null;
}

export interface OrderSource {
  readonly window: WindowRules;
  /**
   * Orders changed within a window, in the direction the platform needs so that none is missed when orders change
   * meanwhile. Ends after the last page; whoever stops earlier has not read the window. Orders may come more than
   * once.
   *
   * @throws ChannelFault; nothing of the pages before is taken back
   */
  changed(window: TimeWindow, signal: AbortSignal): AsyncIterable<OrderPage>;
  /**
   * One order as the channel has it now; null when it knows none by that id.
   *
   * @throws ChannelFault
   */
  order(channelOrderId: string, signal: AbortSignal): Promise<ChannelRecord | null>;
  /**
   * What the channel itself counts for a window, with as little data as it lets one ask for. `changed` will do
   * where there is nothing cheaper.
   */
  stamps(
    window: TimeWindow,
    signal: AbortSignal,
  ): AsyncIterable<{ total: number | null; stamps: readonly OrderStamp[] }>;
}
