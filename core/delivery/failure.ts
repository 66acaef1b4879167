import { HubError, reasonOf } from '../errors.ts';
import { type MessageParams, sentence } from '../message.ts';

/** Why a delivery did not go through, as it is kept with it and shown to people. */
export interface DeliveryError {
  code: string;
  params: MessageParams;
  sentence: string;
  /** Nodes that were still at work at the deadline. */
  openNodes?: string[];
}

/** What a handler answers when a delivery did not go through. */
export interface Failure {
  error: DeliveryError;
  /** True when trying again cannot help (a record that breaks the rules): dead at once. Default false. */
  permanent?: boolean;
  /** When the other side said how long to wait, in milliseconds. */
  retryAfterMs?: number;
}

/** Makes a delivery's error of a code of the catalogue. */
export function deliveryError(code: string, params: MessageParams = {}): DeliveryError {
  return { code, params, sentence: sentence(code, params) };
}

/** The failure that something thrown stands for; anything but a HubError is a passing fault without a code. */
export function failureOf(
  thrown: unknown,
  more: { permanent?: boolean; openNodes?: string[] } = {},
): Failure {
  const error: DeliveryError = HubError.is(thrown)
    ? { code: thrown.code, params: thrown.params, sentence: reasonOf(thrown) }
    : deliveryError('delivery.failed', { reason: reasonOf(thrown) });
  if (more.openNodes) error.openNodes = more.openNodes;
  return {
    error,
    ...(more.permanent && { permanent: true }),
    ...(HubError.is(thrown) && thrown.retryAfterMs !== undefined && { retryAfterMs: thrown.retryAfterMs }),
  };
}
