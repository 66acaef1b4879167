import { HubError, reasonOf } from '../../errors.ts';

/**
 * Tells a failure of the file from one of a statement. SQLite's result codes name the first kind
 * (sqlite.org/rescode.html); a constraint or a wrong statement is the second and answers undefined.
 */
export function sqliteFault(error: unknown, location: string): HubError | undefined {
  if (HubError.is(error)) return error.code.startsWith('store.') ? error : undefined;
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string' || !code.startsWith('SQLITE_')) return undefined;
  const fault = (name: string, retryable: boolean) =>
    new HubError(name, { location, reason: reasonOf(error) }, { retryable, cause: error });
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return fault('store.in-use', true);
  if (code.startsWith('SQLITE_FULL')) return fault('store.full', true);
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_PERM'))
    return fault('store.read-only', true);
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB'))
    return fault('store.corrupt', false);
  if (code.startsWith('SQLITE_IOERR') || code.startsWith('SQLITE_CANTOPEN'))
    return fault('store.failed', true);
  return undefined;
}
