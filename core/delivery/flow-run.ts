import type { MessageParams } from '../message.ts';

/** When a run is over: once nothing it caused is left, or only when an order-done node says so. */
export type FlowMode = 'settled' | 'order-done';

export interface FlowRunOptions {
  /** Ends the run in any case after this many milliseconds. */
  deadlineMs: number;
  /**
   * How long, in milliseconds, nothing may happen before the run counts as settled, where a node on the way may send
   * after it is done.
   */
  quietMs: number;
  mode: FlowMode;
}

/** An error that a node reported and no catch node took, or a failure that a node declared. */
export interface TrackedError {
  /** Empty when it is not known which node it was. */
  nodeId: string;
  nodeType: string;
  message: string;
  /** The code of a HubError. */
  code?: string;
  /** The values in a HubError's sentence. */
  params?: MessageParams;
  /** What a HubError says about trying again; undefined for errors of others, which say nothing. */
  retryable?: boolean;
  /** True for a failure that a node declared; false or absent for an error that just happened. */
  declared?: boolean;
}

export interface OpenNode {
  id: string;
  type: string;
  name?: string;
}

/** How a run ended, and what is known about it. */
export interface FlowOutcome {
  /**
   * - `settled`: everything the message caused has finished
   * - `ended`: an order-done node said so
   * - `deadline`: the time was up first
   * - `cancelled`: the tracker was stopped first
   */
  state: 'settled' | 'deadline' | 'ended' | 'cancelled';
  /**
   * Declared failures and uncaught errors, at most {@link maxErrors} of each. For `ended` no uncaught errors:
   * the order-done node has the last word on whether the message was dealt with.
   */
  errors: TrackedError[];
  /** At a deadline or cancellation: nodes that were given a message and have not said that they are done. */
  openNodes: OpenNode[];
  /** Types of nodes on the way that cannot say when they are done, so that work of theirs may go unseen. */
  legacyNodes: string[];
  /** How often work turned up again after all had seemed finished. More than 0: the quiet period is needed. */
  reopened: number;
}

/** What is read of a Node-RED node. */
export interface FlowNode {
  id: string;
  type: string;
  name?: string;
  /** For a node inside a subflow instance: its id in the subflow's template, which is what the editor shows. */
  _alias?: string;
  /** The ids of its tab, of the subflow instances it is in and its own, from the outside in, with slashes. */
  _path?: string;
  /** How many input handlers take a `done` callback. 0: the node never reports that it is done. */
  _expectedDoneCount?: number;
}

/** A node at work on a message of a run. Visits of one message object form a list. */
export interface Visit {
  readonly run: FlowRun;
  readonly node: FlowNode;
  next: Visit | undefined;
}

/** What a deploy is about to stop. */
export interface Stopping {
  /** Ids of nodes, or of the tabs or subflow instances they are in; undefined for all nodes. */
  readonly nodes: ReadonlySet<string> | undefined;
  /** Makes the failure of a run that has lost something at a node, if it is known which. */
  describe(node: OpenNode | undefined): TrackedError;
}

export function isStopped({ nodes }: Stopping, node: FlowNode): boolean {
  return !nodes || nodes.has(node.id) || (node._path?.split('/').some((id) => nodes.has(id)) ?? false);
}

/** A flow that fails in a loop must not fill the memory. */
export const maxErrors = 50;

/** One message sent by a source and everything it caused: a count of what is under way, and its end. */
export class FlowRun {
  /** Message ids that belong to this run. */
  readonly ids = new Set<string>();
  over = false;

  readonly #mode: FlowMode;
  readonly #quietMs: number;
  readonly #onEnd: (outcome: FlowOutcome) => void;
  readonly #deadline: NodeJS.Timeout;
  readonly #visits = new Set<Visit>();
  readonly #legacyTypes = new Set<string>();
  #failures: TrackedError[] = [];
  #errors: TrackedError[] = [];
  #pending = 0;
  #wasIdle = false;
  /** Whether a node was on the way that may still send something after it is done. */
  #mayGoOn = false;
  #reopened = 0;
  #wasInterrupted = false;
  #quiet: NodeJS.Timeout | undefined;

  constructor(options: FlowRunOptions, onEnd: (outcome: FlowOutcome) => void) {
    this.#mode = options.mode;
    this.#quietMs = options.quietMs;
    this.#onEnd = onEnd;
    this.#deadline = setTimeout(() => this.end('deadline'), options.deadlineMs);
    // waiting for a flow must not keep a process alive that has nothing else to do
    this.#deadline.unref();
  }

  /** Something more is under way: a message was sent, or a node was called. */
  raise(): void {
    if (this.#pending++ > 0 || !this.#wasIdle) return;
    this.#reopened++;
    clearTimeout(this.#quiet);
  }

  /** Something that was under way has finished. */
  lower(): void {
    if (--this.#pending > 0 || this.#mode !== 'settled') return;
    // catch and complete nodes are called right after the node before them has finished, in the same turn
    setImmediate(confirmIdle, this);
  }

  /**
   * @internal Nothing was under way one turn after the count reached zero: it is over when no node on the way sends
   * anything after it is done; for others the quiet period starts.
   */
  confirmIdle(): void {
    if (this.#pending > 0 || this.over) return;
    if (!this.#mayGoOn && this.#reopened === 0) {
      this.end('settled');
      return;
    }
    this.#wasIdle = true;
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => this.end('settled'), this.#quietMs);
  }

  /**
   * A node begins to work on a message that is counted already.
   *
   * @param isPrompt whether the node sends nothing after it is done
   */
  enter(node: FlowNode, next: Visit | undefined, isPrompt: boolean): Visit {
    if (!isPrompt) this.#mayGoOn = true;
    const visit: Visit = { run: this, node, next };
    this.#visits.add(visit);
    return visit;
  }

  /** The node of a visit is done with its message. */
  leave(visit: Visit): void {
    if (this.#visits.delete(visit)) this.lower();
  }

  isOpenAt(nodeId: string): boolean {
    for (const { node } of this.#visits) if (node.id === nodeId) return true;
    return false;
  }

  addLegacyType(type: string): void {
    this.#legacyTypes.add(type);
  }

  /** A node declares that the message failed, whatever the rest of the flow does. */
  addFailure(failure: TrackedError): void {
    if (this.#failures.length < maxErrors) this.#failures.push({ ...failure, declared: true });
  }

  /**
   * Nodes are about to be stopped by a deploy. One that is at work may drop its message and still say that it
   * is done, so the run can no longer count as a success; or never say so, so the run waits for it no longer.
   */
  interrupt(stopping: Stopping): void {
    const held = this.#mode === 'order-done' && stopping.nodes === undefined;
    if (this.#pending === 0 && !held) return;
    const caught = [...this.#visits].filter(({ node }) => isStopped(stopping, node));
    if (caught.length > 0 || stopping.nodes === undefined) this.#interrupted(stopping, caught[0]?.node);
    for (const visit of caught) this.leave(visit);
    // Nobody is left to reach the order-done node.
    if (held || (caught.length > 0 && this.#pending === 0 && this.#mode === 'order-done'))
      this.end('cancelled');
  }

  /** Something went to a node that is being stopped. */
  lostAt(stopping: Stopping, node: FlowNode | undefined): void {
    this.#interrupted(stopping, node);
  }

  #interrupted(stopping: Stopping, node: FlowNode | undefined): void {
    if (this.#wasInterrupted) return;
    this.#wasInterrupted = true;
    this.addFailure(stopping.describe(node && openNode(node)));
  }

  /** A node reported an error. */
  addError(error: TrackedError): void {
    if (this.#errors.length < maxErrors) this.#errors.push(error);
  }

  /** Takes an error back that a catch node turned out to handle. */
  removeError(error: TrackedError): void {
    const index = this.#errors.lastIndexOf(error);
    if (index >= 0) this.#errors.splice(index, 1);
  }

  /** The order-done node was reached: done, or failed with the error given. */
  endBy(error: TrackedError | undefined): void {
    if (error) this.addFailure(error);
    this.#errors = [];
    this.end('ended');
  }

  /** Ends the run, once; later calls change nothing. */
  end(state: FlowOutcome['state']): void {
    if (this.over) return;
    const outcome = this.#outcome(state);
    this.discard();
    this.#onEnd(outcome);
  }

  /** Ends the run without an outcome and lets go of all it holds: late async contexts may still point to it. */
  discard(): void {
    this.over = true;
    clearTimeout(this.#deadline);
    clearTimeout(this.#quiet);
    this.#visits.clear();
    this.#failures = [];
    this.#errors = [];
  }

  #outcome(state: FlowOutcome['state']): FlowOutcome {
    const unfinished = state === 'deadline' || state === 'cancelled';
    return {
      state,
      errors: [...this.#failures, ...this.#errors],
      openNodes: unfinished ? this.#openNodes() : [],
      legacyNodes: [...this.#legacyTypes].sort(),
      reopened: this.#reopened,
    };
  }

  #openNodes(): OpenNode[] {
    const open = new Map<string, OpenNode>();
    for (const { node } of this.#visits) {
      const described = openNode(node);
      open.set(described.id, described);
    }
    return [...open.values()];
  }
}

function openNode(node: FlowNode): OpenNode {
  return { id: node._alias ?? node.id, type: node.type, ...(node.name ? { name: node.name } : {}) };
}

function confirmIdle(run: FlowRun): void {
  run.confirmIdle();
}
