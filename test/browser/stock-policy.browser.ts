import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { PolicySettings } from '../../nodes/stock-policy/policy-settings.ts';
import { type Editor, type EditorDialog, openEditor } from '../support/editor.ts';
import type { EmbeddedRuntime } from '../support/embedded-runtime.ts';
import { idOf, languages, screenshotFolder, startWithEveryNode } from './every-node.ts';

const words = {
  'en-US': { presale: 'presale', missing: /Row 1 \(normal\).*"Lock on"/, twice: /already/, paid: 'paid' },
  'zh-CN': { presale: '预售', missing: /第 1 行（normal）.*何时锁定/, twice: /已经有一行/, paid: '付款' },
} as const;

describe('the dialog of stock-policy', () => {
  let runtime: EmbeddedRuntime;
  let editor: Editor;
  let dialog: EditorDialog;
  const id = idOf('stock-policy');

  before(async () => {
    runtime = await startWithEveryNode();
  });
  after(() => runtime?.stop());

  for (const language of languages)
    describe(`in ${language}`, () => {
      const told = words[language];
      before(async () => {
        editor = await openEditor(runtime.adminUrl, language);
      });
      after(() => editor?.close());
      beforeEach(async () => {
        dialog = await editor.openDialog(id);
      });
      afterEach(() => editor?.leaveDialogs());

      const cards = () => dialog.tray.locator('.order-hub-policy-card');
      const add = async (scenario: string) => {
        const bar = dialog.tray.locator('#order-hub-policy-presets');
        await bar.locator('select').selectOption(scenario);
        await bar.locator('button').click();
      };
      const faults = () => dialog.tray.locator('.order-hub-policy-faults').allTextContents();

      it('shows the three rows that are filled in, without a fault', async () => {
        assert.equal(await cards().count(), 3);
        const title = cards().nth(1).locator('.order-hub-policy-title');
        assert.equal(await title.textContent(), told.presale);
        assert.deepEqual((await faults()).join(''), '');
      });

      it('adds a row from those that are offered, and keeps what is changed in it', async () => {
        await add('live');
        const card = cards().nth(3);
        await card.locator('.order-hub-policy-limit input').first().fill('7');
        await card.locator('.order-hub-policy-chips select').first().selectOption('approved');
        await dialog.tray.locator('#order-hub-policy-shops button').click();
        const cells = dialog.tray.locator('#order-hub-policy-shops input');
        await cells.nth(0).fill('night');
        await cells.nth(1).fill('02:00');
        if (screenshotFolder)
          await editor.screenshot(join(screenshotFolder, `stock-policy-edited.${language}.png`));
        await dialog.accept();
        const saved = (await editor.savedConfig(id)) as unknown as PolicySettings;
        const rule = saved.rules.find(({ scenario }) => scenario === 'live');
        assert.deepEqual(rule?.lockOn, ['created', 'approved']);
        assert.equal(rule?.limit.minutes, '7');
        assert.deepEqual(saved.shops, [{ shop: 'night', zone: '', closes: '02:00' }]);
      });

      it('says in the row what is wrong with it, at once', async () => {
        await cards().nth(0).locator('.order-hub-policy-chip button').first().click();
        assert.match((await faults()).join(' '), told.missing);
        await cards().nth(0).locator('.order-hub-policy-chips select').first().selectOption('paid');
        const chip = cards().nth(0).locator('.order-hub-policy-chip').first();
        assert.equal((await chip.textContent())?.trim(), told.paid);
        assert.equal((await faults()).join(''), '');
        await add('pos');
        assert.match((await faults()).join(' '), told.twice);
      });

      it('takes an event of one’s own by the keyboard', async () => {
        const chips = cards().nth(0).locator('.order-hub-policy-chips').first();
        await chips.locator('select').selectOption('…');
        await chips.locator('input').fill('checked-in');
        await chips.locator('input').press('Enter');
        await chips.locator('.order-hub-policy-chip', { hasText: 'checked-in' }).waitFor();
        assert.equal(await chips.locator('.order-hub-policy-chip', { hasText: 'checked-in' }).count(), 1);
        assert.deepEqual(editor.problems, []);
      });
    });
});
