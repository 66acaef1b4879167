import assert from 'node:assert/strict';
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
});
