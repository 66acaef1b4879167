import assert from 'node:assert/strict';
import type { PollState } from '../../../core/channel/polling/channel-poller.ts';
import { showPoll } from '../../../nodes/channel-poll/poll-status.ts';
import { NodeStatus } from '../../../nodes/shared/node-status.ts';

describe('The status of channel-poll', () => {
  const troubled = (kind: 'platform' | 'throttled' | 'credentials', code: string): PollState => ({
    phase: 'trouble',
    watermark: 0,
    behindMs: 0,
    progress: null,
    trouble: { kind, code, params: {}, since: 0, failures: 1 },
    note: null,
    nextAt: null,
    lastRun: null,
    lastCensus: null,
    clockAheadMs: null,
  });

  for (const [state, fill, text] of [
    [troubled('platform', 'channel.circuit-open'), 'red', 'hub.status.circuit-open'],
    [troubled('platform', 'channel.timeout'), 'red', 'channel-poll.status.platform'],
    [troubled('throttled', 'channel.held'), 'yellow', 'channel-poll.status.throttled'],
    [troubled('credentials', 'channel.credentials-refused'), 'red', 'channel-poll.status.credentials'],
  ] as const)
    it(`says ${text} of ${state.trouble?.code}`, () => {
      const shown: unknown[] = [];
      showPoll(new NodeStatus({ status: (status) => shown.push(status) }), state, 3);
      assert.deepEqual(shown, [{ fill, shape: 'ring', text }]);
    });
});
