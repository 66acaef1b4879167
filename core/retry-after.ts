/** No Retry-After is believed beyond a day. */
const longestWaitMs = 24 * 60 * 60_000;

/**
 * Retry-After in seconds or as an HTTP date (RFC 9110 section 10.2.3), as milliseconds from now; undefined when there
 * is none that can be read.
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const wait = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  return Number.isFinite(wait) ? Math.min(Math.max(0, wait), longestWaitMs) : undefined;
}
