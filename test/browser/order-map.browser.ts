import assert from 'node:assert/strict';
import { join } from 'node:path';
import { presetOffers } from '../../core/order/mapping/presets/presets.ts';
import { taobaoMapping } from '../../core/order/mapping/presets/taobao.ts';
import type { Mapping } from '../../core/order/mapping/types.ts';
import { sampleBytes } from '../core/order/samples.ts';
import { openEditor } from '../support/editor.ts';
import type { EmbeddedRuntime } from '../support/embedded-runtime.ts';
import { idOf, languages, screenshotFolder, startWithEveryNode } from './every-node.ts';

const name = { 'en-US': 'Taobao / Tmall', 'zh-CN': '淘宝 / 天猫' };

describe('the dialog of order-map', () => {
  let runtime: EmbeddedRuntime;

  before(async () => {
    runtime = await startWithEveryNode();
  });
  after(() => runtime?.stop());

  for (const language of languages)
    it(`offers the presets of each platform in ${language}, shows what one makes of a record, and keeps all of it`, async () => {
      const editor = await openEditor(runtime.adminUrl, language);
      const { page } = editor;
      try {
        const dialog = await editor.openDialog(idOf('order-map'));
        const list = page.locator('#order-hub-map-presets select');
        await list.waitFor();
        assert.deepEqual(
          await list.locator('option').allInnerTexts(),
          presetOffers.map(({ labels }) => labels[language]),
        );
        await list.selectOption({ label: name[language] });
        await page.locator('#order-hub-map-presets button').click();
        const sample = sampleBytes('taobao/trade_fullinfo_get.presale_deposit_paid.json').toString('utf8');
        await page.locator('#order-hub-map-sample textarea').fill(sample);
        await page.locator('#order-hub-map-sample', { hasText: '"balanceDue": 14900' }).waitFor();
        assert.deepEqual(await page.locator('.order-hub-map-problem').allInnerTexts(), []);
        await list.scrollIntoViewIfNeeded();
        if (screenshotFolder)
          await editor.screenshot(join(screenshotFolder, `order-map-taobao.${language}.png`));
        await dialog.accept();
        const { mapping } = (await editor.savedConfig(idOf('order-map'))) as { mapping: Mapping };
        assert.deepEqual(mapping, { ...taobaoMapping, name: name[language], version: 1 });
        assert.deepEqual(editor.problems, []);
      } finally {
        await editor.close();
      }
    });
});
