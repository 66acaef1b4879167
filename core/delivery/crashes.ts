import { type DeliveryError, deliveryError } from './failure.ts';

/**
 * Why a delivery is handed over again whose process is gone. What failed by itself before says nothing of the cause of a
 * crash, so only those without any other end between them are counted.
 *
 * @param attempt the one that was cut short
 * @param before the error of the attempt before it
 */
export function processStopped(attempt: number, before: DeliveryError | null): DeliveryError {
  return deliveryError('delivery.process-stopped', { attempt, crashes: crashesInARow(before) + 1 });
}

/** How often a delivery was at work when its process ended, since it last came to an end of its own. */
export function crashesInARow(lastError: DeliveryError | null): number {
  return lastError?.code === 'delivery.process-stopped' ? Number(lastError.params.crashes ?? 1) : 0;
}
