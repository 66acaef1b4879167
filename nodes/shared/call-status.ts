import type { CallState } from '../../core/channel/connection/call/account-call.ts';
import type { NodeStatus } from './node-status.ts';

/**
 * Shows that an account's platform is left alone after many failures, or wants no requests; false when it takes them,
 * and the node shows what else there is.
 */
export function showCalls(status: NodeStatus, state: CallState | undefined): boolean {
  if (state?.circuit === 'open') status.down('hub.status.circuit-open');
  else if (state?.circuit === 'trying') status.connecting('hub.status.circuit-trying');
  else if (state && state.heldUntil !== null) status.connecting('hub.status.held');
  else return false;
  return true;
}
