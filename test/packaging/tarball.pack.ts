import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { languages } from '../../core/message.ts';
import { readRegistrations } from './editor-registration.ts';
import { type InstalledNodeRed, installInto, nodeRedScript, startNodeRed } from './installed-node-red.ts';
import { nodeTypes, readExamples, readManifest, readNode, root } from './node-sources.ts';
import { type PackedTarball, packTarball } from './packed-tarball.ts';

const { name: pack } = readManifest();
const types = nodeTypes();
const flowTypes = types.filter((type) => readNode(type).category !== 'config');
const chinese = /\p{Script=Han}/u;

let folder: string;
let tarball: PackedTarball;

before('packs the tarball', async () => {
  folder = await mkdtemp(join(tmpdir(), 'order-hub-pack-'));
  tarball = await packTarball(folder);
});

after(() => rm(folder, { recursive: true, force: true }));

describe('the tarball', () => {
  it('holds what is to be read first', () => {
    for (const entry of ['package.json', 'LICENSE', 'README.md', 'README.zh-CN.md', 'CHANGELOG.md'])
      assert.ok(tarball.entries.includes(entry), entry);
  });

  it('holds each node whole', () => {
    for (const type of types) {
      const expected = ['js', 'html'].map((ending) => `${type}.${ending}`);
      for (const language of languages)
        expected.push(`locales/${language}/${type}.json`, `locales/${language}/${type}.html`);
      if (flowTypes.includes(type)) expected.push(`icons/order-hub-${type}.svg`);
      const missing = expected.filter((file) => !tarball.entries.includes(`dist/nodes/${type}/${file}`));
      assert.deepEqual(missing, [], type);
    }
  });

  it('holds the commands it says it has, ready to run', async () => {
    const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
    const { bin } = JSON.parse(manifest) as { bin: Record<string, string> };
    assert.deepEqual(Object.keys(bin), ['order-hub-move']);
    for (const path of Object.values(bin)) {
      assert.ok(tarball.entries.includes(path), path);
      const code = await readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
      assert.match(code, /^#!\/usr\/bin\/env node\n/);
    }
  });

  it('holds the examples and the flows of the hub, and nothing that is not for users', () => {
    const allowed =
      /^(?:dist\/(?:core|nodes|commands)\/.+\.(?:js|d\.ts|html|json|svg)|examples\/.+\.json|flows\/order-hub\.json|[A-Z]+(?:\.zh-CN)?(?:\.md)?|package\.json)$/;
    assert.deepEqual(
      tarball.entries.filter((entry) => !allowed.test(entry)),
      [],
    );
    assert.ok(tarball.entries.includes('flows/order-hub.json'));
    for (const file of readExamples().keys()) assert.ok(tarball.entries.includes(`examples/${file}`), file);
  });

  it('tells nothing of the machine it was built on, and no secret', async () => {
    const places = [root, folder, homedir()]
      .map((path) => path.replace(/\/$/, ''))
      .filter((path) => path.length > 4);
    const revealing: [what: string, pattern: RegExp][] = [
      ['a path of this machine', new RegExp(places.map((path) => path.replace(/\W/g, '\\$&')).join('|'))],
      ['a home directory', /(?<![\w.])\/(?:home|Users|root)\/[\w.-]+/],
      ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
      ['a token', /\b(?:npm_[A-Za-z0-9]{36}|gh[pousr]_[A-Za-z0-9]{36}|AKIA[A-Z0-9]{16}|_authToken)\b/],
    ];
    const user = userInfo().username;
    if (user !== 'root' && user.length > 3) revealing.push(['a user name', new RegExp(`\\b${user}\\b`)]);
    for (const entry of tarball.entries) {
      const text = await tarball.read(entry);
      for (const [what, pattern] of revealing)
        assert.doesNotMatch(text, pattern, `${entry} shows ${what}: ${pattern.exec(text)?.[0]}`);
    }
  });

  it('registers its nodes in the form that the flow library can read', async () => {
    for (const type of types) {
      const registrations = readRegistrations(await tarball.read(`dist/nodes/${type}/${type}.html`));
      assert.deepEqual(
        registrations.map((registration) => registration.type),
        [type],
      );
      const { category, color, icon, inputs, outputs, defaults } = registrations[0]!;
      assert.ok(defaults && defaults.length > 0, `${type}: defaults are written in place`);
      for (const setting of defaults) {
        assert.ok(setting.length > 1, `${type}: the setting ${setting} has a one-letter name`);
        assert.ok(
          !['id', 'type', 'wires', 'inputs'].includes(setting),
          `${type}: ${setting} is Node-RED's own`,
        );
      }
      if (category === 'config') continue;
      assert.equal(category, 'order hub', type);
      assert.match(color ?? '', /^#[0-9A-Fa-f]{6}$/, type);
      assert.equal(icon, `order-hub-${type}.svg`);
      assert.ok(inputs === 0 || inputs === 1, type);
      assert.ok(Number.isInteger(outputs), type);
    }
  });
});

for (const version of ['5.0.7', '4.1.15'])
  describe(`the tarball in Node-RED ${version}`, () => {
    let nodeRed: InstalledNodeRed;

    before('installs it into an empty user directory and starts Node-RED', async () => {
      const script = await nodeRedScript(version);
      const userDir = join(folder, `user-${version}`);
      await installInto(userDir, tarball.file);
      nodeRed = await startNodeRed(script, userDir);
    });
    after(() => nodeRed?.stop());

    it('is the version asked for', () => {
      assert.ok(nodeRed.log.some((line) => line.includes(`Node-RED version: v${version}`)));
    });

    it('starts without an error, and without a warning but those of every new Node-RED', () => {
      assert.deepEqual(nodeRed.errors(), []);
      const usual = /Projects disabled|Encrypted credentials not found|\[warn\] -+$/;
      assert.deepEqual(
        nodeRed.log.filter((line) => line.includes('[warn]') && !usual.test(line)),
        [],
      );
    });

    it('loads every node, enabled', async () => {
      const answer = await nodeRed.get('nodes', { accept: 'application/json' });
      const sets = (
        (await answer.json()) as {
          module: string;
          name: string;
          types: string[];
          enabled: boolean;
          err?: string;
        }[]
      ).filter(({ module }) => module === pack);
      assert.deepEqual(sets.map(({ name }) => name).sort(), types);
      for (const { name, types: registered, enabled, err } of sets) {
        assert.equal(err, undefined, name);
        assert.equal(enabled, true, name);
        assert.deepEqual(registered, [name]);
      }
    });

    for (const language of languages) {
      it(`serves every dialog with its help in ${language}`, async () => {
        for (const type of types) {
          const answer = await nodeRed.get(`nodes/${pack}/${type}`, {
            accept: 'text/html',
            'accept-language': language,
          });
          assert.equal(answer.status, 200, type);
          const html = await answer.text();
          assert.ok(html.includes(`data-template-name="${type}"`), type);
          const help = new RegExp(`data-help-name="${type}"[^>]*>([\\s\\S]*?)</script>`).exec(html)?.[1];
          assert.ok(help, `${type} has no help`);
          assert.equal(chinese.test(help), language === 'zh-CN', `the help of ${type}`);
        }
      });

      it(`serves every text in ${language}`, async () => {
        for (const type of types) {
          const answer = await nodeRed.get(`locales/${pack}/${type}?lng=${language}`);
          const served = flatten(await answer.json());
          assert.deepEqual(served, Object.fromEntries(readNode(type).texts(language)), type);
        }
      });
    }

    it('serves every icon', async () => {
      const listed = (await (await nodeRed.get('icons')).json()) as Record<string, string[]>;
      assert.deepEqual(
        (listed[pack] ?? []).toSorted(),
        flowTypes.map((type) => `order-hub-${type}.svg`),
      );
      for (const type of flowTypes) {
        const answer = await nodeRed.get(`icons/${pack}/order-hub-${type}.svg`);
        assert.match(answer.headers.get('content-type') ?? '', /svg/, type);
        assert.match(await answer.text(), /<svg[\s\S]*viewBox="0 0 40 60"/, type);
      }
    });

    it('lists every example for import', async () => {
      const listed = (await (await nodeRed.get(`library/examples/flows/${pack}`)).json()) as (
        | string
        | { fn: string }
      )[];
      const files = listed
        .filter((entry) => typeof entry !== 'string')
        .map(({ fn }) => fn.replace(/\.json$/, ''));
      assert.deepEqual(
        files.sort(),
        [...readExamples().keys()].map((file) => file.replace(/\.json$/, '')).sort(),
      );
    });

    for (const [file, example] of readExamples()) {
      const name = file.replace(/\.json$/, '');
      it(`imports and runs the example ${name}`, async () => {
        const answer = await nodeRed.get(`library/examples/flows/${pack}/${name}`);
        assert.equal(answer.status, 200);
        const served = (await answer.json()) as object[];
        assert.deepEqual(served, example);
        const before = nodeRed.errors().length;
        await nodeRed.deploy(served);
        for (const line of nodeRed.errors().slice(before)) console.error(`      logged: ${line}`);
        assert.ok(!nodeRed.errors().some((line) => line.includes('Uncaught Exception')));
      });
    }
  });

function flatten(tree: unknown, prefix = ''): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(tree as object).flatMap(([key, value]) =>
      typeof value === 'object'
        ? Object.entries(flatten(value, `${prefix}${key}.`))
        : [[prefix + key, value]],
    ),
  );
}
