import assert from 'node:assert/strict';
import { join } from 'node:path';
import { openEditor } from '../support/editor.ts';
import type { EmbeddedRuntime } from '../support/embedded-runtime.ts';
import { idOf, languages, screenshotFolder, startWithEveryNode } from './every-node.ts';

const begun = { 'en-US': /Reads what changes from/, 'zh-CN': /开始拉取变更/ };
const missing = { 'en-US': /lacks Admin API access token/, 'zh-CN': /缺少“Admin API access token”/ };

describe('the dialog of channel-poll', () => {
  let runtime: EmbeddedRuntime;

  before(async () => {
    runtime = await startWithEveryNode();
  });
  after(() => runtime?.stop());

  for (const language of languages)
    it(`tells in ${language}, once, how far the account is read and what is in the way`, async () => {
      const editor = await openEditor(runtime.adminUrl, language);
      try {
        await editor.openDialog(idOf('channel-poll'));
        const state = editor.page.locator('#order-hub-poll-state');
        await state.locator('div').nth(1).waitFor();
        // Whatever was asked for twice while the dialog opened has been answered when this one is.
        await editor.page.locator('#order-hub-poll-refresh').click();
        await editor.page.waitForLoadState('networkidle');
        const lines = await state.locator('div').allInnerTexts();
        assert.equal(lines.length, 2, lines.join('\n'));
        assert.match(lines[0]!, begun[language]);
        assert.match(lines[1]!, missing[language]);
        if (screenshotFolder)
          await editor.screenshot(join(screenshotFolder, `channel-poll-state.${language}.png`));
      } finally {
        await editor.close();
      }
    });
});
