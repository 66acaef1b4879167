import { existsSync, readFileSync } from 'node:fs';

/*
 * Adds up what the tally reporter wrote: `node scripts/tally.ts <file> <suites>`. A suite that wrote nothing was
 * cut off before its end, which counts as a failure: tests that did not run have not passed.
 */

interface Counts {
  passed: number;
  failed: number;
  pending: number;
}

const [file = '', suites = '0'] = process.argv.slice(2);
const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
const counts = lines.map((line) => JSON.parse(line) as Counts);
const sum = (pick: (count: Counts) => number) => counts.reduce((total, count) => total + pick(count), 0);
const cutOff = Math.max(0, Number(suites) - counts.length);
const failed = sum((count) => count.failed) + cutOff;
const pending = sum((count) => count.pending);

if (cutOff > 0) process.stdout.write(`${cutOff} of ${suites} suites did not reach their end\n`);
if (pending > 0) process.stdout.write(`${pending} tests are pending\n`);
process.stdout.write(`${sum((count) => count.passed)} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;
