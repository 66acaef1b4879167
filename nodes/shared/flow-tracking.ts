import { randomUUID } from 'node:crypto';
import type { NodeAPI } from 'node-red';
import {
  type FlowHooks,
  type FlowLog,
  type FlowMessage,
  FlowTracker,
  trackedError,
} from '../../core/delivery/flow-tracker.ts';
import { HubError, reasonOf } from '../../core/errors.ts';
import { sentence } from '../../core/message.ts';
import './flow-tracking/messages.ts';
import { isPrompt } from './prompt-nodes.ts';

/** A source's claim on the runtime's flow tracker: while one is held, Node-RED's messages are watched. */
export interface FlowTracking {
  readonly tracker: FlowTracker;
  release(): void;
}

/** The node that declares something about a delivery. */
export interface DeclaringNode {
  id: string;
  type: string;
}

interface SharedTracker {
  readonly tracker: FlowTracker;
  readonly stop: () => void;
  users: number;
}

/** What `flows:stopping` says about a deploy. */
interface DeployEvent {
  type?: string;
  /** The flows as they will be. */
  config?: { flows?: { id: string; type: string }[] };
  diff?: Partial<Record<'changed' | 'removed' | 'linked' | 'rewired' | 'flowChanged', string[]>> & {
    globalConfigChanged?: boolean;
  };
}

/** Code of the failure of a run that a deploy interrupted. */
export const interruptedCode = 'delivery.interrupted';

/** One tracker a runtime; a runtime is known by what all its nodes share. */
const trackers = new Map<object, SharedTracker>();
let substituteHooks: FlowHooks | undefined;

/**
 * Gives hooks for hosts that keep them from nodes (node-red-node-test-helper does: take `hooks` of
 * `@node-red/util` there). Without any, flows are only over at an order-done node or at their deadline.
 */
export function provideHooks(hooks: FlowHooks | undefined): void {
  substituteHooks = hooks;
}

/** Claims the runtime's tracker; the first claim starts it, the release of the last one stops it. */
export function acquireFlowTracking(RED: NodeAPI): FlowTracking {
  const hooks = (RED.hooks as unknown as FlowHooks | undefined) ?? substituteHooks;
  const runtime: object = hooks ?? RED.events;
  let shared = trackers.get(runtime);
  if (!shared) {
    shared = startTracker(RED, hooks);
    trackers.set(runtime, shared);
  }
  shared.users++;
  const { tracker } = shared;
  let held = true;
  return {
    tracker,
    release() {
      if (!held) return;
      held = false;
      if (--shared.users > 0) return;
      trackers.delete(runtime);
      shared.stop();
    },
  };
}

/**
 * Declares that the delivery a message belongs to failed, for example because its record can be understood by
 * no rule. The flow goes on, but the delivery is not done when it is over: it is tried again or, when the
 * error says that this would change nothing, parked.
 *
 * @returns false when the message comes from no delivery
 */
export function failDelivery(message: FlowMessage, error: Error, node?: DeclaringNode): boolean {
  const failure = trackedError(node?.id ?? '', node?.type ?? '', error);
  return [...trackers.values()].some(({ tracker }) => tracker.fail(message, failure));
}

/**
 * Declares that the delivery a message belongs to is over: done, or failed with an error.
 *
 * @returns false when the message comes from no delivery, or from one that is over already
 */
export function finishDelivery(message: FlowMessage, node: DeclaringNode, error?: unknown): boolean {
  const failure = error === undefined ? undefined : trackedError(node.id, node.type, error);
  return [...trackers.values()].some(({ tracker }) => tracker.finish(message, failure));
}

function startTracker(RED: NodeAPI, hooks: FlowHooks | undefined): SharedTracker {
  const tracker = createTracker(RED, hooks);
  const onStopping = (event: DeployEvent): void =>
    tracker.interrupt({
      nodes: stoppedNodes(event),
      describe(node) {
        const name = node ? (node.name ?? `${node.type} ${node.id}`) : '–';
        const error = new HubError(interruptedCode, { node: name }, { retryable: true });
        return trackedError(node?.id ?? '', node?.type ?? '', error);
      },
    });
  const onStarted = (): void => tracker.deployed();
  RED.events.on('flows:stopping', onStopping);
  RED.events.on('flows:started', onStarted);
  tracker.start();
  return {
    tracker,
    users: 0,
    stop() {
      RED.events.off('flows:stopping', onStopping);
      RED.events.off('flows:started', onStarted);
      tracker.stop();
    },
  };
}

/** The ids of what a deploy stops: nodes, subflow instances, whole tabs; undefined for everything. */
function stoppedNodes({ type, config, diff }: DeployEvent): ReadonlySet<string> | undefined {
  if (!diff || diff.globalConfigChanged || (type !== 'nodes' && type !== 'flows')) return undefined;
  const { changed = [], removed = [], linked = [], rewired = [], flowChanged = [] } = diff;
  const stopped = new Set([...changed, ...removed]);
  if (type === 'flows') for (const id of [...linked, ...rewired]) stopped.add(id);
  // A tab counts as changed as soon as anything on it is, but only nodes of its own that changed are stopped.
  for (const node of config?.flows ?? []) if (node.type === 'tab') stopped.delete(node.id);
  for (const id of flowChanged) stopped.add(id);
  return stopped;
}

function createTracker(RED: NodeAPI, hooks: FlowHooks | undefined): FlowTracker {
  let reported = false;
  // Sources and copies of this module in one process (a test may load two) must not share a hook label.
  return new FlowTracker(hooks, `order-hub-${randomUUID()}`, {
    ...('addHandler' in RED.log ? { log: RED.log as unknown as FlowLog } : {}),
    isPrompt,
    onFault(error) {
      if (reported) return; // it would come with each message
      reported = true;
      RED.log.error(sentence('delivery.tracking-fault', { reason: reasonOf(error) }));
    },
  });
}
