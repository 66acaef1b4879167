import assert from 'node:assert/strict';
import {
  debounceOf,
  fieldsFault,
  listingsPerMessage,
  newRow,
  policyFrom,
} from '../../../nodes/stock-changed/share-fields.ts';

describe('the fields of stock-changed', () => {
  const web = { ...newRow(), channel: ' web ' };
  it('take what is left empty for the usual', () => {
    const policy = policyFrom({ channels: [web] });
    assert.deepEqual(
      [policy.pools, policy.buffer, policy.closeBelow, policy.reopenAt, policy.lastUnits],
      [['main'], 0, 1, 1, null],
    );
    assert.deepEqual(policy.channels[0], {
      channel: 'web',
      shop: 'main',
      kind: 'shared',
      amount: null,
      cap: null,
      fence: null,
      listings: 'all',
    });
    assert.equal(debounceOf({}), 1_000);
  });
  it('are read as they are entered', () => {
    const fenceFrom = '2026-11-11T00:00:00.000Z';
    const fenceUntil = '2026-11-12T00:00:00.000Z';
    const row = {
      ...web,
      kind: 'percent' as const,
      amount: '12.5',
      cap: 3,
      fenceUnits: '5',
      fenceFrom,
      fenceUntil,
    };
    const policy = policyFrom({
      pools: 'a，b, a',
      closeBelow: '2',
      lastUnits: '4',
      channels: [{ ...row, last: true }],
    });
    assert.deepEqual(policy.pools, ['a', 'b']);
    assert.equal(policy.reopenAt, 2);
    assert.deepEqual(policy.lastUnits, { units: 4, channel: 'web', shop: 'main' });
    assert.deepEqual(policy.channels[0]!.fence, {
      units: 5,
      from: Date.parse(fenceFrom),
      until: Date.parse(fenceUntil),
    });
    assert.deepEqual([policy.channels[0]!.amount, policy.channels[0]!.cap], [12.5, 3]);
  });
  it('are refused with the field that is wrong', () => {
    const code = (fields: Parameters<typeof fieldsFault>[0]) =>
      fieldsFault({ channels: [web], ...fields })?.code;
    assert.equal(code({}), undefined);
    assert.equal(code({ channels: [] }), 'shares.no-channel');
    assert.equal(code({ channels: 'web' as never }), 'shares.no-channel');
    assert.equal(code({ debounceSeconds: 301 }), 'stock-changed.bad-seconds');
    assert.equal(code({ debounceSeconds: 'soon' }), 'stock-changed.bad-seconds');
    assert.equal(code({ buffer: '1.5' }), 'shares.bad-units');
    assert.equal(code({ closeBelow: '4', reopenAt: '2' }), 'shares.bad-reopen');
    assert.equal(code({ lastUnits: '2' }), 'stock-changed.no-last');
    assert.equal(code({ channels: [{ ...web, fenceUnits: '2' }] }), 'shares.bad-fence');
    assert.equal(code({ channels: [{ ...web, kind: 'fixed', amount: 'x' }] }), 'shares.bad-quota');
  });

  it('take whole numbers of listings a message only', () => {
    assert.equal(listingsPerMessage({}), 1);
    assert.equal(fieldsFault({ channels: [web], listingsPerMessage: '50' }), undefined);
    for (const value of ['0', '1.5', '1001', 'many'])
      assert.equal(
        fieldsFault({ channels: [web], listingsPerMessage: value })?.code,
        'stock-changed.bad-together',
        value,
      );
  });
});
