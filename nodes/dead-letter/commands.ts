import type { DeadFilter } from '../../core/delivery/dead-letters.ts';
import { HubError } from '../../core/errors.ts';
import './messages.ts';

export const actions = ['list', 'count', 'retry', 'retry-edited', 'retry-many', 'dismiss'] as const;
export type Action = (typeof actions)[number];

/** What a message asks of the dead letters. */
export type Command =
  | { action: 'list'; filter: DeadFilter; before?: number; limit: number }
  | { action: 'count'; filter: DeadFilter }
  | { action: 'retry'; id: number }
  | { action: 'retry-edited'; id: number; payload: string }
  | { action: 'retry-many'; filter: DeadFilter; cap: number }
  | { action: 'dismiss'; id: number; reason: string };

/** As many are listed or retried at once when nothing is said, and at most. */
const usualCount = 100;
const mostCount = 10_000;
const mostListed = 1_000;

/**
 * Reads a command from a message's payload: an object with the fields below, or just a delivery's number. What
 * the dialog has chosen goes before what the message says.
 *
 * @throws HubError for what cannot be understood; a filter that means something else than what was written
 *   would retry what nobody asked for
 */
export function readCommand(chosen: string, usualCap: number | undefined, payload: unknown): Command {
  const fields = fieldsOf(payload);
  const action = chosen === 'message' ? fields.action : chosen;
  switch (action) {
    case 'list': {
      const limit = wholeNumber(fields.limit ?? usualCount, mostListed);
      const before = fields.before === undefined ? undefined : wholeNumber(fields.before);
      return { action, filter: filterOf(fields.filter), limit, ...(before !== undefined && { before }) };
    }
    case 'count':
      return { action, filter: filterOf(fields.filter) };
    case 'retry':
      return { action, id: idOf(fields) };
    case 'retry-edited': {
      const id = idOf(fields);
      if (fields.payload === undefined) throw new HubError('dead-letter.no-payload', { id });
      return { action, id, payload: jsonText(fields.payload) };
    }
    case 'retry-many':
      return {
        action,
        filter: filterOf(fields.filter),
        cap: wholeNumber(fields.cap ?? usualCap ?? usualCount, mostCount),
      };
    case 'dismiss': {
      const id = idOf(fields);
      const reason = typeof fields.reason === 'string' ? fields.reason.trim() : '';
      if (reason === '') throw new HubError('dead-letter.no-reason', { id });
      return { action, id, reason };
    }
    default:
      throw new HubError('dead-letter.bad-action', {
        action: String(action ?? ''),
        known: actions.join(', '),
      });
  }
}

function fieldsOf(payload: unknown): Record<string, unknown> {
  if (typeof payload === 'number' || typeof payload === 'string') return { id: payload };
  return typeof payload === 'object' && payload !== null ? (payload as Record<string, unknown>) : {};
}

/** The delivery that is meant; what the first output sends names it `deliveryId`. */
function idOf({ id, deliveryId }: Record<string, unknown>): number {
  const given = id ?? deliveryId;
  if (given === undefined || given === null || given === '') throw new HubError('dead-letter.no-id');
  return wholeNumber(given);
}

/** A text is taken for JSON already; checking it is the store's part, which says what is wrong with it. */
function jsonText(payload: unknown): string {
  return typeof payload === 'string' ? payload : JSON.stringify(payload);
}

function wholeNumber(value: unknown, most: number = Number.MAX_SAFE_INTEGER): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 1 && number <= most)
    return number;
  throw new HubError('dead-letter.bad-number', { value: String(value), most });
}

const textFields = ['subscriber', 'topic', 'key', 'code'] as const;
const timeFields = ['since', 'until'] as const;
const trails = ['open', 'closed', 'all'] as const;

function filterOf(given: unknown): DeadFilter {
  if (given === undefined || given === null) return {};
  const known = [...textFields, ...timeFields, 'trail'].join(', ');
  const refuse = (field: string) => new HubError('dead-letter.bad-filter', { field, known });
  if (typeof given !== 'object' || Array.isArray(given)) throw refuse(String(given));
  const filter: DeadFilter = {};
  for (const [field, value] of Object.entries(given)) {
    const text = textFields.find((name) => name === field);
    const time = timeFields.find((name) => name === field);
    const trail = trails.find((name) => name === value);
    if (text && typeof value === 'string' && value !== '') filter[text] = value;
    else if (time && Number.isFinite(instantOf(value))) filter[time] = instantOf(value);
    else if (field === 'trail' && trail) filter.trail = trail;
    else throw refuse(field);
  }
  return filter;
}

/** Epoch milliseconds of a time given as such or as ISO text; NaN for anything else. */
function instantOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? Date.parse(value) : Number.NaN;
}
