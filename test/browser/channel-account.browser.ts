import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type Editor, type EditorDialog, openEditor } from '../support/editor.ts';
import type { EmbeddedRuntime } from '../support/embedded-runtime.ts';
import { idOf, languages, screenshotFolder, startWithEveryNode, untranslated } from './every-node.ts';

const asked = {
  taobao: ['appKey', 'appSecret', 'accessToken', 'signMethod', 'address'],
  jd: ['appKey', 'appSecret', 'accessToken', 'address'],
  pinduoduo: ['appKey', 'appSecret', 'accessToken', 'address'],
  douyin: ['appKey', 'appSecret', 'accessToken', 'shopId', 'address'],
  shopify: ['accessToken', 'location', 'apiVersion', 'address'],
  woocommerce: ['appKey', 'appSecret', 'address'],
  'standard-webhooks': [],
  custom: ['custom', 'appKey', 'appSecret', 'accessToken', 'address'],
} as const;

describe('the dialog of channel-account', () => {
  let runtime: EmbeddedRuntime;
  let editor: Editor;
  let dialog: EditorDialog;

  before(async () => {
    runtime = await startWithEveryNode();
  });
  after(() => runtime?.stop());

  for (const language of languages)
    describe(`in ${language}`, () => {
      before(async () => {
        editor = await openEditor(runtime.adminUrl, language);
      });
      after(() => editor?.close());
      beforeEach(async () => {
        dialog = await editor.openDialog(idOf('channel-account'));
      });
      afterEach(() => editor?.leaveDialogs());

      for (const [platform, fields] of Object.entries(asked))
        it(`asks of ${platform} what it needs, by the name the platform has for it`, async () => {
          const { tray } = dialog;
          await tray.locator('#node-config-input-platform').selectOption(platform);
          const rows = tray.locator('.order-hub-account-access:visible');
          const shown = await rows.evaluateAll((all) => all.map((row) => row.getAttribute('data-field')));
          assert.deepEqual([...shown].sort(), [...fields].sort());
          const texts = [
            ...(await rows.locator('label').allTextContents()),
            ...(await rows.locator('.order-hub-account-known').allTextContents()),
          ].map((text) => text.trim());
          for (const text of texts) assert.ok(text && !untranslated.test(text), `not translated: "${text}"`);
          if (screenshotFolder)
            await editor.screenshot(join(screenshotFolder, `channel-account-${platform}.${language}.png`));
        });

      it('tells what a test of the connection lacks', async () => {
        const { tray } = dialog;
        await tray.locator('#node-config-input-platform').selectOption('woocommerce');
        await tray.locator('#order-hub-account-test').click();
        const outcome = tray.locator('#order-hub-account-outcome > div');
        await outcome.first().waitFor();
        assert.match((await outcome.allTextContents()).join(), /Consumer key/);
      });
    });
});
