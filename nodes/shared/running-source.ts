import { setTimeout as delay } from 'node:timers/promises';
import { DeliverySource, type SourceOptions } from '../../core/delivery/source.ts';
import type { Hub } from '../../core/hub.ts';
import type { NodeContext } from './define-node.ts';
import { watchFlowPhase } from './flow-phase.ts';

export interface RunningSourceOptions {
  /** What the queue is emptied by, for an open store. */
  source(hub: Hub): SourceOptions;
  /** Before anything is claimed, each time the store opens: registering, for example. */
  opened?(hub: Hub): Promise<void>;
}

/** Milliseconds until a start that failed is tried again. */
const retryMs = 2_000;

export interface RunningSource {
  /** Whether what the node sends reaches somebody: the flows run, and so does the node. */
  readonly connected: boolean;
  close(graceMs: number): Promise<void>;
}

/**
 * Keeps a node's queue at work: from the moment that the flows have started and the store is open, until it is
 * closed. A start that fails is told and tried again. While a deploy goes on it rests, also when the node itself
 * stays: Node-RED drops what is sent to a node that is just being replaced.
 */
export function keepRunning<Config>(
  context: NodeContext<Config>,
  options: RunningSourceOptions,
): RunningSource {
  const { RED, node, hub } = context;
  let source: DeliverySource | undefined;
  let hubNow: Hub | undefined;
  let started = false;
  let leave: (() => void) | undefined;

  const begin = async (opened: Hub): Promise<void> => {
    if (source) return;
    const settings = options.source(opened);
    const mine = new DeliverySource(opened.store, settings);
    source = mine;
    try {
      await options.opened?.(opened);
      if (!context.open || source !== mine) return;
      leave = opened.attendance.enter(settings.subscriber);
      await mine.start();
    } catch (error) {
      source = undefined;
      leave?.();
      if (!context.open) return;
      node.error(error instanceof Error ? error.message : String(error));
      // The store answers again by itself or the node is deployed again; until then it is tried now and then.
      await delay(retryMs, undefined, { ref: false });
      if (context.open && started && hubNow === opened) void begin(opened);
    }
  };
  const unwatch = watchFlowPhase(RED, {
    started() {
      started = true;
      if (source) source.resume();
      else if (hubNow && context.open) void begin(hubNow);
    },
    stopping() {
      started = false;
      source?.suspend();
    },
  });
  hub.whenOpen((opened) => {
    hubNow = opened;
    if (started && context.open) void begin(opened);
  });

  return {
    get connected() {
      return started && context.open;
    },
    async close(graceMs) {
      unwatch();
      const mine = source;
      source = undefined;
      leave?.();
      await mine?.stop({ graceMs });
    },
  };
}
