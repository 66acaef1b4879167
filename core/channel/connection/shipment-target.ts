/** A parcel that left, or a part of an order in it. */
export interface Shipment {
  channelOrderId: string;
  /** The carrier as the channel names it: its code or id. */
  carrier: string;
  /** Empty where the carrier has none, such as the seller's own delivery. */
  tracking: string;
  /** What is in the parcel, each line once; null for all that is left of the order. */
  lines: readonly { lineId: string; quantity: number }[] | null;
  /** The same for each attempt at this shipment, and no other. */
  key: string;
  /**
   * The answer to an earlier attempt was lost, so the channel may have it: it has to be looked for there before it is told
   * again, with or without a tracking number.
   */
  lost?: boolean;
  /** To be called once the channel was looked at and has nothing of it: what it refuses then, it certainly does not have. */
  looked?(): void;
  /** The channel's ids of the order's parcels that the hub told: none of them is this one. */
  others?: readonly string[];
}

export type ShipmentResult =
  | { kind: 'shipped' /** The channel's id of it, when it gives one. */; channelShipmentId: string | null }
  /** The channel had it already, from an attempt whose answer was lost, or from a person. */
  | { kind: 'already'; channelShipmentId: string | null };

export interface ShipmentTarget {
  /** `none`: whole orders only; `lines`: whole lines; `quantities`: any part. */
  readonly partial: 'none' | 'lines' | 'quantities';
  /**
   * Tells the channel once that a parcel left.
   *
   * @throws ChannelFault; any other kind than `platform` says that the channel has nothing of this attempt; `caller`
   *   explains why the channel refuses it (unknown carrier, refunded meanwhile); `channel.outcome-unknown` for a lost one
   *   that cannot be looked for
   */
  ship(shipment: Shipment, signal: AbortSignal): Promise<ShipmentResult>;
  /** The carriers the channel knows; undefined where it takes any name. */
  carriers?(signal: AbortSignal): Promise<readonly { code: string; name: string }[]>;
}
