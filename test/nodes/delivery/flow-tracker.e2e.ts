import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Node } from 'node-red';
import {
  type FlowHooks,
  type FlowLog,
  type FlowOutcome,
  FlowTracker,
} from '../../../core/delivery/flow-tracker.ts';
import { type EmbeddedRuntime, startRuntime } from '../../support/embedded-runtime.ts';
import { deployedId, flowsOf, localId } from './flow-case-deploy.ts';
import { type FlowCase, flowCases, furtherCases } from './flow-cases.ts';

const quietMs = 60;
/** Long for flows that settle, so that a slow machine fails none of them. */
const deadlineMs = { settled: 10_000, deadline: 350 };

type FixtureNode = Node & { received: unknown[] };

describe('when a flow is over', () => {
  // Mocha needs the names now; the addresses are filled in before the cases are deployed.
  const measured = flowCases('', '');
  const further = furtherCases();
  let cases: FlowCase[];
  let server: Server;
  let runtime: EmbeddedRuntime;
  let tracker: FlowTracker;
  const faults: unknown[] = [];

  before(async () => {
    server = createServer((_request, response) => {
      setTimeout(() => response.end('answered'), 30);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    cases = [...flowCases(url, await deadUrl()), ...further];
    runtime = await startRuntime({
      flows: flowsOf(cases),
      nodesDirs: [fileURLToPath(new URL('./fixture-nodes', import.meta.url))],
    });
    tracker = new FlowTracker(runtime.RED.hooks as unknown as FlowHooks, 'cases', {
      log: runtime.RED.log as unknown as FlowLog,
      onFault: (fault) => faults.push(fault),
    });
    tracker.start();
  });

  after(async () => {
    tracker.stop();
    await runtime.stop();
    server.closeAllConnections();
    server.close();
  });

  afterEach(() => {
    assert.deepEqual(faults, []);
    assert.equal(tracker.active, 0);
    assert.equal(tracker.knownIds, 0);
  });

  it('there are 54 measured cases, all different', () => {
    assert.equal(new Set(measured.map(({ name }) => name)).size, 54);
  });

  for (const [index, { name, expect }] of [...measured, ...further].entries()) {
    it(`${expect.state}: ${name}`, async () => {
      const flowCase = cases[index] as FlowCase;
      const outcomes = await surviving(flowCase.rejects ?? false, () => runCase(flowCase, index));
      const received = receivedBy(flowCase, index);
      for (const outcome of outcomes) assertOutcome(outcome, flowCase, index);
      assert.equal(received, expect.received ?? 1, 'messages at the end of the flow');
    });
  }

  function fixture(index: number, id: string): FixtureNode {
    return runtime.node<FixtureNode>(deployedId(index, id));
  }

  function runCase(flowCase: FlowCase, index: number): Promise<FlowOutcome[]> {
    const source = fixture(index, 'source');
    const runs = Array.from({ length: flowCase.triggers ?? 1 }, (_, count) => {
      const msg = { _msgid: `${index}-${count}`, payload: flowCase.payload ?? 'order' };
      const options = { deadlineMs: deadlineMs[flowCase.expect.state], quietMs, mode: 'settled' } as const;
      return tracker.run(msg, options, () => {
        source.send(msg);
        if (flowCase.sendAgainAfterMs) setTimeout(() => source.send(msg), flowCase.sendAgainAfterMs);
      });
    });
    return Promise.all(runs);
  }

  function receivedBy(flowCase: FlowCase, index: number): number {
    const sinks = flowCase.nodes.filter(({ type }) => type === 'fixture-sink' || type === 'fixture-old-sink');
    return sinks.reduce((sum, { id }) => sum + fixture(index, id).received.length, 0);
  }
});

function assertOutcome(outcome: FlowOutcome, { expect }: FlowCase, index: number): void {
  assert.equal(outcome.state, expect.state, JSON.stringify(outcome));
  const messages = outcome.errors.map(({ message }) => message);
  assert.equal(messages.length, expect.errors?.length ?? 0, messages.join('; '));
  for (const [i, part] of (expect.errors ?? []).entries())
    assert.ok(messages[i]?.includes(part), messages[i]);
  assert.deepEqual(
    outcome.openNodes.map(({ id }) => localId(index, id)),
    expect.openNodes ?? [],
  );
  assert.deepEqual(outcome.legacyNodes, expect.legacyNodes ?? []);
  assert.equal(outcome.reopened > 0, expect.reopened ?? false, `reopened ${outcome.reopened} times`);
}

/** A port that was just given back, so that connecting is refused. */
async function deadUrl(): Promise<string> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}/`;
}

/** Runs an act during which one promise is expected to be rejected unheard, or none. */
async function surviving<T>(rejects: boolean, act: () => Promise<T>): Promise<T> {
  if (!rejects) return act();
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  const reasons: unknown[] = [];
  process.on('unhandledRejection', (reason) => reasons.push(reason));
  try {
    const result = await act();
    await wait(0);
    assert.equal(reasons.length, 1);
    return result;
  } finally {
    process.removeAllListeners('unhandledRejection');
    for (const listener of others) process.on('unhandledRejection', listener);
  }
}
