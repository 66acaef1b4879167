import { createRequire } from 'node:module';

function requireIn(folder: string) {
  return createRequire(new URL(`./peers/${folder && `${folder}/`}package.json`, import.meta.url));
}

/** A package to compare with; `bench/peers` (or the folder in it) has it installed, the project does not. */
export function peer<T>(name: string, folder = ''): T {
  return requireIn(folder)(name) as T;
}

/** Where such a package is. */
export function peerPath(name: string, folder = ''): string {
  return requireIn(folder).resolve(name);
}
