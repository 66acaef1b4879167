import type { TimeWindow, WindowRules } from '../connection/order-source.ts';

/** How far a channel has been read. Epoch milliseconds. */
export interface Reach {
  /** Every change before this is durable. */
  watermark: number;
  /** Changes before this were read when nothing more could turn up late. */
  settled: number;
}

export interface NextWindow {
  window: TimeWindow;
  /** Where the watermark is once every page of the window is durable. */
  watermark: number;
  settled: number;
  /** Set when the platform no longer tells of changes between the watermark and this. */
  outOfReachUntil: number | null;
  /** What is left to read behind this window, milliseconds; 0 when it reaches up to now. */
  left: number;
}

/**
 * The next window of `[watermark − overlap, now]`, cut to the platform's longest. The watermark follows to the
 * window's end, but stays `lag` behind now: what the platform begins to show later is still in a window to come. What
 * was read long after it had happened is not read again.
 *
 * @param now the earlier of our clock and the platform's
 * @param overlapMs how far to reach back; the platform's usual overlap when undefined
 */
export function nextWindow(
  { watermark, settled }: Reach,
  rules: WindowRules,
  now: number,
  overlapMs?: number,
): NextWindow {
  // An overlap of a whole window would never get on.
  const overlap = Math.min(Math.max(overlapMs ?? 0, rules.overlapMs), Math.floor(rules.mostMs / 2));
  const reachable = now - rules.reachMs;
  const wanted = Math.max(watermark - overlap, Math.min(settled, watermark));
  const from = floorTo(Math.max(wanted, reachable), rules.stepMs);
  const until = Math.min(from + floorTo(rules.mostMs, rules.stepMs), ceilTo(now, rules.stepMs));
  const read = Math.max(from, until);
  return {
    window: { from, until: read },
    watermark: Math.max(watermark, Math.min(read, now - rules.lagMs)),
    settled: Math.max(settled, Math.min(read, now - rules.lagMs - overlap)),
    outOfReachUntil: watermark < reachable ? reachable : null,
    left: Math.max(0, now - read),
  };
}

/** The next window of a back-fill: from where it has come, without overlap, for all of it is long past. */
export function nextBackfill(
  { next, until }: { next: number; until: number },
  rules: WindowRules,
  now: number,
): { window: TimeWindow; outOfReachUntil: number | null; left: number } {
  const reachable = now - rules.reachMs;
  const from = floorTo(Math.max(next, reachable), rules.stepMs);
  const end = Math.min(from + floorTo(rules.mostMs, rules.stepMs), ceilTo(until, rules.stepMs));
  const read = Math.max(from, end);
  return {
    window: { from, until: read },
    outOfReachUntil: next < reachable ? reachable : null,
    left: Math.max(0, until - read),
  };
}

/** A span in windows that the platform takes, in ascending order. */
export function* windowsOf(span: TimeWindow, rules: WindowRules): Generator<TimeWindow> {
  const most = Math.max(rules.stepMs, floorTo(rules.mostMs, rules.stepMs));
  for (let from = floorTo(span.from, rules.stepMs); from < span.until; from += most)
    yield { from, until: Math.min(from + most, ceilTo(span.until, rules.stepMs)) };
}

function floorTo(at: number, step: number): number {
  return Math.floor(at / step) * step;
}

function ceilTo(at: number, step: number): number {
  return Math.ceil(at / step) * step;
}
