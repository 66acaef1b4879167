import type { PollState } from '../../core/channel/polling/channel-poller.ts';
import type { NodeStatus } from '../shared/node-status.ts';

/** Troubles that have a name of their own; the others are told by whose they are. */
const named: Readonly<Record<string, string>> = {
  'channel.circuit-open': 'hub.status.circuit-open',
  'channel.answer-not-json': 'channel-poll.status.web-page',
  'channel.answer-truncated': 'channel-poll.status.cut',
  'channel.answer-cut': 'channel-poll.status.cut',
  'channel.page-repeats': 'channel-poll.status.page-repeats',
  'polling.page-repeats': 'channel-poll.status.page-repeats',
  'channel.cursor-back': 'channel-poll.status.cursor-back',
};

/**
 * Shows how reading stands: trouble by what it is or whose, windows left and how far behind while it catches up or fills
 * back, and otherwise how many orders came since the start.
 */
export function showPoll(status: NodeStatus, state: PollState, orders: number): void {
  const { phase, trouble, progress, note } = state;
  if (phase === 'standby') status.ready('channel-poll.status.standby');
  else if (trouble?.kind === 'throttled') status.connecting('channel-poll.status.throttled');
  else if (trouble) status.down(named[trouble.code] ?? `channel-poll.status.${trouble.kind}`);
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
