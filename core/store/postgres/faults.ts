import { HubError, reasonOf } from '../../errors.ts';

/** SQLSTATEs, postgresql.org/docs/current/errcodes-appendix.html; the first five characters say all. */
const byState: Readonly<Record<string, { code: string; retryable: boolean }>> = {
  // Being shut down, crashed or starting; sessions the server ended; no room for another connection.
  '57P01': { code: 'store.unreachable', retryable: true },
  '57P02': { code: 'store.unreachable', retryable: true },
  '57P03': { code: 'store.unreachable', retryable: true },
  '57P05': { code: 'store.unreachable', retryable: true },
  '25P03': { code: 'store.unreachable', retryable: true },
  '53300': { code: 'store.unreachable', retryable: true },
  '28000': { code: 'store.login-refused', retryable: false },
  '28P01': { code: 'store.login-refused', retryable: false },
  '3D000': { code: 'store.database-missing', retryable: false },
  '42501': { code: 'store.not-permitted', retryable: false },
  '25006': { code: 'store.standby', retryable: true },
  '53100': { code: 'store.full', retryable: true },
  // Waited for a lock or worked longer than is allowed; victims of a deadlock.
  '55P03': { code: 'store.busy', retryable: true },
  '57014': { code: 'store.busy', retryable: true },
  '40001': { code: 'store.busy', retryable: true },
  '40P01': { code: 'store.busy', retryable: true },
  '53200': { code: 'store.failed', retryable: true },
  XX001: { code: 'store.failed', retryable: false },
  XX002: { code: 'store.failed', retryable: false },
};

/** What sockets and name resolution say. */
const network: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** Why Node.js does not take a server's certificate, nodejs.org/api/tls.html "X509 certificate error codes". */
const certificate: ReadonlySet<string> = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_SIGNATURE_FAILURE',
  'CERT_NOT_YET_VALID',
  'CERT_HAS_EXPIRED',
  'CERT_REVOKED',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'HOSTNAME_MISMATCH',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** What pg says of a server without TLS. */
const unencrypted = /^The server does not support SSL connections/;

/** What pg says without a code; its texts are all there is to tell them by. */
const broken =
  /^(Connection terminated|timeout expired|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Client was closed|Cannot use a pool after calling end)/;

/** Whether an error means that the connection is of no more use. */
export function isConnectionLoss(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined && (network.has(code) || code.startsWith('08'))) return true;
  if (code !== undefined && byState[code]?.code === 'store.unreachable') return true;
  return error instanceof Error && broken.test(error.message);
}

/** Whether a transaction was ended in favour of another one, or planned for tables that have changed since. */
export function isVictim(error: unknown): boolean {
  const code = codeOf(error);
  return code === '40001' || code === '40P01' || isStalePlan(error);
}

/** A statement prepared before a newer version added columns; a new connection prepares it anew. */
export function isStalePlan(error: unknown): boolean {
  return (
    codeOf(error) === '0A000' &&
    error instanceof Error &&
    error.message.startsWith('cached plan must not change result type')
  );
}

/** Whether a row met a unique key that is there already: perhaps one that another process wrote meanwhile. */
export function isCollision(error: unknown): boolean {
  return codeOf(error) === '23505';
}

/** What a statement does on purpose that finds its condition broken. */
export function isDivisionByZero(error: unknown): boolean {
  return codeOf(error) === '22012';
}

/** Whether a statement was refused because one before it in its transaction had failed. */
export function isAborted(error: unknown): boolean {
  return codeOf(error) === '25P02';
}

/**
 * Tells a failure of the server, the connection or the rights from one of a statement, which answers undefined. An
 * error that was told before is answered as it is.
 */
export function postgresFault(error: unknown, location: string): HubError | undefined {
  if (HubError.is(error)) return error.code.startsWith('store.') ? error : undefined;
  const params = { location, reason: reasonOf(error) };
  const known = byState[codeOf(error) ?? ''];
  if (known) return new HubError(known.code, params, { retryable: known.retryable, cause: error });
  if (certificate.has(codeOf(error) ?? ''))
    return new HubError('store.certificate-refused', params, { retryable: false, cause: error });
  if (error instanceof Error && unencrypted.test(error.message))
    return new HubError('store.no-tls', params, { retryable: false, cause: error });
  if (isConnectionLoss(error))
    return new HubError('store.unreachable', params, { retryable: true, cause: error });
  return undefined;
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}
