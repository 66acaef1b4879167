import { AsyncLocalStorage } from 'node:async_hooks';
import { HubError, reasonOf } from '../errors.ts';
import {
  type FlowNode,
  type FlowOutcome,
  FlowRun,
  type FlowRunOptions,
  isStopped,
  type Stopping,
  type TrackedError,
  type Visit,
} from './flow-run.ts';

export type {
  FlowMode,
  FlowOutcome,
  FlowRunOptions,
  OpenNode,
  Stopping,
  TrackedError,
} from './flow-run.ts';

/** A message as far as the tracker reads it. */
export interface FlowMessage {
  _msgid?: string;
}

/** Node-RED's messaging hooks (`RED.hooks`). */
export interface FlowHooks {
  add(hookId: string, handler: (event: never) => void): void;
  remove(hookId: string): void;
}

/** One entry of Node-RED's log; `id` and `type` are those of the node that logged. */
export interface FlowLogEntry {
  level: number;
  msg?: unknown;
  id?: string;
  type?: string;
}

export interface FlowLogHandler {
  emit(event: string, entry: FlowLogEntry): void;
}

/** Node-RED's log (`RED.log`), which tells handlers of every entry. */
export interface FlowLog {
  addHandler(handler: FlowLogHandler): void;
  removeHandler(handler: FlowLogHandler): void;
}

export interface FlowTrackerOptions {
  /**
   * Shows errors that nodes report without `done(error)`: those thrown by an input handler or given to
   * `node.error`. Node-RED logs them as errors exactly when no catch node took them. Without a log they
   * go unnoticed.
   */
  log?: FlowLog;
  /**
   * Whether a node is known to send nothing on once it is done with a message. What went through such nodes only is over
   * without a quiet period. By default no node is.
   */
  isPrompt?: (node: FlowNode) => boolean;
  /** Told when tracking itself failed. An error in here must never stop a message, so it goes no further. */
  onFault?: (error: unknown) => void;
}

interface SendEvent {
  msg: FlowMessage;
  destination: { id: string };
}

interface DeliveryEvent {
  msg: FlowMessage;
  destination: { node: FlowNode };
}

interface CompleteEvent {
  msg: FlowMessage;
  error?: unknown;
  node: { node: FlowNode };
}

/** What is known of one message object. */
interface Trace {
  readonly run: FlowRun;
  id: string | undefined;
  /** How often it was sent and has not arrived yet. */
  scheduled: number;
  /** The nodes at work on it. */
  visits: Visit | undefined;
}

/** An error just given to `done`, of which it is not known yet whether a catch node takes it. */
interface Failure {
  readonly run: FlowRun;
  readonly error: TrackedError;
  readonly messageId: string | undefined;
}

/** Nodes whose messages go on without a delivery, so that nobody sees when there is nobody to take them. */
const linking: ReadonlySet<string> = new Set(['link out', 'link call']);

/** Node-RED's log level "error"; "fatal" is below it. */
const errorLevel = 20;

/**
 * Tells when everything a message caused in the flows is over.
 *
 * A run counts the messages under way and the nodes at work on one. Whether a message belongs to a run is
 * decided by the message object itself, then by its `_msgid`, then by the async context it was sent in: the
 * first two alone lose the parts of a split message, the last alone would charge a message that leaves a
 * shared queue to whoever started the queue's timer.
 *
 * Node-RED cannot prove in general that a flow is over: a node that answers `done` and sends later looks
 * finished in between (hence the quiet period, where such a node is on the way), and one that never answers looks busy for ever (hence the
 * deadline).
 */
export class FlowTracker {
  readonly #hooks: FlowHooks | undefined;
  readonly #label: string;
  readonly #log: FlowLog | undefined;
  readonly #isPrompt: (node: FlowNode) => boolean;
  readonly #onFault: (error: unknown) => void;
  readonly #logHandler: FlowLogHandler;

  readonly #context = new AsyncLocalStorage<FlowRun>();
  readonly #runs = new Set<FlowRun>();
  readonly #runsById = new Map<string, FlowRun>();
  #traces = new WeakMap<FlowMessage, Trace>();
  /** The node whose input handler is on the stack. */
  #receiving: Visit | undefined;
  #failure: Failure | undefined;
  /** The deploy that is going on. */
  #stopping: Stopping | undefined;
  #started = false;

  /**
   * @param hooks without them nothing can be seen, so no run settles: it ends by `finish` or at its deadline
   * @param label names the tracker's hooks; no two trackers of a runtime may share one, and it has no dot
   */
  constructor(hooks: FlowHooks | undefined, label: string, options: FlowTrackerOptions = {}) {
    this.#hooks = hooks;
    this.#label = label;
    this.#log = options.log;
    this.#isPrompt = options.isPrompt ?? (() => false);
    this.#onFault = options.onFault ?? (() => undefined);
    this.#logHandler = { emit: (_event, entry) => this.#onLogEntry(entry) };
  }

  /** How many runs are under way. */
  get active(): number {
    return this.#runs.size;
  }

  /** How many message ids are known to belong to a run under way. */
  get knownIds(): number {
    return this.#runsById.size;
  }

  /** Begins to watch. From here until {@link stop} each message of the runtime costs about a microsecond a hop. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#watch<DeliveryEvent>('preDeliver', ({ msg }) => this.#onSent(msg));
    this.#watch<DeliveryEvent>('onReceive', ({ msg, destination }) => this.#onReceive(msg, destination.node));
    this.#watch<DeliveryEvent>('postReceive', ({ msg, destination }) =>
      this.#onReceived(msg, destination.node),
    );
    this.#watch<CompleteEvent>('onComplete', ({ msg, error, node }) =>
      this.#onComplete(msg, node.node, error),
    );
    this.#log?.addHandler(this.#logHandler);
  }

  /** Stops watching; runs under way end as cancelled, because nobody would see them settle. */
  stop(): void {
    if (!this.#started) return;
    this.#started = false;
    this.#stopping = undefined;
    this.#hooks?.remove(`*.${this.#label}`);
    this.#log?.removeHandler(this.#logHandler);
    this.cancelAll();
    this.#context.disable();
    this.#traces = new WeakMap();
  }

  /**
   * Sends a message by calling `emit` and resolves when the work it caused is over.
   *
   * @param msg the message that `emit` sends; its `_msgid` must not be in use by another run
   * @throws what `emit` throws, and an Error when the tracker is not started
   */
  run(msg: FlowMessage, options: FlowRunOptions, emit: () => void): Promise<FlowOutcome> {
    return new Promise((resolve, reject) => {
      if (!this.#started) throw new Error('The flow tracker is not started.');
      const mode = this.#hooks ? options.mode : 'order-done';
      const run = new FlowRun({ ...options, mode }, (outcome) => {
        this.#forget(run);
        resolve(outcome);
      });
      this.#runs.add(run);
      if (msg._msgid !== undefined) this.#own(run, msg._msgid);
      run.raise(); // so that sending itself cannot be taken for the end
      try {
        this.#context.run(run, emit);
      } catch (error) {
        run.discard();
        this.#forget(run);
        reject(error);
        return;
      }
      run.lower();
    });
  }

  /**
   * Ends the run a message belongs to: an order-done node was reached.
   *
   * @param error when the flow came to the conclusion that it failed
   * @returns whether there was such a run
   */
  finish(msg: FlowMessage, error?: TrackedError): boolean {
    const run = this.#findRun(msg._msgid);
    run?.endBy(error);
    return run !== undefined;
  }

  /**
   * Marks the run a message belongs to as failed, without ending it: what else the message caused goes on.
   *
   * @returns whether there was such a run
   */
  fail(msg: FlowMessage, failure: TrackedError): boolean {
    const run = this.#findRun(msg._msgid);
    run?.addFailure(failure);
    return run !== undefined;
  }

  /**
   * A deploy begins: marks the runs as failed that have nodes at work which it stops, and until {@link deployed}
   * those that send something there. Node-RED takes such messages for delivered: a node that is being stopped
   * still receives but no longer sends, and one that is gone is passed over in silence.
   */
  interrupt(stopping: Stopping): void {
    if (!this.#stopping) this.#hooks?.add(`onSend.${this.#label}`, this.#onSend as (event: never) => void);
    this.#stopping = stopping;
    for (const run of [...this.#runs]) run.interrupt(stopping);
  }

  /** The deploy is over: every node runs. */
  deployed(): void {
    if (!this.#stopping) return;
    this.#stopping = undefined;
    this.#hooks?.remove(`onSend.${this.#label}`);
  }

  /** Ends every run as cancelled. */
  cancelAll(): void {
    for (const run of [...this.#runs]) run.end('cancelled');
  }

  #watch<E>(hook: string, handle: (event: E) => void): void {
    this.#hooks?.add(`${hook}.${this.#label}`, this.#guarded(handle) as (event: never) => void);
  }

  #guarded<E>(handle: (event: E) => void): (event: E) => void {
    // exactly one parameter: Node-RED takes any other number for a handler with a callback and waits for it
    return (event: E): void => {
      if (this.#runs.size === 0) return;
      try {
        handle(event);
      } catch (error) {
        this.#onFault(error);
      }
    };
  }

  /** During a deploy: what is sent to a node that may be gone. */
  readonly #onSend = this.#guarded((events: readonly SendEvent[]): void => {
    const stopping = this.#stopping;
    for (const { msg, destination } of events) {
      if (stopping?.nodes && !stopping.nodes.has(destination.id)) continue;
      if (stopping) this.#trace(msg)?.run.lostAt(stopping, undefined);
    }
  });

  #onSent(msg: FlowMessage): void {
    const trace = this.#trace(msg);
    if (!trace) return;
    trace.scheduled++;
    trace.run.raise();
  }

  #onReceive(msg: FlowMessage, node: FlowNode): void {
    const trace = this.#trace(msg);
    if (!trace) return;
    // link, catch, complete and subflow nodes are called directly, without a delivery before
    if (trace.scheduled > 0) trace.scheduled--;
    else trace.run.raise();
    const stopping = this.#stopping;
    if (stopping && (isStopped(stopping, node) || linking.has(node.type))) {
      trace.run.lostAt(stopping, node);
      if (isStopped(stopping, node)) {
        trace.run.lower();
        return;
      }
    }
    trace.visits = trace.run.enter(node, trace.visits, this.#isPrompt(node));
    this.#receiving = trace.visits;
    if (node.type === 'catch') this.#onCaught(msg);
  }

  #onReceived(msg: FlowMessage, node: FlowNode): void {
    if (this.#receiving?.node === node) this.#receiving = undefined;
    if (node._expectedDoneCount !== 0) return;
    const visit = this.#leave(msg, node);
    // a subflow's outside is of that kind too, but it only passes messages on to its inside
    if (visit && !node.type.startsWith('subflow:')) visit.run.addLegacyType(node.type);
  }

  #onComplete(msg: FlowMessage, node: FlowNode, error: unknown): void {
    const visit = this.#leave(msg, node);
    if (!visit || !error) return; // a second done(), or a message of nobody's
    const tracked = trackedError(node.id, node.type, error);
    visit.run.addError(tracked);
    this.#failure = { run: visit.run, error: tracked, messageId: msg._msgid };
  }

  /**
   * A catch node is about to receive. Node-RED hands it a copy of the failed message, with the failed node in
   * `error.source`, directly after that node's onComplete.
   */
  #onCaught(msg: FlowMessage & { error?: { source?: { id?: unknown } } }): void {
    const failure = this.#failure;
    if (failure?.messageId !== msg._msgid || failure?.error.nodeId !== msg.error?.source?.id) return;
    failure?.run.removeError(failure.error);
    this.#failure = undefined;
  }

  #onLogEntry({ level, id, type, msg }: FlowLogEntry): void {
    if (level > errorLevel || id === undefined || this.#runs.size === 0) return;
    try {
      this.#onNodeError(id, type ?? '', msg);
    } catch (fault) {
      this.#onFault(fault);
    }
  }

  #onNodeError(id: string, type: string, reported: unknown): void {
    const failure = this.#failure;
    if (failure?.error.nodeId === id) {
      this.#failure = undefined; // known from onComplete already; that it is logged says nobody took it
      return;
    }
    const error = trackedError(id, type, reported);
    for (const run of this.#runsFailingAt(id)) run.addError(error);
  }

  /**
   * Whose work a node's error belongs to. When the async context was lost and the node is at work for several
   * runs, all of them: doing one again too often is harmless, losing one is not.
   */
  #runsFailingAt(nodeId: string): FlowRun[] {
    const receiving = this.#receiving;
    if (receiving?.node.id === nodeId && !receiving.run.over) return [receiving.run];
    const run = this.#contextRun();
    if (run?.isOpenAt(nodeId)) return [run];
    const open = [...this.#runs].filter((candidate) => candidate.isOpenAt(nodeId));
    if (open.length > 0) return open;
    return run ? [run] : [];
  }

  /** Takes the latest visit of a node off a message. */
  #leave(msg: FlowMessage, node: FlowNode): Visit | undefined {
    const trace = this.#traces.get(msg);
    let before: Visit | undefined;
    for (let visit = trace?.visits; trace && visit; before = visit, visit = visit.next) {
      if (visit.node !== node) continue;
      if (before) before.next = visit.next;
      else trace.visits = visit.next;
      visit.run.leave(visit);
      return visit.run.over ? undefined : visit;
    }
    return undefined;
  }

  /** The trace of a message that belongs to a run under way. */
  #trace(msg: FlowMessage): Trace | undefined {
    const known = this.#traces.get(msg);
    if (known && !known.run.over) {
      if (known.id !== msg._msgid) this.#adopt(known, msg._msgid);
      return known;
    }
    const run = this.#findRun(msg._msgid);
    // Node-RED lets a node receive anything, even a text, which cannot be followed
    if (!run || typeof msg !== 'object') return undefined;
    const trace: Trace = { run, id: undefined, scheduled: 0, visits: undefined };
    this.#adopt(trace, msg._msgid);
    this.#traces.set(msg, trace);
    return trace;
  }

  #adopt(trace: Trace, id: string | undefined): void {
    trace.id = id;
    if (id !== undefined && !this.#runsById.has(id)) this.#own(trace.run, id);
  }

  #own(run: FlowRun, id: string): void {
    this.#runsById.set(id, run);
    run.ids.add(id);
  }

  #findRun(id: string | undefined): FlowRun | undefined {
    return (id === undefined ? undefined : this.#runsById.get(id)) ?? this.#contextRun();
  }

  #contextRun(): FlowRun | undefined {
    const run = this.#context.getStore();
    return run?.over ? undefined : run;
  }

  #forget(run: FlowRun): void {
    this.#runs.delete(run);
    for (const id of run.ids) if (this.#runsById.get(id) === run) this.#runsById.delete(id);
    run.ids.clear();
    if (this.#receiving?.run === run) this.#receiving = undefined;
    if (this.#failure?.run === run) this.#failure = undefined;
  }
}

/** Describes an error that a node reported. */
export function trackedError(nodeId: string, nodeType: string, error: unknown): TrackedError {
  const described: TrackedError = { nodeId, nodeType, message: messageOf(error) };
  if (!HubError.is(error)) return described;
  return { ...described, code: error.code, params: error.params, retryable: error.retryable };
}

/** The text of an error, also of one made in the sandbox of a function node or given as a plain text. */
function messageOf(error: unknown): string {
  if (error instanceof Error) return reasonOf(error);
  const message = (error as { message?: unknown } | null)?.message;
  return typeof message === 'string' && message !== '' ? message : String(error);
}
