import { type DeliveryError, deliveryError } from '../../core/delivery/failure.ts';
import type { FlowOutcome, TrackedError } from '../../core/delivery/flow-tracker.ts';
import type { ClaimedDelivery } from '../../core/delivery/queue.ts';
import type { HandlerResult, SourceState } from '../../core/delivery/source.ts';
import type { Hub } from '../../core/hub.ts';
import type { HubMessage, NodeContext } from './define-node.ts';
import { acquireFlowTracking, interruptedCode } from './flow-tracking.ts';
import { Gathering } from './gathering.ts';
import type { MessageDelivery } from './message-order.ts';
import { numberIn } from './number-field.ts';
import { keepRunning } from './running-source.ts';
import { sourceFault, usualSource } from './source-fields.ts';

/** How a source hands over what waits in the store; fields of its dialog, empty for the usual value. */
export interface SourceSettings {
  maxInFlight?: string | number;
  perSecond?: string | number;
  /** When a message counts as done: once its flow is over, or at an order-done node. */
  doneWhen?: 'settled' | 'order-done';
  deadlineSeconds?: string | number;
  attempts?: string | number;
  deadCeiling?: string | number;
}

export interface SourceOptions {
  subscriber: string;
  settings: SourceSettings;
  /** Before anything is claimed, each time the store opens: registering, for example. */
  opened?(hub: Hub): Promise<void>;
  /** The output a delivery's message leaves by, counted from 0; the first one when absent. */
  output?(delivery: ClaimedDelivery): number;
  /** Shows the node's own state when nothing waits, instead of how many were handed over. */
  idle?(done: number): void;
  /** The message a delivery becomes; undefined finishes the delivery without one. */
  message(
    delivery: ClaimedDelivery,
    hub: Hub,
  ): Promise<Partial<HubMessage> | undefined> | Partial<HubMessage> | undefined;
  /**
   * Sends several deliveries as one message. They end together, for their flow is one: with it all are done, or all
   * are tried again. What was tried before goes alone, so that a delivery which cannot succeed blocks no other for good.
   */
  together?: Together;
}

/** How messages become one. */
export interface Together {
  /** As many deliveries are one message at most. */
  size: number;
  /** Only messages of one group become one. */
  groupOf(message: Partial<HubMessage>): string;
  join(messages: readonly Partial<HubMessage>[]): Partial<HubMessage>;
}

interface Content {
  delivery: ClaimedDelivery;
  message: Partial<HubMessage>;
}

/** Work may turn up again this long after all seemed over (nodes that send after `done`), milliseconds. */
const quietMs = 60;
/** How long a message that others may join waits for them, milliseconds. */
const gatherMs = 25;
/** How long a deploy waits for messages in flight before they are left to be delivered again, milliseconds. */
const graceMs = 1_000;

/**
 * Runs a source node: once the flows have started and the store is open it claims deliveries, sends each as a
 * message and finishes it when its flow is over. Everything waits in the store, nothing in memory.
 */
export function runSource<Config>(
  context: NodeContext<Config>,
  options: SourceOptions,
): { close(): Promise<void> } {
  const { RED, status } = context;
  const fault = sourceFault(options.settings);
  if (fault) throw fault;
  const settings = readSettings(options.settings);
  const tracking = acquireFlowTracking(RED);
  const together = options.together && options.together.size > 1 ? options.together : undefined;
  const gathering =
    together &&
    new Gathering<Content, HandlerResult>({ size: together.size, waitMs: gatherMs, take: sendAll });
  let done = 0;

  const running = keepRunning(context, {
    source: (opened) => ({
      subscriber: options.subscriber,
      maxInFlight: Math.max(settings.maxInFlight, together?.size ?? 1),
      ...(settings.perSecond !== undefined && { maxPerSecond: settings.perSecond }),
      retry: { attempts: settings.attempts },
      deadCeiling: settings.deadCeiling,
      handler: (delivery) => handle(delivery, opened),
      onState: show,
    }),
    ...(options.opened && { opened: (opened) => options.opened!(opened) }),
  });

  async function handle(delivery: ClaimedDelivery, opened: Hub): Promise<HandlerResult> {
    const message = await options.message(delivery, opened);
    if (!message) return 'done';
    const content = { delivery, message };
    return gathering && together && delivery.attempt === 1
      ? gathering.join(together.groupOf(message), content)
      : sendAll([content]);
  }

  /** Sends deliveries as one message; what comes of its flow comes of each of them. */
  async function sendAll(contents: readonly Content[]): Promise<HandlerResult> {
    const [first] = contents;
    if (!first) return 'done';
    const { delivery } = first;
    const content = together ? together.join(contents.map((one) => one.message)) : first.message;
    // Sent now it would reach nobody, and look as if it had been dealt with.
    if (!running.connected) return 'give-back';
    const message = {
      ...content,
      delivery: {
        // Those that go together once may not do so again: their first one's delivery names them.
        id: together
          ? `${delivery.topic}:${delivery.ref}@${delivery.id}`
          : `${delivery.topic}:${delivery.ref}`,
        attempt: delivery.attempt,
      } satisfies MessageDelivery,
      _msgid: RED.util.generateId(),
    } as HubMessage & { _msgid: string };
    const outcome = await tracking.tracker.run(
      message,
      { deadlineMs: settings.deadlineMs, quietMs, mode: settings.doneWhen },
      () => context.send([...new Array<null>(options.output?.(delivery) ?? 0).fill(null), message]),
    );
    const result = resultOf(outcome, settings.deadlineMs);
    if (result === 'done') done += contents.length;
    return result;
  }

  function show(state: SourceState): void {
    if (state.paused) status.down('hub.status.paused');
    else if (state.backlog > 0) status.working(`${state.backlog} · ${age(state.oldestAgeMs)}`);
    else if (options.idle) options.idle(done);
    else if (done > 0) status.ok(done);
    else status.ready();
  }

  return {
    async close() {
      await running.close(graceMs);
      tracking.release();
    },
  };
}

function readSettings(settings: SourceSettings) {
  const perSecond = numberIn(settings.perSecond) ?? 0;
  return {
    maxInFlight: numberIn(settings.maxInFlight) ?? usualSource.maxInFlight,
    perSecond: perSecond > 0 ? perSecond : undefined,
    doneWhen: settings.doneWhen === 'order-done' ? ('order-done' as const) : ('settled' as const),
    deadlineMs: (numberIn(settings.deadlineSeconds) ?? usualSource.deadlineSeconds) * 1_000,
    attempts: numberIn(settings.attempts) ?? usualSource.attempts,
    deadCeiling: numberIn(settings.deadCeiling) ?? usualSource.deadCeiling,
  };
}

/** What the end of a flow means for the delivery that caused it. */
function resultOf(outcome: FlowOutcome, deadlineMs: number): HandlerResult {
  // A deploy is not the message's fault: it is handed over again at once, and the attempt does not count.
  const interrupted = outcome.errors.some((error) => error.code === interruptedCode);
  if (interrupted || outcome.state === 'cancelled') return 'give-back';
  const openNodes = outcome.openNodes.map((open) => (open.name ? `${open.name} (${open.type})` : open.type));
  const [first] = outcome.errors;
  if (first) {
    const error = errorOf(first, outcome.errors.length);
    // Only who declares a failure has judged the message. An error that just happened may be a setting or a
    // store that somebody puts right meanwhile, whatever it says about itself.
    const permanent = outcome.errors.every(({ declared, retryable }) => declared && retryable === false);
    return { error: openNodes.length > 0 ? { ...error, openNodes } : error, permanent };
  }
  if (outcome.state === 'deadline') {
    const params = { seconds: deadlineMs / 1_000, nodes: openNodes.join(', ') || '–' };
    return { error: { ...deliveryError('delivery.deadline', params), openNodes } };
  }
  return 'done';
}

/** An error of ours speaks for itself, in every language; with any other it is said where it happened. */
function errorOf({ code, params, message, nodeType }: TrackedError, count: number): DeliveryError {
  return code === undefined
    ? deliveryError('delivery.flow-failed', { node: nodeType || '–', reason: message, count })
    : deliveryError(code, params);
}

/** An age for a status: seconds, minutes or hours with their unit. */
function age(ms: number | null): string {
  const seconds = Math.round((ms ?? 0) / 1_000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3_600)} h`;
}
