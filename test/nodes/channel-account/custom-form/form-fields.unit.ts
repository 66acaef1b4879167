import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readCustomChannel } from '../../../../core/channel/custom/read-config.ts';
import { languages } from '../../../../core/message.ts';
import {
  credentialsNeeded,
  kindBeginnings,
  sections,
} from '../../../../nodes/channel-account/custom-form/form-fields.ts';
import { withValue } from '../../../../nodes/channel-account/custom-form/form-value.ts';
import { presetNames } from '../../../../nodes/channel-account/custom-form/presets.ts';

const fields = sections.flatMap(({ fields: some }) => some);
const folder = new URL('../../../../nodes/channel-account/locales/', import.meta.url);

interface Texts {
  label: Record<string, string>;
  option: Record<string, string>;
  section: Record<string, string>;
  about: Record<string, string>;
  preset: Record<string, string>;
}

describe('the fields of a custom channel', () => {
  for (const language of languages)
    it(`have each text in ${language}`, () => {
      const file = readFileSync(new URL(`${language}/channel-account.json`, folder), 'utf8');
      const texts = (JSON.parse(file) as { 'channel-account': { custom: Texts } })['channel-account'].custom;
      const missing = [
        ...fields.filter(({ label }) => !texts.label[label]).map(({ label }) => `label.${label}`),
        ...fields.flatMap(({ input }) =>
          input.kind === 'choice'
            ? input.options.map((option) => `${input.texts}-${option}`).filter((key) => !texts.option[key])
            : [],
        ),
        ...sections.filter(({ name }) => !texts.section[name] || !texts.about[name]).map(({ name }) => name),
        ...presetNames.filter((name) => !texts.preset[name]),
      ];
      assert.deepEqual(missing, [], 'a person sees a key instead of a text');
    });

  for (const kind of Object.keys(credentialsNeeded))
    it(`make a valid configuration of authentication ${kind} at once`, () => {
      const entered = {
        authentication: kindBeginnings[kind] ?? { kind },
        orders: { request: { path: '/orders' }, id: 'id', paging: { kind: 'none' } },
      };
      assert.equal(readCustomChannel(JSON.stringify(entered)).authentication.kind, kind);
    });

  it('make a valid configuration of each part that is ticked', () => {
    const parts = ['orders', 'order', 'stock', 'shipments', 'stock.read', 'stock.sale', 'outcome.success'];
    let entered = withValue({}, 'authentication.kind', 'none');
    for (const part of parts) {
      const found = fields.find(({ at, input }) => at === part && input.kind === 'presence');
      assert.ok(found?.input.kind === 'presence', `${part} cannot be ticked`);
      entered = withValue(entered, part, found.input.begin);
    }
    const read = readCustomChannel(JSON.stringify(entered));
    assert.ok(
      read.orders &&
        read.order &&
        read.stock?.read &&
        read.stock.sale &&
        read.shipments &&
        read.outcome.success,
    );
  });
});
