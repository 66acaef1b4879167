import assert from 'node:assert/strict';
import { bandGrams } from '../../../core/fulfilment/weight/band.ts';
import { bandFault, bandFrom } from '../../../nodes/weight-check/band-fields.ts';

const fields = (percent: string, floorGrams = '', ceilingGrams = '') => ({
  percent,
  floorGrams,
  ceilingGrams,
});

describe('the band in the dialog of weight-check', () => {
  it('is accepted exactly when the check accepts it', () => {
    for (const percent of ['', '0', '10', '2.5', '1.15', '100', '100.5', '-1', '1.155', 'ten', '1e1']) {
      const fault = bandFault(fields(percent));
      if (!fault) assert.ok(bandGrams(1000, bandFrom(fields(percent))) >= 0, percent);
      else
        assert.throws(
          () => bandGrams(1000, { percent: percent === '1e1' ? Number.NaN : Number(percent) }),
          percent,
        );
    }
  });

  it('is the usual one when nothing is entered', () => {
    assert.deepEqual(bandFrom(fields('')), { percent: 10, floorGrams: 0, ceilingGrams: null });
  });

  it('says what is wrong with grams', () => {
    assert.equal(bandFault(fields('10', '1.5'))?.code, 'weight-check.bad-grams');
    assert.equal(bandFault(fields('10', '', '-1'))?.code, 'weight-check.bad-grams');
    assert.equal(bandFault(fields('10', '50', '40'))?.code, 'weight-check.floor-above-ceiling');
    assert.equal(bandFault(fields('10', '40', '40')), undefined);
  });
});
