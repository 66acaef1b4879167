import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type Editor, openEditor } from '../support/editor.ts';
import { type EmbeddedRuntime, startRuntime } from '../support/embedded-runtime.ts';
import { languages, screenshotFolder } from './every-node.ts';

const store = 'c4d81f06be7c9100';
const id = 'c4d81f06be7c9101';
const tab = 'c4d81f06be7c9102';
const common = [
  'name',
  'pool',
  'store',
  'btn-store-edit',
  'btn-store-add',
  'action',
  'lines',
  'reason',
  'once',
];

for (const language of languages)
  describe(`the dialog of stock-adjust in ${language}`, () => {
    let runtime: EmbeddedRuntime;
    let editor: Editor;

    before(async () => {
      // As a version saved it that knew neither returns nor moves nor transfers.
      const settings = { action: 'receive', bucket: 'qc', lines: 'payload', linesType: 'msg', once: '' };
      const flows = [
        { id: tab, type: 'tab', label: 'adjust', disabled: false, info: '' },
        { id: store, type: 'hub-store', name: '', path: '', version: 1 },
        {
          ...{ id, type: 'stock-adjust', z: tab, name: '', store, pool: 'main', ...settings },
          ...{ onceType: 'str', reason: 'reason', reasonType: 'msg', version: 1, x: 200, y: 100 },
          wires: [[], []],
        },
      ];
      runtime = await startRuntime({ withPack: true, editor: true, flows });
      editor = await openEditor(runtime.adminUrl, language);
    });
    after(async () => {
      await editor?.close();
      await runtime?.stop();
    });
    afterEach(() => editor?.leaveDialogs());

    it('asks for what the chosen act needs, and for nothing else', async () => {
      const dialog = await editor.openDialog(id);
      const asked = async () =>
        (await dialog.fields())
          .filter(({ id: field, visible }) => visible && field && !common.includes(field))
          .map((field) => field.id);
      for (const [action, fields] of [
        ['receive', ['bucket']],
        ['correct', []],
        ['set', []],
        ['return', ['returnTo']],
        ['move', ['moveFrom', 'moveTo']],
        ['transfer', ['toPool', 'arriveIn']],
      ] as const) {
        await dialog.tray.locator('#node-input-action').selectOption(action);
        assert.deepEqual(await asked(), fields, action);
        if (screenshotFolder)
          await editor.screenshot(join(screenshotFolder, `stock-adjust.${action}.${language}.png`));
      }
    });

    it('marks a move to where it comes from, and a transfer to nowhere or to the same pool', async () => {
      const dialog = await editor.openDialog(id);
      const field = (name: string) => dialog.tray.locator(`#node-input-${name}`);
      const marked = async (name: string) =>
        ((await field(name).getAttribute('class')) ?? '').includes('input-error');
      await field('action').selectOption('move');
      await field('moveTo').selectOption('qc');
      assert.equal(await marked('moveTo'), true);
      await field('moveTo').selectOption('damaged');
      assert.equal(await marked('moveTo'), false);
      await field('action').selectOption('transfer');
      for (const [pool, wrong] of [
        ['main', true],
        ['north', false],
        ['', true],
      ] as const) {
        await field('toPool').fill(pool);
        await field('toPool').blur();
        assert.equal(await marked('toPool'), wrong, `"${pool}"`);
      }
    });

    it('saves a node of the version before with what is usual for the rest', async () => {
      const dialog = await editor.openDialog(id);
      await dialog.tray.locator('#node-input-action').selectOption('return');
      await dialog.accept();
      const { action, bucket, returnTo, moveFrom, moveTo, toPool, arriveIn, version } =
        await editor.savedConfig(id);
      assert.deepEqual(
        { action, bucket, returnTo, moveFrom, moveTo, toPool, arriveIn, version },
        {
          ...{ action: 'return', bucket: 'qc', returnTo: 'qc', moveFrom: 'qc', moveTo: 'available' },
          ...{ toPool: '', arriveIn: 'available', version: 2 },
        },
      );
      assert.deepEqual(editor.problems, []);
    });
  });
