import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { HubError } from '../../core/errors.ts';
import './messages.ts';
import { checkout } from './place.ts';

interface Manifest {
  engines: { node: string };
  'node-red': { nodes: Record<string, string> };
}

/** What the hub cannot run without and does not find, if anything. */
export async function missingParts(): Promise<HubError | undefined> {
  const manifest = JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8')) as Manifest;
  const wanted = manifest.engines.node;
  if (!isAtLeast(process.versions.node, wanted))
    return new HubError('start.node-too-old', { found: process.versions.node, wanted });
  const require = createRequire(import.meta.url);
  for (const what of ['node-red', '@flowfuse/node-red-dashboard', 'better-sqlite3']) {
    try {
      require.resolve(`${what}/package.json`);
    } catch {
      return new HubError('start.not-installed', { what });
    }
  }
  const file = Object.values(manifest['node-red'].nodes).find((path) => !existsSync(join(checkout, path)));
  return file === undefined ? undefined : new HubError('start.not-built', { file });
}

/** Compares a version with a range of the form `>=22.12`. */
function isAtLeast(found: string, range: string): boolean {
  const have = found.split('.').map(Number);
  const need = range.replace(/^>=/, '').split('.').map(Number);
  for (const [index, part] of need.entries()) {
    if ((have[index] ?? 0) !== part) return (have[index] ?? 0) > part;
  }
  return true;
}
