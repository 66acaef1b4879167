import type { PollState } from '../../core/channel/polling/channel-poller.ts';
import type { NodeStatus } from '../shared/node-status.ts';

/**
 * Shows how reading stands: trouble by whose it is, windows left and how far behind while it catches up or fills
 * back, and otherwise how many orders came since the start.
 */
export function showPoll(status: NodeStatus, state: PollState, orders: number): void {
  const { phase, trouble, progress, note } = state;
  if (phase === 'standby') status.ready('channel-poll.status.standby');
  else if (trouble?.kind === 'throttled') status.connecting('channel-poll.status.throttled');
  else if (trouble?.code === 'channel.circuit-open') status.down('hub.status.circuit-open');
  else if (trouble) status.down(`channel-poll.status.${trouble.kind}`);
  else if (phase === 'starting') status.connecting('channel-poll.status.starting');
  else if (progress) status.working(`${progress.windows} ⧗ ${span(progress.leftMs)}`);
  else if (note?.code === 'polling.clock-off') status.refused('channel-poll.status.clock-off');
  else status.ok(orders);
}

/** A span of time in minutes, hours or days with its unit. */
function span(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return `${minutes} min`;
  if (minutes < 72 * 60) return `${Math.round(minutes / 60)} h`;
  return `${Math.round(minutes / 1_440)} d`;
}
