import type { DryRun } from '../../core/channel/connection/dry-run.ts';
import { type Language, sentence } from '../../core/message.ts';
import './messages.ts';

/** The longest body of a request that is shown, characters. */
const longestBody = 1_000;

/** What a dry run did and found, line by line, for the person who sets the account up. */
export function dryRunNotes(run: DryRun, language: Language): string[] {
  const told = (code: string, params: Record<string, string | number>): string =>
    sentence(code, params, language);
  const notes = run.requests.map(({ method, url, headers, body }) => {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    const sent = body === null ? [] : [body.length > longestBody ? `${body.slice(0, longestBody)}…` : body];
    return told('account.tried-request', { request: [`${method} ${url}`, ...lines, ...sent].join(' | ') });
  });
  if (run.bad > 0) notes.push(told('account.tried-bad', { count: run.bad }));
  if (run.first) {
    const { channelOrderId: order, modifiedAt, fields } = run.first;
    const count = run.found ?? 0;
    notes.push(
      modifiedAt === null
        ? told('account.tried-timeless', { order, count, fields: fields.join(', ') })
        : told('account.tried-first', {
            order,
            count,
            at: new Date(modifiedAt).toISOString(),
            fields: fields.join(', '),
          }),
    );
  } else if (!run.fault && run.bad === 0) notes.push(told('account.tried-none', {}));
  return notes;
}
