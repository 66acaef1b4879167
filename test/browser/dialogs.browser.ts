import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type Editor, openEditor } from '../support/editor.ts';
import type { EmbeddedRuntime } from '../support/embedded-runtime.ts';
import { idOf, languages, screenshotFolder, startWithEveryNode, types, untranslated } from './every-node.ts';

describe('the dialogs', () => {
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
      afterEach(() => editor?.leaveDialogs());

      for (const type of types)
        it(`of ${type} opens translated, has its fields, and keeps what is set`, async () => {
          const before = await editor.savedConfig(idOf(type));
          const problems = editor.problems.length;

          const dialog = await editor.openDialog(idOf(type));
          if (screenshotFolder) await editor.screenshot(join(screenshotFolder, `${type}.${language}.png`));
          const texts = await dialog.texts();
          assert.deepEqual(
            texts.filter((text) => untranslated.test(text)),
            [],
            'keys are shown instead of their texts',
          );
          assert.deepEqual(await dialog.emptyTexts(), [], 'texts are empty');

          const fields = await dialog.fields();
          const { defaults } = await editor.defaultsOf(type);
          assert.ok(
            fields.some(({ id, visible }) => id === 'name' && visible),
            'there is a field for the name',
          );
          for (const { name, configType } of defaults)
            if (configType)
              assert.ok(
                fields.some(({ id, visible }) => id === name && visible),
                `the ${configType} can be chosen`,
              );

          await dialog.accept();
          const kept = comparable(await editor.savedConfig(idOf(type)));
          for (const [setting, value] of Object.entries(comparable(before)))
            if (!isEmpty(value)) assert.deepEqual(kept[setting], value, `${setting} is not kept`);
          assert.deepEqual(editor.problems.slice(problems), []);
        });

      for (const type of types)
        it(`of ${type} leaves settings that it saved before as they are`, async () => {
          // The first time may fill in what was empty, such as the viewer's time zone.
          await (await editor.openDialog(idOf(type))).accept();
          const before = await editor.savedConfig(idOf(type));
          await editor.forgetChange(idOf(type));
          await (await editor.openDialog(idOf(type))).accept();
          assert.deepEqual(await editor.savedConfig(idOf(type)), before);
          assert.equal(
            await editor.changed(idOf(type)),
            false,
            'it is to be deployed though nothing changed',
          );
        });
    });

  it('opens by a double click and keeps what is typed', async () => {
    const [type] = types.filter((candidate) => candidate === 'stock-lock');
    assert.ok(type, 'stock-lock is a node of the pack');
    const editor = await openEditor(runtime.adminUrl, 'en-US');
    try {
      await editor.page.locator(`[id="${idOf(type)}"] .red-ui-flow-node`).dblclick();
      const name = editor.page.locator('#node-input-name');
      await name.waitFor({ state: 'visible' });
      await name.fill('lock what was paid');
      await editor.page.locator('#node-dialog-ok').click();
      await editor.page.locator('.red-ui-tray').waitFor({ state: 'detached' });
      assert.equal((await editor.savedConfig(idOf(type))).name, 'lock what was paid');
      assert.equal(await editor.changed(idOf(type)), true);
      assert.deepEqual(editor.problems, []);
    } finally {
      await editor.close();
    }
  });
});

function isEmpty(value: unknown): boolean {
  return (
    value === '' || value === null || value === undefined || (Array.isArray(value) && value.length === 0)
  );
}

/** Fields hold text, so a number comes back as its digits. */
function comparable(config: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [name, typeof value === 'number' ? String(value) : value]),
  );
}
