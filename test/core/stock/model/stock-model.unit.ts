import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Chance, report } from '../../../support/seeded.ts';
import { onEachStore } from '../../store/each-store.ts';
import { act, opening } from './acts.ts';
import { Expected } from './expected.ts';
import { HubUnderTest } from './hub-under-test.ts';
import { Step } from './steps.ts';

/** How long a sequence may take, on average, and how long a failing one is made smaller, milliseconds. */
const perRunMs = 15_000;
const shrinkingMs = 120_000;

/** Sequences on each store; a server takes many times as long for one. ORDER_HUB_RUNS asks for more. */
const usualRuns = { SQLite: 60, PostgreSQL: 15 } as const;

onEachStore('the hub against a reference model', function (makePlace) {
  const kind = this.title.endsWith('PostgreSQL') ? 'PostgreSQL' : 'SQLite';

  it('answers, holds and counts as the model does, whatever happens', async function () {
    const asked = process.env.ORDER_HUB_RUNS;
    const numRuns = Number(asked ?? usualRuns[kind]);
    const limit = shrinkingMs + numRuns * perRunMs;
    this.timeout(limit + 60_000);
    const { seed } = new Chance();
    if (asked !== undefined) report(`seed ${seed}: ${numRuns} sequences`);
    const steps = fc.commands([act.map((one) => new Step(one))], { maxCommands: 60, size: 'max' });
    let last: Promise<void> = Promise.resolve();
    const property = fc.asyncProperty(opening, steps, (goods, sequence) => {
      last = (async () => {
        const hub = await HubUnderTest.open(makePlace);
        try {
          const expected = new Expected();
          await new Step({ do: 'at once', acts: goods }).run(expected, hub);
          await fc.asyncModelRun(() => ({ model: expected, real: hub }), sequence);
          assert.deepEqual(await hub.findings(), [], 'what the auditor finds');
        } finally {
          await hub.close();
        }
      })();
      return last;
    });
    try {
      const plugins = [fc.interruptAfterTimeLimit(limit, { failOnInterrupt: true })];
      await fc.assert(property, { seed, numRuns, plugins });
    } finally {
      // The limit does not wait for the sequence it meets; the store must not go before that is over.
      await Promise.allSettled([last]);
    }
  });
});
