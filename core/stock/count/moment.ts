/**
 * When units were counted. A row that says its time counts from that time on; for any other the opening of its
 * sheet stands, as a place in the ledger: what came in the same millisecond is told apart by it.
 */
export interface Moment {
  /** Epoch milliseconds. */
  at: number;
  /** The newest movement at that moment; null for a row with a time of its own. */
  movementId: number | null;
}

/** Whether a movement came after the moment. */
export function isAfter(movement: { id: number; at: number }, moment: Moment): boolean {
  return moment.movementId === null ? movement.at > moment.at : movement.id > moment.movementId;
}

/** Whether somebody entered what was there, and the ledger said the same, after the moment. */
export function confirmedAfter(
  { movement_id, at }: { movement_id: number; at: number },
  moment: Moment,
): boolean {
  // Where nothing moved in between, only the clock tells which came first.
  if (moment.movementId === null || movement_id === moment.movementId) return at > moment.at;
  return movement_id > moment.movementId;
}

/** Of two counts of one SKU, whether the first was made later; of the same moment, the one entered later. */
export function countedLater(
  first: { at: number; lineId: number },
  second: { at: number; lineId: number },
): boolean {
  return first.at === second.at ? first.lineId > second.lineId : first.at > second.at;
}
