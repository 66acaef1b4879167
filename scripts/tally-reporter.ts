import { appendFileSync } from 'node:fs';
import { relative } from 'node:path';
import { type MochaOptions, type Runner, reporters } from 'mocha';

/** What one run of Mocha came to, as the tally reporter writes it, one line of JSON a run. */
export interface Tally {
  passed: number;
  failed: number;
  pending: number;
  /** Each test that failed in a line: its file, its name, and how its error begins. */
  failures: string[];
}

/** Characters of an error that tell what was wrong; the list above the tally has all of it. */
const LONGEST_REASON = 300;

/** Mocha's own list of tests; afterwards the tally is added to the file ORDER_HUB_TALLY names. */
export default class TallyReporter extends reporters.Spec {
  constructor(runner: Runner, options?: MochaOptions) {
    super(runner, options);
    const file = process.env.ORDER_HUB_TALLY;
    if (!file) throw new Error('ORDER_HUB_TALLY names no file to write the counts to.');
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      const tally: Tally = {
        passed: passes,
        failed: failures,
        pending,
        failures: this.failures.map(inOneLine),
      };
      appendFileSync(file, `${JSON.stringify(tally)}\n`);
    });
  }
}

function inOneLine(test: Mocha.Runnable): string {
  const { err } = test as Mocha.Runnable & { err?: Error };
  const why = (err?.message || String(err ?? 'no error was given')).replace(/\s+/g, ' ').trim();
  const where = test.file ? `${relative(process.cwd(), test.file)}: ` : '';
  return `${where}${test.fullTitle()}: ${why.slice(0, LONGEST_REASON)}`;
}
