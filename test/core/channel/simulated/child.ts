import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { awaited } from '../../../support/awaited.ts';

/** A process that can be killed and started again, and what it tells. */
export class Child<Told extends object, Said extends object> {
  readonly #program: string;
  readonly #task: string;
  readonly #hear: (told: Told) => void;
  #running: ChildProcess | undefined;

  /**
   * @param program its file, from here
   * @param task what it is to do: its one argument, as JSON
   * @param hear all that it tells
   */
  constructor(program: string, task: object, hear: (told: Told) => void = () => undefined) {
    this.#hear = hear;
    this.#program = fileURLToPath(new URL(program, import.meta.url));
    this.#task = JSON.stringify(task);
  }

  /** The process, started when it does not run. */
  #process(): ChildProcess {
    if (!this.#running) {
      this.#running = fork(this.#program, [this.#task], {
        execArgv: ['--disable-warning=ExperimentalWarning'],
      });
      this.#running.on('message', this.#hear);
    }
    return this.#running;
  }

  say(what: Said): void {
    this.#process().send(what);
  }

  /**
   * The first thing it tells that is wanted.
   *
   * @param what for the error, such as "the start"
   * @throws Error when it ends before that, or does not tell it in time
   */
  told<Wanted>(what: string, wanted: (told: Told) => Wanted | undefined, ms?: number): Promise<Wanted> {
    const running = this.#process();
    const told = new Promise<Wanted>((resolve, reject) => {
      const gone = (code: number | null, signal: string | null): void =>
        reject(new Error(`The process ended with ${code ?? signal} before ${what}`));
      if (running.exitCode !== null || running.signalCode !== null)
        gone(running.exitCode, running.signalCode);
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
    return awaited(what, told, ms);
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
