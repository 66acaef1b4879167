import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bound, type Goal, held } from './part.ts';
import { parts } from './parts.ts';
import { markdownTable, times } from './table.ts';

/*
 * What docs/performance.md shows: `npm run bench` measures it all and prints the tables, `npm run bench -- locks million`
 * only those parts, and `--write` puts what was measured into the page. Ratios are within one part of one run; absolute
 * figures depend on the machine.
 */

const page = fileURLToPath(new URL('../docs/performance.md', import.meta.url));

/** Installs what ours is compared with, where it is not there yet. */
function installPeers(): void {
  for (const [folder, proof] of [
    ['peers', 'ioredis'],
    ['peers', 'node-red-node-sqlite'],
    ['peers/medusa', '@medusajs/locking-postgres'],
  ] as const) {
    const path = fileURLToPath(new URL(`./${folder}`, import.meta.url));
    if (existsSync(`${path}/node_modules/${proof}`)) continue;
    console.error(`Installing what is compared with, in bench/${folder} …`);
    execFileSync('npm', ['ci'], { cwd: path, stdio: 'inherit' });
  }
}

function goalTable(goals: readonly Goal[]): string {
  return markdownTable(
    ['what', 'measured', 'held', ''],
    goals.map((goal) => [goal.what, times(goal.is), bound(goal), held(goal) ? 'ok' : '**missed**']),
  );
}

/** Puts a part's text between its marks in the page. */
function write(name: string, text: string): void {
  const before = readFileSync(page, 'utf8');
  const [begin, end] = [`<!-- bench:${name}:begin -->`, `<!-- bench:${name}:end -->`];
  const [start, stop] = [before.indexOf(begin), before.indexOf(end)];
  if (start < 0 || stop < 0) throw new Error(`docs/performance.md has no place for ${name}`);
  writeFileSync(page, `${before.slice(0, start + begin.length)}\n\n${text}\n\n${before.slice(stop)}`);
}

const asked = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const unknown = asked.filter((name) => !parts.some((part) => part.name === name));
if (unknown.length > 0) {
  console.error(
    `No such part: ${unknown.join(', ')}. There are ${parts.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(2);
}
const chosen = parts.filter(({ name }) => asked.length === 0 || asked.includes(name));
if (chosen.some(({ peers }) => peers)) installPeers();
const missed: Goal[] = [];
for (const part of chosen) {
  console.error(`${part.name} …`);
  const { goals, tables } = await part.run();
  const text = [...(goals.length > 0 ? [goalTable(goals)] : []), ...tables].join('\n\n');
  process.stdout.write(`${text}\n\n`);
  if (process.argv.includes('--write')) write(part.name, text);
  missed.push(...goals.filter((goal) => !held(goal)));
}
for (const goal of missed) console.error(`Missed: ${goal.what}: ${times(goal.is)}, held ${bound(goal)}.`);
process.exitCode = missed.length > 0 ? 1 : 0;
