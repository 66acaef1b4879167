import { HubError } from '../../errors.ts';
import { refusalFrom } from '../refusals.ts';
import type { CountAnswer } from './answer.ts';

/** The answer that a sheet or a decision as a whole is refused with; undefined for what is a fault, not a refusal. */
export function refusedSheet(error: unknown): CountAnswer | undefined {
  // Without its reader no file can be read at all: that is for whoever runs the hub to mend.
  if (!HubError.is(error) || !error.code.startsWith('count.') || error.code === 'count.reader-missing')
    return undefined;
  const { code, params } = error;
  return {
    state: 'refused',
    count: undefined,
    agreed: 0,
    corrected: 0,
    waiting: 0,
    refused: 0,
    rejected: 0,
    superseded: 0,
    uncounted: 0,
    lines: [],
    more: false,
    refusals: [refusalFrom({ code, params })],
    replayed: false,
  };
}
