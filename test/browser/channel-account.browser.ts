import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { readCustomChannel } from '../../core/channel/custom/read-config.ts';
import { presetNames, presetText } from '../../nodes/channel-account/custom-form/presets.ts';
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

      it('sets up a custom channel by fields, in step with its JSON', async () => {
        const { tray } = dialog;
        await tray.locator('#node-config-input-platform').selectOption('custom');
        const json = tray.locator('#node-config-input-custom');
        const kept = async (): Promise<unknown> => JSON.parse((await json.inputValue()) || 'null');
        const fault = tray.locator('#order-hub-account-custom-fault');
        for (const preset of presetNames) {
          await tray.locator('#order-hub-custom-preset').selectOption(preset);
          assert.deepEqual(await kept(), JSON.parse(presetText(preset)), 'the preset is not what is kept');
          assert.equal(await fault.textContent(), '');
          if (screenshotFolder) await shootSections(preset);
        }
        await tray.locator('#order-hub-custom-preset').selectOption('rest');
        await tray.locator('#order-hub-custom-authentication-kind').selectOption('hmac');
        await tray.locator('#order-hub-custom-orders-paging-kind').selectOption('cursor');
        assert.match(
          (await fault.textContent()) ?? '',
          /orders\.paging\.next/,
          'does not say what is missing',
        );
        await tray.locator('#order-hub-custom-orders-paging-next').fill('next_cursor');
        await tray.locator('#order-hub-custom-orders-request-query').fill('since = {from}\nafter = {cursor}');
        assert.equal(await fault.textContent(), '');
        const { authentication, orders } = readCustomChannel(await json.inputValue());
        assert.equal(authentication.kind, 'hmac');
        assert.deepEqual(orders?.paging, { kind: 'cursor', next: 'next_cursor', more: '' });
        assert.deepEqual(orders?.request.query, { since: '{from}', after: '{cursor}' });
        await unfold('stock');
        await tray.locator('#order-hub-custom-stock-sale').check();
        await tray.locator('#order-hub-custom-stock-sale-close-path').fill('/variants/{listing}/hide');
        const { stock } = readCustomChannel(await json.inputValue());
        assert.equal(stock?.sale?.close.path, '/variants/{listing}/hide');
        const labels = await tray.locator('#order-hub-account-custom-form label').allTextContents();
        for (const label of labels)
          assert.ok(label.trim() && !untranslated.test(label), `not translated: "${label}"`);

        await tray.locator('#order-hub-custom-undo').click();
        assert.deepEqual(await kept(), JSON.parse(presetText('graphql')), 'what was entered before is lost');

        async function unfold(section: string): Promise<Locator> {
          const part = tray.locator(`[data-section="${section}"]`);
          if ((await part.getAttribute('open')) === null) await part.locator('summary').click();
          return part;
        }

        async function shootSections(preset: string): Promise<void> {
          await tray.locator('#order-hub-account-custom-form').scrollIntoViewIfNeeded();
          await editor.screenshot(join(screenshotFolder!, `custom-form-${preset}.${language}.png`));
          for (const section of ['orders', 'stock']) {
            const part = await unfold(section);
            const file = `custom-form-${preset}-${section}.${language}.png`;
            await part.screenshot({ path: join(screenshotFolder!, file) });
          }
        }
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
