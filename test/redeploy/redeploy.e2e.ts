import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type DeployType,
  type EmbeddedRuntime,
  type FlowNode,
  startRuntime,
} from '../support/embedded-runtime.ts';
import { HubClient } from '../support/hub-client.ts';
import { hubFlow, storeId, tabs } from '../support/hub-flow.ts';
import { brokenInvariants, openForReading, storeFileIn } from '../support/invariants.ts';
import { LoadDriver } from '../support/load-driver.ts';
import { makeTemporaryDir, removeTemporaryDir } from '../support/runtime-options.ts';
import { Chance, report } from '../support/seeded.ts';
import { type Census, RuntimeCensus } from './runtime-census.ts';

interface Deploy {
  what: string;
  type: DeployType;
  flows: readonly FlowNode[];
}

const usual = hubFlow();

/** The flows with one node changed. */
function changed(id: string, change: object): FlowNode[] {
  return usual.map((node) => (node.id === id ? { ...node, ...change } : node));
}

function moved(ids: readonly string[], z: string): FlowNode[] {
  return usual.map((node) => (ids.includes(node.id) ? { ...node, z } : node));
}

/** Every kind of deploy, and back to the usual flows with the last one. */
function round(number: number): Deploy[] {
  const name = `round ${number}`;
  return [
    { what: 'everything, unchanged', type: 'full', flows: usual },
    {
      what: 'a source and what is behind it, moved to another tab',
      type: 'nodes',
      flows: moved(['hubflow000paid', 'hubflow000lock'], tabs.orders),
    },
    { what: 'and back', type: 'nodes', flows: usual },
    { what: 'the store', type: 'nodes', flows: changed(storeId, { name }) },
    { what: 'the node that saves orders', type: 'nodes', flows: changed('hubflow000save', { name }) },
    { what: 'a tab disabled', type: 'flows', flows: changed(tabs.stock, { disabled: true }) },
    { what: 'and enabled', type: 'flows', flows: usual },
    { what: 'an account', type: 'nodes', flows: changed('hubflow0shopif', { name }) },
    { what: 'a tab with a node changed', type: 'flows', flows: changed('hubflow000lock', { name }) },
    { what: 'everything, back to what it was', type: 'full', flows: usual },
  ];
}

const rounds = 5;
/** A node may take this long to close, milliseconds. */
const closeLimitMs = 2_000;

describe('fifty redeploys while orders flow', function () {
  this.timeout(5 * 60_000);
  const chance = new Chance();
  let userDir: string;
  let runtime: EmbeddedRuntime;
  let hub: HubClient;
  let census: RuntimeCensus;
  const closes: { what: string; ms: number }[] = [];
  let stoppingAt = 0;

  before(async () => {
    userDir = await makeTemporaryDir();
    runtime = await startRuntime({ userDir, flows: usual, withPack: true });
    hub = new HubClient(runtime);
    await hub.ready();
    await hub.receive(
      Array.from({ length: 5 }, (_, index) => ({ sku: `SKU-${index}`, quantity: 100_000 })),
      'opening stock',
    );
    census = new RuntimeCensus(runtime.RED);
    runtime.RED.events.on('flows:stopping', () => {
      stoppingAt = performance.now();
    });
  });

  after(async () => {
    census.end();
    await runtime.stop();
    await removeTemporaryDir(userDir);
  });

  it('loses and doubles nothing, grows nothing, and closes within two seconds', async () => {
    const load = new LoadDriver({ chance, skus: Array.from({ length: 5 }, (_, index) => `SKU-${index}`) });
    const onStopped = { what: '' };
    runtime.RED.events.on('flows:stopped', () => {
      closes.push({ what: onStopped.what, ms: Math.round(performance.now() - stoppingAt) });
    });
    const began = Date.now();
    let afterFirstRound: Census | undefined;
    for (let number = 1; number <= rounds; number += 1) {
      load.start(runtime);
      for (const { what, type, flows } of round(number)) {
        onStopped.what = what;
        await runtime.setFlows(flows, type);
        await pause(chance.between(20, 250));
      }
      await load.stop();
      await load.sendRest(runtime);
      await hub.drained(30_000);
      if (number === 1) afterFirstRound = await census.quiet();
    }
    const seconds = Math.round((Date.now() - began) / 1_000);
    const slowest = closes.toSorted((one, two) => two.ms - one.ms)[0];
    report(
      `seed ${chance.seed}: ${closes.length} deploys in ${seconds} s, the slowest close ${slowest?.ms} ms (${slowest?.what}); ${JSON.stringify(load.report())}`,
    );

    assert.equal(closes.length, rounds * 10);
    assert.deepEqual(
      closes.filter(({ ms }) => ms >= closeLimitMs),
      [],
    );
    await census.expectNoMoreThan(afterFirstRound!);

    const { acknowledged, webhooks, cutOff } = load.report();
    assert.equal(acknowledged, webhooks, 'what was asked to come again came again');
    assert.equal(cutOff, 0, 'every webhook was answered');
    await runtime.stop();
    const file = storeFileIn(userDir);
    assert.deepEqual(
      [...brokenInvariants(file, { drained: true }), ...load.discrepancies(file), ...triedTwice(file)],
      [],
      `seed ${chance.seed}`,
    );
  });
});

/** Deliveries whose interruption by a deploy was counted as an attempt. */
function triedTwice(file: string): string[] {
  const db = openForReading(file);
  try {
    return db
      .prepare('select id, subscriber, state, attempts, last_error from deliveries where attempts > 1')
      .all()
      .map((row) => `tried more than once: ${JSON.stringify(row)}`);
  } finally {
    db.close();
  }
}
