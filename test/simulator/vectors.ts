import { readFileSync } from 'node:fs';

/** One test vector of a signature, as the documentation publishes it or as it was computed twice. */
export interface Vector {
  id: string;
  inputs: Record<string, string> & { params?: Record<string, string> };
  stringToSign: string;
  expected: string;
}

const vectors = JSON.parse(
  readFileSync(new URL('../core/channel/vectors.json', import.meta.url), 'utf8'),
) as Vector[];

/** @throws Error when there is none of this name */
export function vector(id: string): Vector {
  const found = vectors.find((one) => one.id === id);
  if (!found) throw new Error(`There is no vector ${id}.`);
  return found;
}
