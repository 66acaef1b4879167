import assert from 'node:assert/strict';
import { findingsOf, type HealthFacts } from '../../../core/insight/health.ts';

const minute = 60_000;

function facts(parts: Partial<HealthFacts> = {}): HealthFacts {
  return {
    store: {
      state: 'open',
      kind: 'sqlite',
      location: 'hub.sqlite',
      fault: null,
      commands: 0,
      batches: 0,
      waiting: 0,
      lastCommitMs: 0,
      schemaVersion: 1,
    },
    usage: { bytes: 1, lastBackup: { path: 'copy', at: 0, bytes: 1 } },
    backlogs: [],
    faults: [],
    audit: { count: 0, first: null },
    attended: () => true,
    now: 100 * minute,
    ...parts,
  };
}

const backlog = { subscriber: 'desk', ready: 3, leased: 1, dead: 0, oldestAt: 99 * minute };
const codes = (parts: Partial<HealthFacts>) => findingsOf(facts(parts), 'en-US').map(({ code }) => code);

describe('what of the health a person should look at', () => {
  it('is nothing when all is well', () => {
    assert.deepEqual(codes({ backlogs: [backlog] }), []);
  });

  it('is a store that fails, with its reason, before all else', () => {
    const store = {
      ...facts().store,
      state: 'failing' as const,
      fault: { code: 'store.full', sentence: 'The disk is full.', at: 1 },
    };
    const [first, second] = findingsOf(facts({ store, backlogs: [{ ...backlog, dead: 1 }] }), 'en-US');
    assert.deepEqual([first?.level, first?.code], ['failing', 'health.store-failing']);
    assert.match(first?.sentence ?? '', /The disk is full\./);
    assert.equal(second?.level, 'warning');
  });

  it('is the sum of the dead letters of all', () => {
    const backlogs = [
      { ...backlog, dead: 2 },
      { ...backlog, subscriber: 'scale', dead: 3 },
    ];
    const [finding] = findingsOf(facts({ backlogs }), 'zh-CN');
    assert.equal(finding?.code, 'health.dead-letters');
    assert.match(finding.sentence, /5 条失败消息/);
  });

  it('is a message that waits for 15 minutes, and no less', () => {
    const waiting = (oldestAt: number) => codes({ backlogs: [{ ...backlog, oldestAt }] });
    assert.deepEqual(waiting(85 * minute + 1), []);
    assert.deepEqual(waiting(85 * minute), ['health.waiting-long']);
    const [finding] = findingsOf(facts({ backlogs: [{ ...backlog, oldestAt: 10 * minute }] }), 'en-US');
    assert.match(finding?.sentence ?? '', /desk has waited 90 minutes; 2 wait behind it/);
  });

  it('is a queue with work that nobody takes, after a minute, and what to do', () => {
    const absent = (oldestAt: number | null) => ({
      backlogs: [{ ...backlog, subscriber: 'webhook:old', ready: oldestAt === null ? 0 : 3, oldestAt }],
      attended: (subscriber: string) => subscriber !== 'webhook:old',
    });
    assert.deepEqual(codes(absent(99 * minute + 1)), []);
    assert.deepEqual(codes(absent(null)), []);
    assert.deepEqual(codes(absent(99 * minute)), ['health.nobody-takes']);
    assert.deepEqual(codes(absent(minute)), ['health.nobody-takes'], 'said once, however long it is');
    const [finding] = findingsOf(facts(absent(minute)), 'en-US');
    assert.match(finding?.sentence ?? '', /3 messages wait for webhook:old.*DELETE subscribers\/webhook:old/);
  });

  it('is work in the background that fails, unless the store says so itself', () => {
    const faults = [{ work: 'holds' as const, error: new Error('no such table') }];
    const [finding] = findingsOf(facts({ faults }), 'zh-CN');
    assert.equal(finding?.code, 'health.background-failing');
    assert.match(finding.sentence, /holds.*no such table/);
    const store = { ...facts().store, state: 'failing' as const };
    assert.deepEqual(codes({ faults, store }), ['health.store-failing']);
  });

  it('is a store that was never copied', () => {
    assert.deepEqual(codes({ usage: { bytes: 1, lastBackup: null } }), ['health.no-backup']);
  });
});
