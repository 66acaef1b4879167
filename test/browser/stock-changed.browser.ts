import assert from 'node:assert/strict';
import { join } from 'node:path';
import { newRow } from '../../nodes/stock-changed/share-fields.ts';
import { eventually } from '../nodes/channel-webhook/support/eventually.ts';
import { type Editor, openEditor } from '../support/editor.ts';
import type { EmbeddedRuntime, FlowNode } from '../support/embedded-runtime.ts';
import { idOf, languages, screenshotFolder, startWithEveryNode } from './every-node.ts';

const warnings = { 'en-US': /add up to 130 %/, 'zh-CN': /合计 130 %/ };
const faults = { 'en-US': /Row 2 needs a percentage from 0 to 100/, 'zh-CN': /第 2 行需要填写 0 到 100/ };

const leftBehind = {
  'en-US': /pos\/main is no longer in the table, but 1 /,
  'zh-CN': /pos\/main 已不在表格中，但仍有 1 个/,
};
const sent = { 'en-US': /Numbers sent once more: \d+\./, 'zh-CN': /已安排重发 \d+ 个库存数/ };
const closed = { 'en-US': /Listings closed: 1\./, 'zh-CN': /已将 1 个商品停售/ };

describe('the dialog of stock-changed', () => {
  let runtime: EmbeddedRuntime;
  let opKeys = 0;

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

      it('sends all again, and closes what a shop shows that was taken out', async () => {
        const { page } = editor;
        const putBack = await takeOutPos();
        const dialog = await editor.openDialog(idOf('stock-changed'));
        const left = page.locator('#order-hub-share-left');
        await left.getByText(leftBehind[language]).waitFor();
        const said = page.locator('#order-hub-share-said');
        await page.locator('#order-hub-share-send').click();
        await said.getByText(sent[language]).waitFor();
        await said.scrollIntoViewIfNeeded();
        if (screenshotFolder)
          await editor.screenshot(join(screenshotFolder, `stock-changed-left.${language}.png`));
        await left.locator('.form-tips', { hasText: 'pos/main' }).getByRole('button').click();
        await said.getByText(closed[language]).waitFor();
        assert.doesNotMatch(await left.innerText(), /pos\/main/, 'the shop is still listed');
        await dialog.cancel();
        await putBack();
      });
    });

  /** Gives both shops a number, and takes one of them out of the table; answers how to have all as it was. */
  async function takeOutPos(): Promise<() => Promise<void>> {
    const at = `${runtime.adminUrl}/order-hub/v1`;
    const post = (path: string, body: object) =>
      fetch(`${at}/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const flow = (await (await fetch(`${runtime.adminUrl}/flows`)).json()) as FlowNode[];
    const deploy = (shops: readonly string[]) =>
      runtime.setFlows(
        flow.map((node) =>
          node.type === 'stock-changed'
            ? { ...node, lastUnits: '', channels: shops.map((channel) => ({ ...newRow(), channel })) }
            : node,
        ),
      );
    const shown = async () => {
      const { states } = (await (await fetch(`${at}/shares?channel=pos&sku=TEA`)).json()) as {
        states: { sellable: number }[];
      };
      return states.some(({ sellable }) => sellable > 0) ? true : undefined;
    };
    await deploy(['web', 'pos']);
    opKeys += 1;
    const answer = await post('stock/adjust', {
      kind: 'receive',
      lines: [{ sku: 'TEA', quantity: 9 }],
      reason: 'test',
      opKey: `browser ${opKeys}`,
    });
    assert.equal(answer.status, 200, await answer.text());
    await eventually(shown);
    await deploy(['web']);
    await eventually(async () => {
      const { warnings } = (await (await fetch(`${at}/shares/warnings`)).json()) as {
        warnings: { code: string }[];
      };
      return warnings.some(({ code }) => code === 'shares.left-behind') ? true : undefined;
    });
    return () => runtime.setFlows(flow);
  }
});
