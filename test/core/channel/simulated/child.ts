import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process that can be killed and started again, and what it tells. */
export class Child<Told extends object, Said extends object> {
  readonly #program: string;
  readonly #task: string;
  #running: ChildProcess | undefined;

  /**
   * @param program its file, from here
   * @param task what it is to do: its one argument, as JSON
   */
  constructor(program: string, task: object) {
    this.#program = fileURLToPath(new URL(program, import.meta.url));
    this.#task = JSON.stringify(task);
  }

  /** The process, started when it does not run. */
  #process(): ChildProcess {
    this.#running ??= fork(this.#program, [this.#task], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    return this.#running;
  }

  say(what: Said): void {
    this.#process().send(what);
  }

  /**
   * The first thing it tells that is wanted.
   *
   * @throws Error when it ends before that
   */
  told<Wanted>(wanted: (told: Told) => Wanted | undefined): Promise<Wanted> {
    const running = this.#process();
    return new Promise((resolve, reject) => {
      const gone = (code: number | null, signal: string | null): void =>
        reject(new Error(`The process ended with ${code ?? signal}`));
      const look = (told: Told): void => {
        const found = wanted(told);
        if (found === undefined) return;
        running.off('message', look);
        running.off('exit', gone);
        resolve(found);
      };
      running.on('message', look);
      running.once('exit', gone);
    });
  }

  /** Kills it where it stands; resolves when it is gone. */
  async kill(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const gone = once(running, 'exit');
    running.kill('SIGKILL');
    await gone;
  }
}
