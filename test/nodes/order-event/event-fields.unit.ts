import assert from 'node:assert/strict';
import { namesIn, sinceFault } from '../../../nodes/order-event/event-fields.ts';

describe('the fields of order-event', () => {
  it('read names with commas of any kind between them, or a list', () => {
    assert.deepEqual(namesIn('web, pos，web、 tmall \n'), ['web', 'pos', 'tmall']);
    assert.deepEqual(namesIn(['web', ' pos ']), ['web', 'pos']);
  });

  it('read nothing as all', () => {
    for (const given of [undefined, '', ' , ', []]) assert.equal(namesIn(given), null);
  });

  it('need a date only for a start at a date', () => {
    assert.equal(sinceFault('now', ''), undefined);
    assert.equal(sinceFault(undefined, undefined), undefined);
    assert.equal(sinceFault('date', '2026-09-01T00:00:00.000Z'), undefined);
    assert.equal(sinceFault('date', '')?.code, 'order-event.no-date');
    assert.equal(sinceFault('date', 'soon')?.code, 'order-event.no-date');
  });
});
