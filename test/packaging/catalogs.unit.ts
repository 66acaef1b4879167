import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allMessages, languages } from '../../core/message.ts';
import {
  type Catalogue,
  iconExists,
  keysInCode,
  keysInMarkup,
  keysNamed,
  missingKeys,
  type NodeSources,
  nodeTypes,
  readManifest,
  readNode,
  root,
  sharedTexts,
  statusKeysInCode,
} from './node-sources.ts';

const chinese = /\p{Script=Han}/u;
/** Two ordinary English words in a row; names such as "Order Hub" or "WooCommerce API" are no sentence. */
const englishSentence = /\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b/;

/** English may name a thing in Chinese (a unit, a platform), but is mostly not. */
function isMostlyChinese(text: string): boolean {
  const count = (script: RegExp) => text.match(script)?.length ?? 0;
  return count(/\p{Script=Han}/gu) * 2 > count(/\p{Script=Latin}/gu);
}

function assertSameTexts(english: Catalogue, chineseTexts: Catalogue): void {
  assert.deepEqual([...chineseTexts.keys()].sort(), [...english.keys()].sort());
  for (const [key, text] of english) {
    const translated = chineseTexts.get(key) ?? '';
    assert.notEqual(text.trim(), '', `${key} is empty in en-US`);
    assert.notEqual(translated.trim(), '', `${key} is empty in zh-CN`);
    assert.ok(!isMostlyChinese(text), `${key} is Chinese in en-US`);
    if (!chinese.test(translated))
      assert.doesNotMatch(translated, englishSentence, `${key} is English in zh-CN`);
    assert.deepEqual(placeholders(translated, /__\w+?__/g), placeholders(text, /__\w+?__/g), key);
  }
}

function placeholders(text: string, pattern: RegExp): string[] {
  return [...new Set(text.match(pattern))].sort();
}

/** The first tag that is closed without being open, or left open. */
function unbalancedTag(markup: string): string | undefined {
  const open: string[] = [];
  for (const [, end, name = '', self] of markup.matchAll(
    /<(\/?)([a-z][a-z0-9-]*)(?:"[^"]*"|'[^']*'|[^>"'])*?(\/?)>/gi,
  )) {
    if (self || /^(?:input|br|hr|img|col|wbr)$/i.test(name)) continue;
    if (!end) open.push(name);
    else if (open.pop() !== name) return `</${name}>`;
  }
  return open.length > 0 ? `<${open.at(-1)}>` : undefined;
}

const termsOf = (help: string): string[] =>
  [...help.matchAll(/<dt[^>]*>\s*([^<]*)/g)].map(([, term = '']) => term.trim());

describe('the texts every node shares', () => {
  it('are the same in both languages', () => assertSameTexts(sharedTexts('en-US'), sharedTexts('zh-CN')));

  it('have every key that shared code shows', () => {
    const codeIn = (pattern: string) =>
      globSync(pattern, { cwd: root })
        .map((file) => readFileSync(join(root, file), 'utf8'))
        .join('\n');
    const dialogs = codeIn('nodes/shared/editor/**/*.ts');
    const runtime = codeIn('nodes/shared/*.ts');
    const keys = [...keysInMarkup(dialogs), ...keysNamed(dialogs, ['hub']), ...statusKeysInCode(runtime)];
    for (const language of languages)
      assert.deepEqual(missingKeys(keys, sharedTexts(language)), [], language);
  });
});

for (const type of nodeTypes())
  describe(`the texts of ${type}`, () => {
    let node: NodeSources;
    before('has all its files', () => {
      node = readNode(type);
    });

    it('are the same in both languages', () => assertSameTexts(node.own('en-US'), node.own('zh-CN')));

    it('are under its own name', () => {
      const foreign = [...node.own('en-US').keys()].filter((key) => !key.startsWith(`${type}.`));
      assert.deepEqual(foreign, []);
    });

    for (const language of languages) {
      it(`have what its dialog shows, in ${language}`, () => {
        const { form, dialogCode, texts } = node;
        const keys = [
          ...keysInMarkup(form + dialogCode),
          ...keysInCode(dialogCode),
          ...keysNamed(dialogCode, [type, 'hub']),
        ];
        assert.deepEqual(missingKeys(keys, texts(language)), []);
      });

      it(`have every status it shows, in ${language}`, () => {
        const { code, texts } = node;
        assert.deepEqual(missingKeys(statusKeysInCode(code), texts(language)), []);
      });

      it(`begin its help with what it is for, in ${language}`, () => {
        const help = node.help(language);
        const purpose = /^\s*<p>([\s\S]*?)<\/p>/.exec(help)?.[1]?.replace(/<[^>]+>/g, '') ?? '';
        assert.ok(purpose.trim().length > 10, 'the first paragraph is the tooltip in the palette');
        assert.equal(chinese.test(help), language === 'zh-CN');
        assert.equal(unbalancedTag(help), undefined);
      });
    }

    it('say the same in the help of both languages', () => {
      assert.deepEqual(termsOf(node.help('zh-CN')).length, termsOf(node.help('en-US')).length);
      const headings = (help: string) => help.match(/<h3/g)?.length ?? 0;
      assert.equal(headings(node.help('zh-CN')), headings(node.help('en-US')));
    });

    it('has a form without words of its own and without a tag left open', () => {
      const { form } = node;
      assert.equal(unbalancedTag(form), undefined);
      const words = form.replace(/<(style|script)[\s\S]*?<\/\1>/g, '').replace(/<[^>]*>/g, ' ');
      assert.doesNotMatch(words, /\p{L}{3,}/u, 'texts belong into the catalogues');
    });

    it('has an editor definition of the same version as the runtime', () => {
      const { editor, runtime } = node;
      const inEditor = /version: \{ value: (\d+) \}/.exec(editor)?.[1];
      assert.ok(inEditor, 'the defaults have version: { value: n }');
      assert.equal(/^ {2}version: (\d+),$/m.exec(runtime)?.[1], inEditor);
    });

    it('is registered under the name of its folder', () => {
      assert.match(node.editor, new RegExp(`RED\\.nodes\\.registerType(?:<[^(]*>)?\\('${type}', \\{`));
      assert.match(node.runtime, new RegExp(`type: '${type}'`));
    });

    it('has its icon, unless it is never seen in a flow', () => {
      const { category, editor } = node;
      if (category === 'config') return;
      assert.equal(category, 'order hub');
      assert.match(editor, new RegExp(`icon: 'order-hub-${type}\\.svg'`));
      assert.ok(iconExists(type), `icons/${type}.svg`);
    });

    it('is listed in package.json', () => {
      assert.equal(readManifest()['node-red'].nodes[type], `dist/nodes/${type}/${type}.js`);
    });
  });

describe('the sentences of core and nodes', () => {
  before(async () => {
    for (const file of globSync('{core,nodes}/**/*.ts', { cwd: root })) {
      const path = join(root, file);
      if (/^export const \w+ = defineMessages\(/m.test(readFileSync(path, 'utf8'))) await import(path);
    }
  });

  it('are there', () => assert.ok(Object.keys(allMessages()).length > 20));

  it('exist in both languages, with the same values in them', () => {
    for (const [code, texts] of Object.entries(allMessages())) {
      assert.match(code, /^[a-z-]+\.[a-z0-9.-]+$/, code);
      for (const language of languages) assert.ok(texts[language]?.trim(), `${code} in ${language}`);
      assert.deepEqual(
        placeholders(texts['zh-CN'], /\{\w+\}/g),
        placeholders(texts['en-US'], /\{\w+\}/g),
        code,
      );
      assert.ok(!isMostlyChinese(texts['en-US']), `${code} is Chinese in en-US`);
      assert.match(texts['zh-CN'], chinese, `${code} is not Chinese in zh-CN`);
    }
  });

  it('has one for every code that is thrown', () => {
    const thrown = globSync('{core,nodes}/**/*.ts', { cwd: root }).flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/new HubError\(\s*'([^']+)'/g)].map(([, code]) => ({
        file,
        code: code!,
      })),
    );
    assert.ok(thrown.length > 5);
    const unknown = thrown.filter(({ code }) => !(code in allMessages()));
    assert.deepEqual(unknown, []);
  });
});
