import { appendFileSync } from 'node:fs';
import { type MochaOptions, type Runner, reporters } from 'mocha';

/** Mocha's own list of tests; afterwards the counts are added as one line of JSON to the file ORDER_HUB_TALLY names. */
export default class TallyReporter extends reporters.Spec {
  constructor(runner: Runner, options?: MochaOptions) {
    super(runner, options);
    const file = process.env.ORDER_HUB_TALLY;
    if (!file) throw new Error('ORDER_HUB_TALLY names no file to write the counts to.');
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      appendFileSync(file, `${JSON.stringify({ passed: passes, failed: failures, pending })}\n`);
    });
  }
}
