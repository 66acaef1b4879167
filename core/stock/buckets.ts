/** Places a unit can be inside a pool. A unit is in exactly one of them. */
export const buckets = ['available', 'held', 'committed', 'presale', 'qc', 'damaged', 'inbound'] as const;
export type Bucket = (typeof buckets)[number];

/** Where units come from and go to beyond the pool; nobody counts what is there. */
export type OutsideBucket = 'supplier' | 'customer' | 'adjust' | 'transfer';

/** Buckets that no hold has units in: people move goods between them. */
export const openBuckets = ['available', 'qc', 'damaged', 'inbound'] as const;
export type OpenBucket = (typeof openBuckets)[number];

/** Buckets in which goods may come back from a customer. */
export const returnBuckets = ['qc', 'available', 'damaged'] as const;
export type ReturnBucket = (typeof returnBuckets)[number];

/** Buckets in which goods of another pool may be put: they are there, or on their way. */
export const transferBuckets = ['available', 'inbound'] as const;
export type TransferBucket = (typeof transferBuckets)[number];

/** Buckets whose units belong to somebody's hold. */
export const holdBuckets = ['held', 'committed', 'presale'] as const;
export type HoldBucket = (typeof holdBuckets)[number];

/** Buckets in which goods may arrive. */
export const receiveBuckets = ['available', 'qc', 'damaged', 'inbound'] as const;
export type ReceiveBucket = (typeof receiveBuckets)[number];

/** Units of one SKU in one pool, by bucket. */
export type Units = Record<Bucket, number>;

/** Units physically there: everything but what is still on its way (`inbound`). */
export function onHand(units: Units): number {
  return units.available + units.held + units.committed + units.presale + units.qc + units.damaged;
}

/** Whether there are units in any bucket. */
export function anyUnits(units: Units): boolean {
  return onHand(units) + units.inbound > 0;
}

/** Units on hand that are not free: they belong to holds, wait for inspection, or are damaged. */
export function notFree(units: Units): number {
  return onHand(units) - units.available;
}
