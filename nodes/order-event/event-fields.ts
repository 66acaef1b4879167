import { HubError } from '../../core/errors.ts';
import './messages.ts';

/** Where a new subscription begins; kept as the dialog has it. */
export type Start = 'now' | 'date';

/** The first moment of interest must be readable when the node starts in the past. */
export function sinceFault(
  start: Start | string | undefined,
  since: string | undefined,
): HubError | undefined {
  if (start !== 'date') return undefined;
  return Number.isFinite(Date.parse(since ?? '')) ? undefined : new HubError('order-event.no-date');
}

/** Names in a list, or in a text with commas between them; null when there are none, which means all. */
export function namesIn(given: string | readonly string[] | undefined): string[] | null {
  const parts = typeof given === 'string' ? given.split(/[,，、\n]/) : (given ?? []);
  const names = parts.map((name) => name.trim()).filter((name) => name !== '');
  return names.length === 0 ? null : [...new Set(names)];
}
