import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './node-sources.ts';

const run = promisify(execFile);

export interface PackedTarball {
  /** Path of the .tgz. */
  file: string;
  /** Paths of its files inside the package. */
  entries: string[];
  unpackedBytes: number;
  /** Folder it was unpacked into. */
  folder: string;
  /** Text of one of its files. */
  read(entry: string): Promise<string>;
}

/** Makes the tarball that would be published, as npm makes it, and unpacks a copy to look at. */
export async function packTarball(into: string): Promise<PackedTarball> {
  const { stdout } = await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', into], root);
  const [packed] = JSON.parse(stdout) as {
    filename: string;
    unpackedSize: number;
    files: { path: string }[];
  }[];
  const file = join(into, packed!.filename);
  const folder = join(into, 'unpacked');
  await mkdir(folder);
  await run('tar', ['-xzf', file, '-C', folder, '--strip-components=1']);
  return {
    file,
    entries: packed!.files.map(({ path }) => path).sort(),
    unpackedBytes: packed!.unpackedSize,
    folder,
    read: (entry) => readFile(join(folder, entry), 'utf8'),
  };
}

/** Runs npm in a folder, as if nobody had started this process by npm: a script's npm tells its child where "here" is. */
export async function npm(args: string[], cwd: string): Promise<{ stdout: string }> {
  const env = { ...process.env };
  for (const name of Object.keys(env))
    if (/^npm_(?:package_|lifecycle_|config_local_prefix)|^INIT_CWD$/.test(name)) delete env[name];
  return run('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    env,
    maxBuffer: 64 * 1024 * 1024,
  });
}
