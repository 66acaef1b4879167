import assert from 'node:assert/strict';
import { type Editor, openEditor } from '../support/editor.ts';
import { type EmbeddedRuntime, startRuntime } from '../support/embedded-runtime.ts';

const id = 'c4d81f06be7b9100';

describe('the dialog of hub-store', () => {
  let runtime: EmbeddedRuntime;
  let editor: Editor;

  before(async () => {
    // As a version saved it that knew files only.
    const flows = [{ id, type: 'hub-store', name: '', path: '', version: 1 }];
    runtime = await startRuntime({ withPack: true, editor: true, flows });
    editor = await openEditor(runtime.adminUrl, 'en-US');
  });
  after(async () => {
    await editor?.close();
    await runtime?.stop();
  });
  afterEach(() => editor?.leaveDialogs());

  it('asks for what the chosen kind of store needs, and for nothing else', async () => {
    const dialog = await editor.openDialog(id);
    const asked = async () =>
      (await dialog.fields())
        .filter(({ visible }) => visible)
        .map((field) => field.id)
        .filter((field) => !['name', 'kind'].includes(field));
    assert.deepEqual(await asked(), ['path']);
    const kind = dialog.tray.locator('#node-config-input-kind');
    await kind.selectOption('postgres');
    assert.deepEqual(await asked(), ['host', 'port', 'database', 'user', 'password', 'tls', 'schema']);
    await kind.selectOption('postgres-url');
    assert.deepEqual(await asked(), ['url', 'schema']);
    await kind.selectOption('sqlite');
    assert.deepEqual(await asked(), ['path']);
  });

  it('marks what is missing only for the kind that is chosen, and keeps secrets out of what is saved', async () => {
    const dialog = await editor.openDialog(id);
    const database = dialog.tray.locator('#node-config-input-database');
    const marked = async () => ((await database.getAttribute('class')) ?? '').includes('input-error');
    await dialog.tray.locator('#node-config-input-kind').selectOption('postgres');
    assert.equal(await marked(), true);
    await database.fill('shop');
    await database.blur();
    assert.equal(await marked(), false);
    await dialog.tray.locator('#node-config-input-user').fill('hub');
    await dialog.tray.locator('#node-config-input-password').fill('s3cret');
    await dialog.accept();
    const saved = await editor.savedConfig(id);
    const { kind, user, version } = saved;
    assert.deepEqual(
      { kind, database: saved.database, user, version },
      {
        kind: 'postgres',
        database: 'shop',
        user: 'hub',
        version: 2,
      },
    );
    assert.ok(!('password' in saved) && !('url' in saved));
    assert.deepEqual(editor.problems, []);
  });
});
