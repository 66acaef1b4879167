import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CensusSheet } from '../../../../core/channel/polling/census/sheet.ts';
import type { PollingTask } from './polling-process.ts';

const program = fileURLToPath(new URL('./polling-process.ts', import.meta.url));

/** What a process that reads tells of itself. */
export interface Told {
  sheet?: { kind: string; watermark: number; fault: unknown; waiting: number; filling: boolean };
  census?: CensusSheet;
}

/** A process that reads a changing shop, or stands by to. */
export class PollingChild {
  readonly sheets: NonNullable<Told['sheet']>[] = [];
  readonly #process: ChildProcess;

  constructor(task: PollingTask) {
    this.#process = fork(program, [JSON.stringify(task)], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    this.#process.on('message', ({ sheet }: Told) => {
      if (sheet) this.sheets.push(sheet);
    });
  }

  /** The first thing told from now on that is wanted. @throws Error when it ends before */
  told(wanted: (told: Told) => boolean): Promise<Told> {
    return new Promise((resolve, reject) => {
      const gone = (code: number | null): void => reject(new Error(`The reader ended with ${code}`));
      const look = (told: Told): void => {
        if (!wanted(told)) return;
        this.#process.off('message', look);
        this.#process.off('exit', gone);
        resolve(told);
      };
      this.#process.on('message', look);
      this.#process.once('exit', gone);
    });
  }

  async count(wanted: (census: CensusSheet) => boolean): Promise<CensusSheet> {
    const counted = this.told(({ census }) => census !== undefined && wanted(census));
    this.#process.send('census');
    return (await counted).census!;
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#process.kill(signal);
  }

  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.kill('SIGKILL');
    await once(this.#process, 'exit');
  }

  /** Ends it in order. */
  async stop(): Promise<void> {
    this.#process.send('stop');
    await once(this.#process, 'exit');
  }
}
