import assert from 'node:assert/strict';
import type { NodeAPI } from 'node-red';
import '../../../core/channel/connection/messages.ts';
import { HubError } from '../../../core/errors.ts';
import { allMessages, sentence, speak } from '../../../core/message.ts';
import {
  type BaseConfig,
  defineNode,
  type HubMessage,
  type NodeContext,
  type NodeDefinition,
  type NodeParts,
  type Send,
} from '../../../nodes/shared/define-node.ts';
import { apiOf } from '../../../nodes/shared/node-api.ts';
import { helper, loggedErrors, nextMessage, statusOf } from './helper.ts';
import { startHubCase } from './hub-case.ts';

interface ProbeConfig extends BaseConfig {
  limit?: number;
}

const tab = { id: '7c1e02ab9d3f4401', type: 'tab' };
const probe = {
  id: '7c1e02ab9d3f4402',
  type: 'hub-probe',
  z: tab.id,
  x: 100,
  y: 100,
  wires: [['7c1e02ab9d3f4403']],
};
const behind = { id: '7c1e02ab9d3f4403', type: 'helper', z: tab.id, x: 300, y: 100, wires: [] };
const caught = {
  id: '7c1e02ab9d3f4404',
  type: 'catch',
  z: tab.id,
  x: 100,
  y: 200,
  scope: null,
  wires: [['7c1e02ab9d3f4405']],
};
const catcher = { id: '7c1e02ab9d3f4405', type: 'helper', z: tab.id, x: 300, y: 200, wires: [] };
const completed = {
  id: '7c1e02ab9d3f4406',
  type: 'complete',
  z: tab.id,
  x: 100,
  y: 300,
  scope: [probe.id],
  wires: [['7c1e02ab9d3f4407']],
};
const finisher = { id: '7c1e02ab9d3f4407', type: 'helper', z: tab.id, x: 300, y: 300, wires: [] };

const around = [tab, behind, caught, catcher, completed, finisher];

/** Starts a flow with a node that does what `parts` say, a catch node and a complete node. */
async function start(
  parts: NodeParts | ((context: NodeContext<ProbeConfig>) => NodeParts),
  definition: Partial<NodeDefinition<ProbeConfig>> = {},
  config: object = {},
  credentials: object = {},
): Promise<void> {
  const node = defineNode<ProbeConfig>({
    type: 'hub-probe',
    version: 1,
    setup: (context) => (typeof parts === 'function' ? parts(context) : parts),
    ...definition,
  });
  await helper.load([node], [...around, { ...probe, ...config }], credentials);
}

/** Every message that reaches a helper node from now on. */
function collect(id: string): HubMessage[] {
  const messages: HubMessage[] = [];
  helper.getNode(id).on('input', (message) => messages.push(message as HubMessage));
  return messages;
}

/** Lets everything that is already on its way arrive: Node-RED takes one turn of the event loop a hop. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

interface Caught extends Record<string, unknown> {
  error: { message: string; code?: string; source: { id: string; count: number } };
}

async function errorOf(message: object = { payload: 1 }): Promise<Caught['error']> {
  const arrived = nextMessage(catcher.id);
  helper.getNode(probe.id).receive({ ...message });
  return ((await arrived) as Caught).error;
}

describe('defineNode', () => {
  before(() => helper.startServer());
  after(() => helper.stopServer());
  afterEach(async () => {
    await helper.unload();
    speak('en-US');
  });

  describe('handling a message', () => {
    it('is complete exactly once, after an asynchronous handler has ended', async () => {
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      await start({ input: () => held });
      const done = collect(finisher.id);
      helper.getNode(probe.id).receive({ payload: 1 });
      await settle();
      assert.equal(done.length, 0);
      release();
      await settle();
      assert.equal(done.length, 1);
    });

    it('is complete exactly once after a synchronous handler', async () => {
      await start({ input: (message, send) => send(message) });
      const done = collect(finisher.id);
      const passed = collect(behind.id);
      helper.getNode(probe.id).receive({ payload: 'x' });
      await settle();
      assert.equal(done.length, 1);
      assert.deepEqual(
        passed.map(({ payload }) => payload),
        ['x'],
      );
    });

    it('sends the very message it got, with its id', async () => {
      await start({ input: (message, send) => send(message) });
      const arrived = nextMessage(behind.id);
      helper.getNode(probe.id).receive({ payload: 1, _msgid: 'kept' });
      assert.equal((await arrived)._msgid, 'kept');
    });

    const failures: [how: string, input: NodeParts['input']][] = [
      [
        'throws before its first await',
        () => {
          throw new HubError('node.no-order');
        },
      ],
      [
        'rejects later',
        async () => {
          await new Promise((resolve) => setImmediate(resolve));
          throw new HubError('node.no-order');
        },
      ],
    ];
    for (const [how, input] of failures)
      it(`hands an error that it ${how} to catch nodes once, with code and sentence`, async () => {
        await start({ input });
        const errors = collect(catcher.id);
        const done = collect(finisher.id);
        helper.getNode(probe.id).receive({ payload: 'kept' });
        await settle();
        assert.equal(errors.length, 1);
        const { error, payload } = errors[0] as unknown as Caught;
        assert.equal(error.code, 'node.no-order');
        assert.equal(error.message, sentence('node.no-order', {}, 'en-US'));
        assert.equal(error.source.id, probe.id);
        assert.equal(error.source.count, 1);
        assert.equal(payload, 'kept');
        assert.equal(done.length, 0, 'a failed message is not complete');
      });

    it('makes an error of whatever else is thrown', async () => {
      await start({ input: () => Promise.reject('only text') });
      assert.match((await errorOf()).message, /only text/);
    });

    it('shows red after a fault of its own, but leaves the status to the store when the store is at fault', async () => {
      await start(({ status }) => ({
        input(message) {
          status.ready('hub.status.store-down');
          throw new HubError(message.payload as string);
        },
      }));
      await errorOf({ payload: 'store.full' });
      assert.equal(statusOf(probe.id)?.text, 'hub.status.store-down');
      await errorOf({ payload: 'node.no-order' });
      assert.deepEqual(statusOf(probe.id), { fill: 'red', shape: 'ring', text: 'hub.status.error' });
    });

    it('goes on with the next message after an error', async () => {
      await start({
        input(message, send) {
          if (message.payload === 'bad') throw new HubError('node.no-order');
          send(message);
        },
      });
      await errorOf({ payload: 'bad' });
      const arrived = nextMessage(behind.id);
      helper.getNode(probe.id).receive({ payload: 'good' });
      assert.equal((await arrived).payload, 'good');
    });

    it('leaves no rejection behind that would end Node-RED', async () => {
      const escaped: unknown[] = [];
      const note = (reason: unknown): void => void escaped.push(reason);
      process.on('unhandledRejection', note);
      try {
        await start({ input: () => Promise.reject(new Error('later')) });
        await errorOf();
        await settle();
        assert.deepEqual(escaped, []);
      } finally {
        process.off('unhandledRejection', note);
      }
    });

    const broken: [what: string, part: 'status' | '_complete', input: NodeParts['input']][] = [
      ['the status of a failed message', 'status', () => Promise.reject(new Error('later'))],
      ['telling that a message failed', '_complete', () => Promise.reject(new Error('later'))],
      ['telling that a message is complete', '_complete', () => undefined],
    ];
    for (const [what, part, input] of broken)
      it(`leaves none behind either when ${what} fails, and says so in the log`, async () => {
        const escaped: unknown[] = [];
        const note = (reason: unknown): void => void escaped.push(reason);
        process.on('unhandledRejection', note);
        try {
          await start({ input });
          const errors = collect(catcher.id);
          const node = helper.getNode(probe.id) as unknown as Record<string, () => void>;
          node[part] = () => {
            throw new Error('the editor is gone');
          };
          helper.getNode(probe.id).receive({ payload: 1 });
          await settle();
          assert.deepEqual(escaped, []);
          assert.ok(loggedErrors().some((line) => line.includes('the editor is gone')));
          assert.equal(errors.length, part === 'status' ? 1 : 0, 'the message failed all the same');
        } finally {
          process.off('unhandledRejection', note);
        }
      });
  });

  describe('settings', () => {
    it('arrive migrated', async () => {
      let seen: ProbeConfig | undefined;
      await start(
        ({ config }) => {
          seen = config;
          return {};
        },
        {
          version: 2,
          migrations: [{ version: 2, up: ({ max, ...rest }) => ({ ...rest, limit: Number(max) }) }],
        },
        { max: '7', version: 1 },
      );
      assert.equal(seen?.limit, 7);
      assert.equal(seen?.version, 2);
    });

    it('are checked after they were migrated', async () => {
      const checked: unknown[] = [];
      await start(
        {},
        {
          version: 2,
          migrations: [{ version: 2, up: (config) => ({ ...config, limit: 9 }) }],
          check: ({ limit }) => void checked.push(limit),
        },
      );
      assert.deepEqual(checked, [9]);
    });

    const refusals: [how: string, definition: Partial<NodeDefinition<ProbeConfig>>, code: string][] = [
      [
        'a check refuses them',
        {
          check: () => {
            throw new HubError('node.config-missing', { type: 'hub-store' });
          },
        },
        'node.config-missing',
      ],
      [
        'the node cannot be set up',
        {
          setup: () => {
            throw new RangeError('limit is odd');
          },
        },
        'node.bad-config',
      ],
      [
        'a migration fails',
        {
          version: 2,
          migrations: [
            {
              version: 2,
              up: () => {
                throw new TypeError('rows is not a list');
              },
            },
          ],
        },
        'node.bad-config',
      ],
      ['no store is chosen', { usesHub: true }, 'node.config-missing'],
    ];
    for (const [how, definition, code] of refusals)
      it(`leave the node red, with the reason logged, when ${how}; a message is answered with it`, async () => {
        await start({}, definition);
        assert.deepEqual(statusOf(probe.id), { fill: 'red', shape: 'ring', text: 'hub.status.bad-config' });
        assert.equal(loggedErrors().length, 1);
        const error = await errorOf();
        assert.equal(error.code, code);
        assert.ok(!error.message.startsWith('node.'), error.message);
      });

    it('speak the language Node-RED was set to', async () => {
      const register = (settings: object): void =>
        defineNode<ProbeConfig>({ type: 'hub-probe', version: 1, setup: () => ({}) })({
          settings,
          nodes: { registerType: () => undefined },
        } as unknown as NodeAPI);
      register({ lang: 'zh-CN' });
      assert.equal(new HubError('node.no-order').message, allMessages()['node.no-order']?.['zh-CN']);
      register({});
      assert.equal(new HubError('node.no-order').message, allMessages()['node.no-order']?.['en-US']);
    });
  });

  it('gives the node its secrets', async () => {
    let seen: unknown;
    await start(
      ({ credentials }) => {
        seen = credentials.token;
        return {};
      },
      { credentials: { token: { type: 'password' } } },
      {},
      { [probe.id]: { token: 'a secret of this test' } },
    );
    assert.equal(seen, 'a secret of this test');
  });

  it('offers an api to other nodes', async () => {
    let RED: NodeAPI | undefined;
    await start((context) => {
      RED = context.RED;
      return { api: { answer: 42 } };
    });
    assert.equal(apiOf<{ answer: number }>(RED!, probe.id, 'hub-probe').answer, 42);
  });

  it('tells a node that asks for a hub without using one what is wrong', async () => {
    await start(({ hub }) => ({ input: () => void hub.ready() }));
    assert.equal(loggedErrors().length, 1);
    assert.match(loggedErrors()[0]!, /usesHub/);
  });

  it('stays red when it could not be set up, whatever the store does', async () => {
    const probing = defineNode<ProbeConfig>({
      type: 'hub-probe',
      version: 1,
      usesHub: true,
      setup({ hub }) {
        hub.whenOpen(() => assert.fail('it is not told of a store it does not use'));
        throw new HubError('node.no-order');
      },
    });
    const hub = await startHubCase(probing, { type: 'hub-probe', ports: 1 });
    try {
      await hub.hub();
      await settle();
      const shown = statusOf(hub.node);
      assert.deepEqual(shown, { fill: 'red', shape: 'ring', text: 'hub.status.bad-config' });
    } finally {
      await hub.stop();
    }
  });

  it('loads once a runtime, before any node is built', async () => {
    const order: string[] = [];
    await start(
      () => {
        order.push('setup');
        return {};
      },
      { load: () => void order.push('load') },
    );
    assert.deepEqual(order, ['load', 'setup']);
  });

  describe('closing', () => {
    /** Closes the node as a deploy does and answers how long it took, in milliseconds. */
    async function closing(removed = false): Promise<number> {
      const node = helper.getNode(probe.id) as unknown as { close(removed: boolean): Promise<void> };
      const began = performance.now();
      await node.close(removed);
      return performance.now() - began;
    }

    it('waits for what the node does to close, and says whether it was removed', async () => {
      const seen: unknown[] = [];
      await start({
        async close(removed) {
          await new Promise((resolve) => setImmediate(resolve));
          seen.push(removed);
        },
      });
      await closing(true);
      assert.deepEqual(seen, [true]);
    });

    it('is over within two seconds though the node hangs', async () => {
      await start({ close: () => new Promise<void>(() => undefined) });
      assert.ok((await closing()) < 2_000);
    });

    it('does not wait longer than the node needs', async () => {
      await start({ close: () => Promise.resolve() });
      assert.ok((await closing()) < 1_000);
    });

    const failing: [how: string, close: NodeParts['close']][] = [
      [
        'throws',
        () => {
          throw new Error('socket is gone');
        },
      ],
      ['rejects', () => Promise.reject(new Error('socket is gone'))],
    ];
    for (const [how, close] of failing)
      it(`is over, with the reason logged, when closing ${how}`, async () => {
        await start({ close });
        await closing();
        assert.deepEqual(loggedErrors(), [
          sentence('node.close-failed', { reason: 'socket is gone' }, 'en-US'),
        ]);
      });

    it('drops what a handler sends after it, and what a source sends after it', async () => {
      let sendLate: Send = () => assert.fail('the handler did not run');
      let source: NodeContext<ProbeConfig> | undefined;
      await start((context) => {
        source = context;
        return {
          input(message, send) {
            sendLate = send;
            send(message);
          },
        };
      });
      const passed = collect(behind.id);
      helper.getNode(probe.id).receive({ payload: 'in time' });
      await settle();
      source?.send({ _msgid: 's', payload: 'in time too' });
      await settle();
      await closing();
      sendLate({ _msgid: 'l', payload: 'late' });
      source?.send({ _msgid: 'l', payload: 'late too' });
      await settle();
      assert.deepEqual(
        passed.map(({ payload }) => payload),
        ['in time', 'in time too'],
      );
    });

    it('ends a request to a channel that it gives up without an error', async () => {
      let giveUp = (): void => assert.fail('the handler did not run');
      await start({
        input: () =>
          new Promise((_, reject) => {
            giveUp = () => reject(new HubError('channel.stopped'));
          }),
      });
      helper.getNode(probe.id).receive({ payload: 1 });
      await settle();
      await closing();
      giveUp();
      await settle();
      assert.deepEqual(loggedErrors(), []);
    });

    it('is told to the node from its first moment, and stops its status', async () => {
      let context: NodeContext<ProbeConfig> | undefined;
      const open: boolean[] = [];
      await start((given) => {
        context = given;
        return { close: () => void open.push(given.open) };
      });
      assert.equal(context?.open, true);
      context.status.ready();
      await closing();
      assert.deepEqual(open, [false]);
      context.status.down();
      assert.equal(statusOf(probe.id)?.text, 'hub.status.ready');
    });

    it('of a node whose settings were refused works too', async () => {
      await start({}, { usesHub: true });
      assert.ok((await closing()) < 1_000);
    });
  });
});
