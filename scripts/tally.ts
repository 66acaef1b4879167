import { existsSync, readFileSync } from 'node:fs';
import type { Tally } from './tally-reporter.ts';

/*
 * Adds up what the tally reporter wrote: `node scripts/tally.ts <file> <suites>`. A suite that wrote nothing was
 * cut off before its end, which counts as a failure: tests that did not run have not passed. The tests that failed
 * are named once more here, because the end of a log is what people are shown first.
 */

const [file = '', suites = '0'] = process.argv.slice(2);
const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
const tallies = lines.map((line) => JSON.parse(line) as Tally);
const sum = (pick: (tally: Tally) => number) => tallies.reduce((total, tally) => total + pick(tally), 0);
const cutOff = Math.max(0, Number(suites) - tallies.length);
const failed = sum((tally) => tally.failed) + cutOff;
const pending = sum((tally) => tally.pending);

for (const failure of tallies.flatMap((tally) => tally.failures))
  process.stdout.write(`failed: ${failure}\n`);
if (cutOff > 0) process.stdout.write(`${cutOff} of ${suites} suites did not reach their end\n`);
if (pending > 0) process.stdout.write(`${pending} tests are pending\n`);
process.stdout.write(`${sum((tally) => tally.passed)} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;
