/** Bodies up to here are parsed for their type alone; a few milliseconds of work. Larger ones have none. */
const largestParsed = 1024 * 1024;

/** What may become a topic: 1 to 200 characters a store can hold (no control characters, no lone surrogates). */
const storable = /^[^\p{Cc}\p{Cs}]{1,200}$/u;

/** The member `type` of a JSON body, where the standard recommends the event's name; empty without one. */
export function eventType(body: Buffer): string {
  if (body.length > largestParsed) return '';
  const parsed = parsedOrNothing(body.toString('utf8'));
  if (typeof parsed !== 'object' || parsed === null || !('type' in parsed)) return '';
  return typeof parsed.type === 'string' && storable.test(parsed.type) ? parsed.type : '';
}

function parsedOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is no fault here: the signed body is stored, and parked with its reason when it is mapped.
    return undefined;
  }
}
