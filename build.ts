import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/*
 * Builds dist/ as Node-RED expects a pack: for each node the script, beside it the editor's html, the catalogues
 * and help in locales/<language>/, and the icon in icons/.
 */

const root = import.meta.dirname;
const out = join(root, 'dist');
const languages = ['en-US', 'zh-CN'];

// What does not compile must not take the last build away.
compile('--noEmit');
rmSync(out, { recursive: true, force: true });
compile();
for (const entry of readdirSync(join(root, 'nodes'), { withFileTypes: true })) {
  if (entry.isDirectory() && existsSync(join(root, 'nodes', entry.name, `${entry.name}.ts`)))
    buildNode(entry.name);
}

function compile(...options: string[]): void {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', ...options], {
    cwd: root,
    stdio: 'inherit',
  });
}

function buildNode(type: string): void {
  const source = join(root, 'nodes', type);
  const target = join(out, 'nodes', type);
  writeFileSync(join(target, `${type}.html`), editorHtml(source, type));
  for (const language of languages) {
    const folder = join(target, 'locales', language);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${type}.json`), JSON.stringify(catalogue(source, type, language)));
    const help = readFileSync(join(source, 'locales', language, `${type}.html`), 'utf8');
    writeFileSync(
      join(folder, `${type}.html`),
      `<script type="text/html" data-help-name="${type}">\n${help}</script>\n`,
    );
  }
  const icon = join(root, 'icons', `${type}.svg`);
  if (existsSync(icon)) {
    mkdirSync(join(target, 'icons'), { recursive: true });
    cpSync(icon, join(target, 'icons', `order-hub-${type}.svg`));
  }
}

/** The dialog's form and its code, bundled: Node-RED puts this text into the editor's page. */
function editorHtml(source: string, type: string): string {
  const bundle = buildSync({
    entryPoints: [join(source, `${type}.editor.ts`)],
    bundle: true,
    write: false,
    format: 'iife',
    charset: 'utf8',
    target: 'es2020',
  });
  const form = withSharedRows(readFileSync(join(source, `${type}.html`), 'utf8'), type);
  return `<script type="text/javascript">\n${bundle.outputFiles[0]!.text}</script>\n\n<script type="text/html" data-template-name="${type}">\n${form}</script>\n`;
}

/** A form with the rows that many dialogs have: `<!-- row: store -->` stands for nodes/shared/rows/store.html. */
function withSharedRows(form: string, type: string): string {
  return form.replace(/^<!-- row: ([a-z-]+) -->\n/gm, (_, row: string) =>
    readFileSync(join(root, 'nodes/shared/rows', `${row}.html`), 'utf8').replaceAll('TYPE', type),
  );
}

/** A node's texts with those every node has; Node-RED looks each up in the node's own catalogue only. */
function catalogue(source: string, type: string, language: string): object {
  const own = JSON.parse(readFileSync(join(source, 'locales', language, `${type}.json`), 'utf8')) as object;
  const shared = JSON.parse(
    readFileSync(join(root, 'nodes/shared/locales', `${language}.json`), 'utf8'),
  ) as object;
  return { ...shared, ...own };
}
