import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readNode } from '../packaging/node-sources.ts';
import { type Editor, openEditor } from '../support/editor.ts';
import type { EmbeddedRuntime } from '../support/embedded-runtime.ts';
import {
  flowTypes,
  idOf,
  languages,
  screenshotFolder,
  startWithEveryNode,
  types,
  untranslated,
} from './every-node.ts';

const categoryName = { 'en-US': 'order hub', 'zh-CN': '订单中枢' };

describe('the palette', () => {
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

      it('has one category for the pack, named in the language', async () => {
        const header = editor.page.locator('#red-ui-palette-header-order_hub');
        assert.equal(await header.textContent(), categoryName[language]);
      });

      it('has every node in it, with a name and an icon', async () => {
        const nodes = editor.page.locator('#red-ui-palette-container-order_hub .red-ui-palette-node');
        const found = await nodes.evaluateAll((elements) =>
          (elements as unknown as { getAttribute(name: string): string }[]).map((element) =>
            element.getAttribute('data-palette-type'),
          ),
        );
        assert.deepEqual(found.sort(), [...flowTypes]);
        for (const type of flowTypes) {
          const node = editor.page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`);
          const label = ((await node.locator('.red-ui-palette-label').textContent()) ?? '').trim();
          assert.notEqual(label, '', type);
          assert.doesNotMatch(label, untranslated, type);
          const image = await node.locator('.red-ui-palette-icon').getAttribute('style');
          assert.ok(image?.includes(`order-hub-${type}.svg`), `${type}: ${image}`);
        }
      });

      it('names the nodes and their outputs on the canvas', async () => {
        for (const type of flowTypes) {
          const [label = '', ...outputs] = await editor.labelsOf(idOf(type));
          assert.notEqual(label.trim(), '', type);
          assert.doesNotMatch(label, untranslated, type);
          assert.equal(/\p{Script=Han}/u.test(label), language === 'zh-CN', `${type} is named ${label}`);
          for (const output of outputs) {
            // a single output needs no name to be told from others
            if (outputs.length > 1) assert.notEqual(output.trim(), '', `an output of ${type} has no name`);
            assert.doesNotMatch(output, untranslated, type);
          }
        }
      });

      it('explains a node in the language when asked for help', async () => {
        for (const type of types) {
          await editor.page.evaluate(
            (wanted) => (globalThis as unknown as { RED: HelpSidebar }).RED.sidebar.help.show(wanted, true),
            type,
          );
          const help = editor.page.locator('.red-ui-help h1.red-ui-help-title, .red-ui-help');
          const text = (await help.last().textContent()) ?? '';
          const purpose = /<p>([\s\S]*?)<\/p>/.exec(readNode(type).help(language))?.[1] ?? '';
          const plain = purpose
            .replace(/<[^>]+>/g, '')
            .replace(/&\w+;/g, '')
            .replace(/\s+/g, '');
          assert.ok(text.replace(/\s+/g, '').includes(plain.slice(0, 24)), `${type}: ${text.slice(0, 80)}`);
        }
      });

      it('comes without an error on the console', async () => {
        if (screenshotFolder) {
          await editor.page
            .locator('#red-ui-palette-header-order_hub')
            .evaluate((element) => (element as unknown as Scrollable).scrollIntoView({ block: 'start' }));
          await editor.screenshot(join(screenshotFolder, `palette.${language}.png`));
        }
        assert.deepEqual(editor.problems, []);
      });
    });
});

interface HelpSidebar {
  sidebar: { help: { show(type: string, bringToFront: boolean): void } };
}

interface Scrollable {
  scrollIntoView(where: { block: 'start' }): void;
}
