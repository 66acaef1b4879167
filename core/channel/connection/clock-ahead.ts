/**
 * How far the other side's clock is ahead of ours by the header Date of its answer (RFC 9110 section 6.6.1: whole
 * seconds), milliseconds; null when it does not tell.
 */
export function clockAheadMs(headers: Readonly<Record<string, string>>, now: number): number | null {
  const said = Date.parse(headers.date ?? '');
  return Number.isNaN(said) ? null : said - now;
}
