import assert from 'node:assert/strict';
import { RecurringWork } from '../../../core/delivery/recurring-work.ts';
import { VirtualTime } from './virtual-time.ts';

const everyMs = 1_000;

describe('recurring work', () => {
  let time: VirtualTime;
  let began: number;
  /** When its turns began, milliseconds from the beginning. */
  let turns: number[];
  let step: () => Promise<number | undefined>;
  const work = (options: { firstMs?: number; leads?: () => boolean } = {}) =>
    new RecurringWork(
      () => {
        turns.push(time.now() - began);
        return step();
      },
      { everyMs, timers: time, ...options },
    );

  beforeEach(() => {
    time = new VirtualTime();
    began = time.now();
    turns = [];
    step = async () => undefined;
  });

  it('comes every so often, with one timer however often it is started, and none once it is stopped', async () => {
    const recurring = work();
    recurring.start();
    recurring.start();
    await time.advance(2_500);
    assert.deepEqual(turns, [1_000, 2_000]);
    assert.equal(time.pending, 1, 'one timer');
    await recurring.stop();
    await recurring.stop();
    assert.equal(time.pending, 0, 'no timer is left');
    recurring.start();
    await time.advance(1_000);
    assert.deepEqual(turns, [1_000, 2_000, 3_500], 'it can be started again');
    await recurring.stop();
  });

  it('comes when the turn before says, and first when the options say', async () => {
    const waits = [0, 300, undefined];
    step = async () => waits.shift();
    const recurring = work({ firstMs: 10 });
    recurring.start();
    await time.advance(2_000);
    assert.deepEqual(turns, [10, 10, 310, 1_310]);
    await recurring.stop();
  });

  it('keeps the fault of a turn until one goes through', async () => {
    const away = new Error('the store is away');
    step = async () => {
      if (turns.length < 3) throw away;
      return undefined;
    };
    const recurring = work();
    recurring.start();
    await time.advance(2_000);
    assert.deepEqual([turns.length, recurring.fault], [2, away]);
    await time.advance(1_000);
    assert.equal(recurring.fault, null);
    await recurring.stop();
  });

  it('is asked before each turn whether it is this process that does it', async () => {
    let leads = false;
    const recurring = work({ leads: () => leads });
    recurring.start();
    await time.advance(2_000);
    leads = true;
    await time.advance(1_000);
    assert.deepEqual(turns, [3_000]);
    await recurring.stop();
  });

  it('does other work between turns only, and stops when all is done', async () => {
    const log: string[] = [];
    let resume = () => {};
    const resumed = new Promise<void>((resolve) => {
      resume = resolve;
    });
    step = async () => {
      log.push('turn begins');
      await resumed;
      log.push('turn ends');
      return undefined;
    };
    const recurring = work();
    recurring.start();
    await time.advance(1_000);
    const refused = recurring.between(async () => {
      log.push('asked for');
      throw new Error('refused');
    });
    const failed = assert.rejects(refused, /refused/, 'who asked is told');
    const last = recurring.between(async () => log.push('asked for after it'));
    const stopped = recurring.stop().then(() => log.push('stopped'));
    await time.advance(5_000);
    assert.deepEqual(log, ['turn begins']);
    resume();
    await Promise.all([failed, last, stopped]);
    assert.deepEqual(log, ['turn begins', 'turn ends', 'asked for', 'asked for after it', 'stopped']);
    assert.equal(recurring.fault, null, 'what others asked for is no fault of it');
    assert.equal(time.pending, 0);
  });
});
