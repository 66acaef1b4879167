import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readCustomChannel } from '../../../../core/channel/custom/read-config.ts';
import {
  type PresetName,
  presetNames,
  presetText,
} from '../../../../nodes/channel-account/custom-form/presets.ts';

describe('what a custom channel can start from', () => {
  const pagings: Record<PresetName, string> = { medusa: 'offset', rest: 'page', graphql: 'cursor' };

  for (const name of presetNames)
    it(`is a whole configuration: ${name}`, () => {
      const { orders, stock } = readCustomChannel(presetText(name));
      assert.equal(orders?.paging.kind, pagings[name], 'pages are not read as the preset promises');
      assert.ok(stock, 'writes no stock');
    });

  it('is for Medusa what the example has, which is proven on a real one', () => {
    const file = new URL('../../../../examples/custom-medusa.json', import.meta.url);
    const flow = JSON.parse(readFileSync(file, 'utf8')) as { type: string; custom?: string }[];
    const account = flow.find(({ type }) => type === 'channel-account');
    assert.deepEqual(JSON.parse(presetText('medusa')), JSON.parse(account?.custom ?? 'null'));
  });
});
