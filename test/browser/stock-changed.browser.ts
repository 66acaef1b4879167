import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type Editor, openEditor } from '../support/editor.ts';
import type { EmbeddedRuntime } from '../support/embedded-runtime.ts';
import { idOf, languages, screenshotFolder, startWithEveryNode } from './every-node.ts';

const warnings = { 'en-US': /add up to 130 %/, 'zh-CN': /合计 130 %/ };
const faults = { 'en-US': /Row 2 needs a percentage from 0 to 100/, 'zh-CN': /第 2 行需要填写 0 到 100/ };

describe('the dialog of stock-changed', () => {
  let runtime: EmbeddedRuntime;

  before(async () => {
    runtime = await startWithEveryNode();
  });
  after(() => runtime?.stop());

  for (const language of languages)
    describe(`in ${language}`, () => {
      let editor: Editor;
      before(async () => {
        editor = await openEditor(runtime.adminUrl, language);
      });
      after(() => editor?.close());

      it('warns as it is typed of percentages above 100, says what is wrong, and keeps the rows', async () => {
        const { page } = editor;
        const dialog = await editor.openDialog(idOf('stock-changed'));
        const warning = page.locator('#order-hub-share-warning');
        const fault = page.locator('#order-hub-share-fault');
        assert.match(await warning.innerText(), warnings[language]);
        assert.equal(await fault.innerText(), '');
        await warning.scrollIntoViewIfNeeded();
        if (screenshotFolder)
          await editor.screenshot(join(screenshotFolder, `stock-changed-warning.${language}.png`));

        const percent = page.locator('#order-hub-share-rows li').nth(1).locator('input[type=number]').first();
        await percent.fill('30');
        assert.equal(await warning.isVisible(), false);
        await percent.fill('');
        assert.match(await fault.innerText(), faults[language]);
        await percent.fill('25');
        assert.equal(await fault.innerText(), '');

        const last = page.locator('#order-hub-share-rows .order-hub-share-last');
        await last.nth(2).check();
        assert.equal(await last.nth(0).isChecked(), false, 'one shop has the last units');
        await dialog.accept();
        const { channels } = (await editor.savedConfig(idOf('stock-changed'))) as {
          channels: { channel: string; amount: string; last: boolean; fenceUnits: string }[];
        };
        assert.deepEqual(
          channels.map(({ channel, amount, last: has, fenceUnits }) => [channel, amount, has, fenceUnits]),
          [
            ['web', '70', false, ''],
            ['pos', '25', false, ''],
            ['live', '', true, '10'],
          ],
        );
      });
    });
});
