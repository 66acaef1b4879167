import assert from 'node:assert/strict';
import { textToSign } from '../../../core/channel/parameter-signature.ts';

describe('parameters that are signed', () => {
  it('are sorted by ASCII and lose the empty ones', () => {
    assert.equal(textToSign({ b: '2', a: '1', B: '3', '360': '4', empty: '' }), '3604B3a1b2');
  });
});
