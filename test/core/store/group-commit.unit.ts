import assert from 'node:assert/strict';
import { HubError } from '../../../core/errors.ts';
import { GroupCommit, type Transactor } from '../../../core/store/group-commit.ts';
import type { CommandHandler, Tx } from '../../../core/store/store.ts';

/** A transactor that writes nothing, with steps that can be made to fail. */
function transactor(
  failing: Partial<Record<keyof Transactor, Error>> = {},
): Transactor & { steps: string[] } {
  const steps: string[] = [];
  const step = (name: keyof Transactor) => async () => {
    steps.push(name);
    if (failing[name]) throw failing[name];
  };
  return {
    location: 'here',
    steps,
    begin: async () => {
      await step('begin')();
      return {} as Tx;
    },
    commit: step('commit'),
    rollback: step('rollback'),
    savepoint: step('savepoint'),
    releaseSavepoint: step('releaseSavepoint'),
    rollbackToSavepoint: step('rollbackToSavepoint'),
    storeFault: (error) => (HubError.is(error) && error.code.startsWith('store.') ? error : undefined),
  };
}

const echo: CommandHandler<string, string> = { name: 'echo', run: async (_tx, commands) => commands };

describe('group commit when the store itself fails', () => {
  const full = new HubError('store.full', { location: 'here' });

  for (const step of ['begin', 'savepoint', 'releaseSavepoint', 'commit'] as const) {
    it(`refuses the whole batch with the store's reason when ${step} fails`, async () => {
      const failing = transactor({ [step]: full });
      const queue = new GroupCommit(failing);
      const faults: unknown[] = [];
      queue.onBatch = (fault) => faults.push(fault);
      // Two handlers: a batch of one needs no savepoints.
      const other: CommandHandler<string, string> = { ...echo, name: 'other' };
      const outcomes = await Promise.allSettled([queue.execute(echo, 'a'), queue.execute(other, 'b')]);
      assert.deepEqual(
        outcomes.map((outcome) => (outcome as PromiseRejectedResult).reason),
        [full, full],
      );
      assert.deepEqual(faults, [full]);
      assert.equal(failing.steps.includes('rollback'), step !== 'begin');
      assert.deepEqual([queue.batches, queue.commands], [0, 0]);
    });
  }

  it('decides a batch of one handler again, each command alone, when one of them fails', async () => {
    const picky: CommandHandler<string, string> = {
      name: 'picky',
      run: async (_tx, commands) => {
        if (commands.includes('bad')) throw new RangeError('bad is not good');
        return commands;
      },
    };
    const watched = transactor();
    const queue = new GroupCommit(watched);
    const outcomes = await Promise.allSettled(
      ['a', 'bad', 'c'].map((command) => queue.execute(picky, command)),
    );
    assert.deepEqual(
      outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : outcome.reason.message)),
      ['a', 'bad is not good', 'c'],
    );
    assert.equal(watched.steps.filter((step) => step === 'commit').length, 1);
  });

  it('fails the batch, not one command, when a command meets a failure of the store', async () => {
    const meets: CommandHandler<string, string> = { name: 'meets', run: () => Promise.reject(full) };
    const queue = new GroupCommit(transactor());
    const outcomes = await Promise.allSettled([queue.execute(echo, 'a'), queue.execute(meets, 'b')]);
    assert.deepEqual(
      outcomes.map((outcome) => (outcome as PromiseRejectedResult).reason),
      [full, full],
    );
  });

  it('answers and goes on with the next batch when even the rollback fails', async () => {
    const failing = transactor({ commit: full, rollback: new Error('the connection is gone') });
    const queue = new GroupCommit(failing);
    const faults: (HubError | undefined)[] = [];
    queue.onBatch = (fault) => faults.push(fault);
    await assert.rejects(queue.execute(echo, 'a'), { code: 'store.full' });
    await assert.rejects(queue.execute(echo, 'b'), { code: 'store.full' });
    assert.deepEqual(
      faults.map((fault) => fault?.code),
      ['store.full', 'store.full'],
    );
    await queue.close();
  });

  it('tells a failure it does not know as one of the store', async () => {
    const queue = new GroupCommit(transactor({ commit: new Error('a pipe burst') }));
    const faults: (HubError | undefined)[] = [];
    queue.onBatch = (fault) => faults.push(fault);
    await assert.rejects(queue.execute(echo, 'a'), (error: unknown) => {
      assert.ok(HubError.is(error));
      assert.equal(error.code, 'store.failed');
      assert.match(error.message, /a pipe burst/);
      return true;
    });
    assert.equal(faults[0]?.code, 'store.failed');
  });
});

describe('group commit when another process comes in between', () => {
  const victim = new Error('a deadlock');
  const collision = new Error('a row that is there already');
  const shared = (failing: Parameters<typeof transactor>[0] = {}) =>
    Object.assign(transactor(failing), {
      decideAgain: (error: unknown) =>
        error === victim ? ('batch' as const) : error === collision ? ('command' as const) : undefined,
    });
  /** Fails so often, in this way, before it answers. */
  const failing = (name: string, error: Error, times: number) => {
    const handler: CommandHandler<string, string> & { calls: number } = {
      name,
      calls: 0,
      async run(_tx, commands) {
        handler.calls += 1;
        if (handler.calls <= times) throw error;
        return commands;
      },
    };
    return handler;
  };

  it('begins the batch anew, and answers once it goes through', async () => {
    const watched = shared();
    const queue = new GroupCommit(watched);
    const handler = failing('victim', victim, 3);
    const answers = await Promise.all([queue.execute(echo, 'a'), queue.execute(handler, 'b')]);
    assert.deepEqual(answers, ['a', 'b']);
    const count = (name: string) => watched.steps.filter((step) => step === name).length;
    assert.deepEqual([count('begin'), count('rollback'), count('commit')], [4, 3, 1]);
    assert.deepEqual([queue.batches, queue.commands], [1, 2]);
  });

  it('gives up after a while and says why', async () => {
    const queue = new GroupCommit(shared({ commit: victim }));
    await assert.rejects(queue.execute(echo, 'a'), { code: 'store.failed' });
  });

  it('decides a command that collided once more, and no command more often than twice', async () => {
    for (const [times, outcome, calls] of [
      [1, 'fulfilled', 2],
      [2, 'rejected', 2],
    ] as const) {
      for (const others of [0, 1]) {
        const handler = failing('collides', collision, times);
        const queue = new GroupCommit(shared());
        const [told] = await Promise.allSettled([
          queue.execute(handler, 'a'),
          ...Array.from({ length: others }, () => queue.execute(echo, 'b')),
        ]);
        assert.deepEqual([told?.status, handler.calls], [outcome, calls]);
      }
    }
  });
});
