import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { maxErrors } from '../../../core/delivery/flow-run.ts';
import {
  type FlowHooks,
  type FlowLog,
  type FlowLogHandler,
  type FlowMessage,
  FlowTracker,
  trackedError,
} from '../../../core/delivery/flow-tracker.ts';
import { HubError } from '../../../core/errors.ts';

interface TestNode {
  id: string;
  type: string;
  _path?: string;
  name?: string;
  _expectedDoneCount: number;
}

type Handler = (event: unknown) => unknown;

/** Hooks and log of a runtime whose nodes are driven step by step. */
class FakeRuntime implements FlowHooks, FlowLog {
  readonly handlers = new Map<string, Handler>();
  readonly logHandlers = new Set<FlowLogHandler>();

  add(hookId: string, handler: (event: never) => void): void {
    assert.equal(handler.length, 1, 'a hook must take exactly one parameter');
    assert.ok(!this.handlers.has(hookId));
    this.handlers.set(hookId, handler as Handler);
  }

  remove(hookId: string): void {
    const label = hookId.slice(hookId.indexOf('.'));
    for (const id of [...this.handlers.keys()]) if (id.endsWith(label)) this.handlers.delete(id);
  }

  addHandler(handler: FlowLogHandler): void {
    this.logHandlers.add(handler);
  }

  removeHandler(handler: FlowLogHandler): void {
    this.logHandlers.delete(handler);
  }

  /** Sends to a node that may not be there; what is there is then delivered to by `send`. */
  sendTo(msg: FlowMessage, id: string): void {
    this.#trigger('onSend', [{ msg, destination: { id } }]);
  }

  send(msg: FlowMessage, node: TestNode): void {
    this.#trigger('preDeliver', { msg, destination: { node } });
  }

  receive(msg: FlowMessage, node: TestNode): void {
    this.#trigger('onReceive', { msg, destination: { node } });
    this.#trigger('postReceive', { msg, destination: { node } });
  }

  complete(msg: FlowMessage, node: TestNode, error?: unknown): void {
    this.#trigger('onComplete', { msg, error, node: { node } });
  }

  logError(node: TestNode, msg: unknown, level = 20): void {
    for (const handler of this.logHandlers) handler.emit('log', { level, id: node.id, type: node.type, msg });
  }

  #trigger(hook: string, event: unknown): void {
    for (const [id, handler] of this.handlers) {
      if (id.startsWith(`${hook}.`))
        assert.equal(handler(event), undefined, 'a hook that returns false halts');
    }
  }
}

function testNode(id: string, more: Partial<TestNode> = {}): TestNode {
  return { id, type: 'work', _expectedDoneCount: 1, ...more };
}

const settled = { deadlineMs: 5_000, quietMs: 5, mode: 'settled' } as const;
const byOrderDone = { ...settled, mode: 'order-done' } as const;

describe('FlowTracker', () => {
  let runtime: FakeRuntime;
  let tracker: FlowTracker;
  let faults: unknown[];

  beforeEach(() => {
    runtime = new FakeRuntime();
    faults = [];
    tracker = new FlowTracker(runtime, 'test', { log: runtime, onFault: (fault) => faults.push(fault) });
    tracker.start();
  });

  afterEach(() => {
    tracker.stop();
    assert.equal(tracker.active, 0);
    assert.equal(tracker.knownIds, 0);
    assert.equal(runtime.handlers.size, 0);
    assert.equal(runtime.logHandlers.size, 0);
  });

  it('watches only between start and stop, however often they are called', () => {
    tracker.start();
    assert.equal(runtime.handlers.size, 4);
    assert.equal(runtime.logHandlers.size, 1);
    tracker.stop();
    tracker.stop();
    assert.equal(runtime.handlers.size, 0);
  });

  it('can be started again', async () => {
    tracker.stop();
    tracker.start();
    assert.equal((await tracker.run({ _msgid: 'a' }, settled, () => undefined)).state, 'settled');
  });

  it('refuses to run when it is not started', async () => {
    tracker.stop();
    await assert.rejects(
      tracker.run({ _msgid: 'a' }, settled, () => undefined),
      /not started/,
    );
  });

  it('passes on what sending throws, and forgets the run', async () => {
    const failing = tracker.run({ _msgid: 'a' }, settled, () => {
      throw new Error('no wire');
    });
    await assert.rejects(failing, /no wire/);
    assert.equal(tracker.active, 0);
    assert.equal(tracker.knownIds, 0);
  });

  it('waits for nobody behind nodes that send nothing once they are done', async () => {
    const prompt = new FlowTracker(runtime, 'prompt', { isPrompt: ({ type }) => type === 'prompt' });
    tracker.stop();
    prompt.start();
    try {
      const first = testNode('first', { type: 'prompt' });
      const msg = { _msgid: 'a' };
      // A quiet period longer than the test may take: it fails by its time limit where that is waited for.
      const options = { ...settled, quietMs: 600_000, deadlineMs: 3_600_000 };
      const over = prompt.run(msg, options, () => {
        runtime.send(msg, first);
        runtime.receive(msg, first);
      });
      runtime.complete(msg, first);
      assert.deepEqual((await over).state, 'settled');

      const other = testNode('other', { type: 'function' });
      const late = { _msgid: 'b' };
      let isOver = false;
      const waiting = prompt
        .run(late, options, () => {
          runtime.send(late, other);
          runtime.receive(late, other);
        })
        .then(() => {
          isOver = true;
        });
      runtime.complete(late, other);
      await wait(5);
      assert.equal(isOver, false, 'a node that may send later was not waited for');
      prompt.cancelAll();
      await waiting;
    } finally {
      prompt.stop();
    }
  });

  it('does not settle while a node is at work', async () => {
    const msg = { _msgid: 'a' };
    const node = testNode('n');
    let over = false;
    const run = tracker.run(msg, settled, () => runtime.send(msg, node));
    void run.then(() => {
      over = true;
    });
    await wait(20);
    assert.equal(over, false);
    runtime.receive(msg, node);
    await wait(20);
    assert.equal(over, false);
    runtime.complete(msg, node);
    assert.deepEqual(await run, {
      state: 'settled',
      errors: [],
      openNodes: [],
      legacyNodes: [],
      reopened: 0,
    });
  });

  it('keeps the work of runs at the same time apart', async () => {
    const node = testNode('n');
    const [a, b] = [{ _msgid: 'a' }, { _msgid: 'b' }];
    const runA = tracker.run(a, { ...settled, deadlineMs: 60 }, () => runtime.send(a, node));
    const runB = tracker.run(b, settled, () => runtime.send(b, node));
    runtime.receive(a, node);
    runtime.receive(b, node);
    runtime.complete(b, node, new Error('only b'));
    assert.deepEqual(
      (await runB).errors.map(({ message }) => message),
      ['only b'],
    );
    const outcome = await runA;
    assert.equal(outcome.state, 'deadline');
    assert.deepEqual(outcome.errors, []);
    assert.deepEqual(outcome.openNodes, [{ id: 'n', type: 'work' }]);
  });

  it('ignores messages of no run', () => {
    const msg = { _msgid: 'stranger' };
    const node = testNode('n');
    void tracker.run({ _msgid: 'a' }, byOrderDone, () => undefined);
    runtime.send(msg, node);
    runtime.receive(msg, node);
    runtime.complete(msg, node, new Error('not ours'));
    assert.equal(tracker.knownIds, 1);
  });

  it('reports a fault of its own and lets the message pass', () => {
    void tracker.run({ _msgid: 'a' }, byOrderDone, () => undefined);
    runtime.receive(null as unknown as FlowMessage, testNode('n'));
    assert.equal(faults.length, 1);
  });

  it('follows a text as little as it can, without a fault', () => {
    void tracker.run({ _msgid: 'a' }, byOrderDone, () => {
      runtime.receive('text' as unknown as FlowMessage, testNode('n'));
    });
    assert.deepEqual(faults, []);
  });

  it('takes what HubErrors say about trying again', async () => {
    const msg = { _msgid: 'a' };
    const node = testNode('n');
    const error = new HubError('test.code', {}, { retryable: true });
    const outcome = await tracker.run(msg, settled, () => {
      runtime.receive(msg, node);
      runtime.complete(msg, node, error);
    });
    assert.deepEqual(outcome.errors, [
      {
        nodeId: 'n',
        nodeType: 'work',
        message: error.message,
        code: 'test.code',
        params: {},
        retryable: true,
      },
    ]);
  });

  it('tells one error once, though it is both given to done and logged', async () => {
    const msg = { _msgid: 'a' };
    const node = testNode('n');
    const outcome = await tracker.run(msg, settled, () => {
      runtime.receive(msg, node);
      runtime.complete(msg, node, 'broken');
      runtime.logError(node, 'broken');
    });
    assert.deepEqual(outcome.errors, [{ nodeId: 'n', nodeType: 'work', message: 'broken' }]);
  });

  it('does not take a warning for an error', async () => {
    const outcome = await tracker.run({ _msgid: 'a' }, settled, () =>
      runtime.logError(testNode('n'), 'w', 30),
    );
    assert.deepEqual(outcome.errors, []);
  });

  it('charges every run at work in a node with an error whose origin is lost', async () => {
    const node = testNode('n');
    const [a, b] = [{ _msgid: 'a' }, { _msgid: 'b' }];
    const runs = [a, b].map((msg) => tracker.run(msg, settled, () => runtime.receive(msg, node)));
    runtime.logError(node, 'connection lost');
    runtime.complete(a, node);
    runtime.complete(b, node);
    for (const { errors } of await Promise.all(runs)) assert.equal(errors[0]?.message, 'connection lost');
  });

  it('keeps a bounded number of errors', async () => {
    const outcome = await tracker.run({ _msgid: 'a' }, settled, () => {
      for (let i = 0; i < maxErrors + 10; i++) runtime.logError(testNode('n'), `error ${i}`);
    });
    assert.equal(outcome.errors.length, maxErrors);
  });

  describe('over at an order-done node', () => {
    it('waits for it although nothing is under way', async () => {
      const outcome = await tracker.run(
        { _msgid: 'a' },
        { ...byOrderDone, quietMs: 0, deadlineMs: 30 },
        () => undefined,
      );
      assert.equal(outcome.state, 'deadline');
      assert.deepEqual(outcome.openNodes, []);
    });

    it('ends by the message id', async () => {
      const run = tracker.run({ _msgid: 'a' }, byOrderDone, () => undefined);
      assert.equal(tracker.finish({ _msgid: 'b' }), false);
      assert.equal(tracker.finish({ _msgid: 'a' }), true);
      assert.equal((await run).state, 'ended');
      assert.equal(tracker.finish({ _msgid: 'a' }), false);
    });

    it('ends by the async context when the message is a new one', async () => {
      const finished: boolean[] = [];
      const outcome = await tracker.run({ _msgid: 'a' }, byOrderDone, () => {
        setTimeout(() => finished.push(tracker.finish({ _msgid: 'fresh' })), 1);
      });
      assert.equal(outcome.state, 'ended');
      assert.deepEqual(finished, [true]);
    });

    it('has the last word over errors on the way', async () => {
      const msg = { _msgid: 'a' };
      const outcome = await tracker.run(msg, byOrderDone, () => {
        runtime.logError(testNode('n'), 'in a side branch');
        tracker.finish(msg);
      });
      assert.deepEqual(outcome.errors, []);
    });

    it('ends with the error it gives', async () => {
      const msg = { _msgid: 'a' };
      const failure = trackedError('d', 'order-done', 'refused');
      const outcome = await tracker.run(msg, byOrderDone, () => {
        tracker.finish(msg, failure);
      });
      assert.equal(outcome.state, 'ended');
      assert.deepEqual(outcome.errors, [{ ...failure, declared: true }]);
    });

    it('also ends a run that would have settled by itself', async () => {
      const msg = { _msgid: 'a' };
      const outcome = await tracker.run(msg, settled, () => {
        runtime.receive(msg, testNode('n'));
        tracker.finish(msg);
      });
      assert.equal(outcome.state, 'ended');
    });

    it('keeps a failure that a node declared', async () => {
      const msg = { _msgid: 'a' };
      const failure = trackedError('m', 'order-map', new HubError('test.no-order'));
      const outcome = await tracker.run(msg, byOrderDone, () => {
        assert.equal(tracker.fail(msg, failure), true);
        tracker.finish(msg);
      });
      assert.deepEqual(outcome.errors, [{ ...failure, declared: true }]);
      assert.equal(outcome.errors[0]?.retryable, false);
    });
  });

  it('has nothing to declare failed for a message of no run', () => {
    assert.equal(tracker.fail({ _msgid: 'a' }, trackedError('n', 'work', 'x')), false);
  });

  it('ends every run as cancelled, with the nodes at work', async () => {
    const node = testNode('n', { name: 'slow' });
    const msg = { _msgid: 'a' };
    const runs = [
      tracker.run(msg, settled, () => runtime.receive(msg, node)),
      tracker.run({ _msgid: 'b' }, byOrderDone, () => undefined),
    ];
    assert.equal(tracker.active, 2);
    tracker.cancelAll();
    const [a, b] = await Promise.all(runs);
    assert.deepEqual(a?.openNodes, [{ id: 'n', type: 'work', name: 'slow' }]);
    assert.equal(b?.state, 'cancelled');
  });

  describe('at a deploy', () => {
    const describeNode = (node: { id: string } | undefined) =>
      trackedError(node?.id ?? '', 'work', new HubError('test.interrupted'));

    /** A run with a node at work on a tab; it is done after the deploy. */
    async function interruptedBy(stopped: ReadonlySet<string> | undefined): Promise<(string | undefined)[]> {
      const node = testNode('n', { _path: 'tab/subflow/n' });
      const msg = { _msgid: 'a' };
      const run = tracker.run(msg, settled, () => runtime.receive(msg, node));
      tracker.interrupt({ nodes: stopped, describe: describeNode });
      runtime.complete(msg, node);
      const { state, errors } = await run;
      assert.equal(state, 'settled');
      return errors.map(({ code }) => code);
    }

    it('fails runs at work in a node that is stopped', async () => {
      assert.deepEqual(await interruptedBy(new Set(['n'])), ['test.interrupted']);
    });

    it('fails runs at work on a tab that is stopped', async () => {
      assert.deepEqual(await interruptedBy(new Set(['tab'])), ['test.interrupted']);
    });

    it('fails runs at work in a subflow that is stopped', async () => {
      assert.deepEqual(await interruptedBy(new Set(['subflow'])), ['test.interrupted']);
    });

    it('fails runs at work when everything is stopped', async () => {
      assert.deepEqual(await interruptedBy(undefined), ['test.interrupted']);
    });

    it('leaves runs alone that are at work elsewhere', async () => {
      assert.deepEqual(await interruptedBy(new Set(['other'])), []);
    });

    /** A run at work in one node while another one is being stopped; `act` happens during the deploy. */
    async function during(act: (msg: FlowMessage, staying: TestNode, gone: TestNode) => void) {
      const staying = testNode('staying');
      const msg = { _msgid: 'a' };
      const run = tracker.run(msg, settled, () => runtime.receive(msg, staying));
      tracker.interrupt({ nodes: new Set(['gone']), describe: describeNode });
      act(msg, staying, testNode('gone'));
      tracker.deployed();
      const { state, errors } = await run;
      assert.equal(state, 'settled');
      return errors.map(({ code }) => code);
    }

    it('fails runs that send to a node that is stopped: the message goes nowhere', async () => {
      const codes = await during((msg, staying) => {
        runtime.sendTo(msg, 'gone');
        runtime.complete(msg, staying);
      });
      assert.deepEqual(codes, ['test.interrupted']);
    });

    it('fails runs whose message arrives at a node that is stopped, and does not wait for it', async () => {
      const codes = await during((msg, staying, gone) => {
        runtime.send(msg, gone);
        runtime.receive(msg, gone);
        runtime.complete(msg, staying);
      });
      assert.deepEqual(codes, ['test.interrupted']);
    });

    it('fails runs that go on through a link, whose other end may be gone', async () => {
      const link = testNode('link', { type: 'link out' });
      const codes = await during((msg, staying) => {
        runtime.receive(msg, link);
        runtime.complete(msg, link);
        runtime.complete(msg, staying);
      });
      assert.deepEqual(codes, ['test.interrupted']);
    });

    it('leaves runs alone that go on elsewhere', async () => {
      const codes = await during((msg, staying) => {
        runtime.sendTo(msg, 'other');
        runtime.complete(msg, staying);
      });
      assert.deepEqual(codes, []);
    });

    it('no longer minds where messages go once it is over', async () => {
      const node = testNode('gone');
      const msg = { _msgid: 'a' };
      tracker.interrupt({ nodes: new Set(['gone']), describe: describeNode });
      tracker.deployed();
      const run = tracker.run(msg, settled, () => {
        runtime.sendTo(msg, 'gone');
        runtime.receive(msg, node);
      });
      runtime.complete(msg, node);
      assert.deepEqual((await run).errors, []);
    });

    it('does not wait for a node that is stopped and never says that it is done', async () => {
      const node = testNode('n');
      const msg = { _msgid: 'a' };
      const run = tracker.run(msg, settled, () => runtime.receive(msg, node));
      tracker.interrupt({ nodes: undefined, describe: describeNode });
      assert.equal((await run).state, 'settled');
    });

    it('ends what waits for an order-done node that nothing is left to reach', async () => {
      const node = testNode('join');
      const msg = { _msgid: 'a' };
      const run = tracker.run(msg, byOrderDone, () => runtime.receive(msg, node));
      runtime.complete(msg, node);
      tracker.interrupt({ nodes: undefined, describe: describeNode });
      const { state, errors } = await run;
      assert.equal(state, 'cancelled');
      assert.deepEqual(
        errors.map(({ code }) => code),
        ['test.interrupted'],
      );
    });

    it('fails runs with a message that is just being delivered', async () => {
      const node = testNode('n');
      const msg = { _msgid: 'a' };
      const run = tracker.run(msg, { ...settled, deadlineMs: 20 }, () => runtime.send(msg, node));
      tracker.interrupt({ nodes: undefined, describe: describeNode });
      assert.deepEqual(
        (await run).errors.map(({ code }) => code),
        ['test.interrupted'],
      );
    });
  });

  describe('without hooks', () => {
    it('settles nothing, because it sees nothing', async () => {
      const blind = new FlowTracker(undefined, 'blind');
      blind.start();
      const options = { ...settled, quietMs: 0, deadlineMs: 30 };
      assert.equal((await blind.run({ _msgid: 'a' }, options, () => undefined)).state, 'deadline');
      const run = blind.run({ _msgid: 'b' }, settled, () => undefined);
      blind.finish({ _msgid: 'b' });
      assert.equal((await run).state, 'ended');
      blind.stop();
    });
  });

  describe('memory', () => {
    it('knows nothing any more after thousands of runs with messages of their own', async () => {
      const node = testNode('n');
      const runs = Array.from({ length: 2_000 }, (_, i) => {
        const msg = { _msgid: `m${i}` };
        return tracker.run(msg, { ...settled, quietMs: 0 }, () => {
          for (let part = 0; part < 3; part++) {
            const child = { _msgid: `m${i}-${part}` };
            runtime.send(child, node);
            runtime.receive(child, node);
            runtime.complete(child, node);
          }
        });
      });
      assert.equal(tracker.active, 2_000);
      assert.equal(tracker.knownIds, 8_000);
      const outcomes = await Promise.all(runs);
      assert.ok(outcomes.every(({ state }) => state === 'settled'));
      assert.equal(tracker.active, 0);
      assert.equal(tracker.knownIds, 0);
    });

    it('holds no message after its run, and none of a run that never finished', async () => {
      setFlagsFromString('--expose-gc');
      const collect = runInNewContext('gc') as () => void;
      const messages: WeakRef<object>[] = [];
      const nodes: WeakRef<object>[] = [];
      const send = async (): Promise<void> => {
        const runs = Array.from({ length: 20 }, (_, i) => {
          const msg = { _msgid: `m${i}` };
          const node = testNode(`n${i}`);
          messages.push(new WeakRef(msg));
          nodes.push(new WeakRef(node));
          return tracker.run(msg, { ...settled, deadlineMs: 20 }, () => {
            runtime.send(msg, node);
            runtime.receive(msg, node);
            if (i % 2 === 0) runtime.complete(msg, node, new Error('failed'));
          });
        });
        await Promise.all(runs);
      };
      await send();
      await wait(0);
      collect();
      assert.equal(messages.filter((ref) => ref.deref()).length, 0);
      assert.equal(nodes.filter((ref) => ref.deref()).length, 0);
    });
  });
});
