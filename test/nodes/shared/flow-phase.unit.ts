import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { watchFlowPhase } from '../../../nodes/shared/flow-phase.ts';

describe('the phase of the flows', () => {
  const phases = ['flows:started', 'flows:stopping'];
  const listeners = (events: EventEmitter) => phases.map((phase) => events.listenerCount(phase));

  function watch(events: EventEmitter, told: string[], name: string): () => void {
    return watchFlowPhase({ events } as never, {
      started: () => told.push(`${name} started`),
      stopping: () => told.push(`${name} stopping`),
    });
  }

  it('is told to everybody who watches, by one listener', () => {
    const events = new EventEmitter();
    const told: string[] = [];
    const ends = Array.from({ length: 20 }, (_, index) => watch(events, told, String(index)));
    assert.deepEqual(listeners(events), [1, 1]);
    events.emit('flows:stopping');
    assert.equal(told.filter((line) => line.endsWith(' stopping')).length, 20);
    events.emit('flows:started');
    assert.equal(told.filter((line) => line.endsWith(' started')).length, 20);
    for (const end of ends) end();
    assert.deepEqual(listeners(events), [0, 0]);
  });

  it('is no longer told to who has stopped watching', () => {
    const events = new EventEmitter();
    const told: string[] = [];
    const end = watch(events, told, 'first');
    watch(events, told, 'second');
    end();
    end();
    events.emit('flows:started');
    assert.deepEqual(told, ['second started']);
  });

  it('is kept apart for each runtime, and can be watched again', () => {
    const one = new EventEmitter();
    const two = new EventEmitter();
    const told: string[] = [];
    watch(one, told, 'one')();
    watch(one, told, 'one again');
    watch(two, told, 'two');
    one.emit('flows:stopping');
    assert.deepEqual(told, ['one again stopping']);
  });
});
