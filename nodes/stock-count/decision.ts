import { HubError } from '../../core/errors.ts';
import './messages.ts';

/** What a second person decides, as a message says it. */
export interface Decision {
  verdict: 'approve' | 'reject';
  countId: number;
  lines?: readonly number[];
  reason?: string;
  opKey?: string;
}

/**
 * Reads `{action: 'approve' | 'reject', count, lines?, reason?, opKey?}`; undefined for anything that is no
 * command, which then is a count.
 *
 * @throws HubError count.bad-action, count.bad-id, count.bad-command-text
 */
export function readDecision(payload: unknown): Decision | undefined {
  if (typeof payload !== 'object' || payload === null || !('action' in payload)) return undefined;
  const { action, count, lines, reason, opKey } = payload as Record<string, unknown>;
  if (action !== 'approve' && action !== 'reject')
    throw new HubError('count.bad-action', { action: String(action).slice(0, 60) });
  if (!Number.isSafeInteger(count) || (count as number) < 1)
    throw new HubError('count.bad-id', { value: String(count).slice(0, 60) });
  return {
    verdict: action,
    countId: count as number,
    // What a list of lines is made of is checked by core/stock/count.
    ...(lines !== undefined && lines !== null && { lines: lines as number[] }),
    ...textIn('reason', reason),
    ...textIn('opKey', opKey),
  };
}

function textIn(field: 'reason' | 'opKey', value: unknown): { reason?: string; opKey?: string } {
  if (value === undefined || value === null || value === '') return {};
  if (typeof value !== 'string') throw new HubError('count.bad-command-text', { field });
  return { [field]: value };
}
