import type { Shipment } from './shipment-target.ts';

/** A parcel that a channel has of an order. */
export interface ParcelThere {
  /** The channel's id of it; empty where it gives none. */
  id: string;
  /** Empty for one without a tracking number. */
  tracking: string;
}

type Lines = readonly { lineId: string; quantity: number }[];

/**
 * Those of a channel's parcels that a shipment may be, from a person or an attempt whose answer was lost: of the same
 * tracking number, and none that the hub told as another one. Parcels without a number are alike, so that one is taken
 * for this only when an answer was lost.
 */
export function maybeThere<Parcel extends ParcelThere>(
  { tracking, lost = false, others = [] }: Shipment,
  parcels: readonly Parcel[],
): Parcel[] {
  if (tracking === '' && !lost) return [];
  return parcels.filter((parcel) => parcel.tracking === tracking && !others.includes(parcel.id));
}

/** Whether both hold the same units of the same lines. */
export function sameLines(one: Lines, other: Lines): boolean {
  return inOneOrder(one) === inOneOrder(other);
}

function inOneOrder(lines: Lines): string {
  const pairs = lines.map(({ lineId, quantity }) => [lineId, quantity] as const);
  return JSON.stringify(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}
