import { HubError } from '../../core/errors.ts';
import './messages.ts';

/** What the dialog says of a database, as it is saved. */
export interface PostgresFields {
  host: string;
  port: string | number;
  database: string;
  user: string;
  /** Empty is `public`. */
  schema: string;
  /** Whether the connection is encrypted, and whether the server's certificate is checked. */
  tls: 'off' | 'verify' | 'no-verify';
}

export const defaultHost = '127.0.0.1';
export const defaultPort = 5432;
export const defaultSchema = 'public';

/** What would make a field unusable, as the dialog and the running node judge it; undefined when it is fine. */
export type FieldFault = (value: string | number | undefined) => HubError | undefined;

export const hostFault: FieldFault = (value) => {
  const host = textOf(value);
  // What would end the host's part of an address; no name and no IP address holds one of these.
  return /[\s/@?#\\]/.test(host) ? new HubError('hub-store.bad-host', { host }) : undefined;
};

export const portFault: FieldFault = (value) => {
  const port = textOf(value);
  if (port === '') return undefined;
  const number = Number(port);
  return Number.isInteger(number) && number >= 1 && number <= 65_535
    ? undefined
    : new HubError('hub-store.bad-port', { port });
};

export const databaseFault: FieldFault = (value) =>
  textOf(value) === '' ? new HubError('hub-store.no-database') : undefined;

export const userFault: FieldFault = (value) =>
  textOf(value) === '' ? new HubError('hub-store.no-user') : undefined;

/** Names that mean the same quoted or not, so that nobody looks for `Shop` and finds `shop`. */
export const schemaFault: FieldFault = (value) => {
  const schema = textOf(value);
  return schema === '' || (/^[a-z_][a-z0-9_]{0,62}$/.test(schema) && !schema.startsWith('pg_'))
    ? undefined
    : new HubError('hub-store.bad-schema', { schema });
};

/** Judges a connection URL; what it says never holds the URL, for that holds a password. */
export const urlFault: FieldFault = (value) => {
  const text = textOf(value);
  if (text === '') return new HubError('hub-store.no-url');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const named = url && /^postgres(?:ql)?:$/.test(url.protocol) && url.hostname && url.pathname.length > 1;
  return named ? undefined : new HubError('hub-store.bad-url');
};

function textOf(value: string | number | undefined): string {
  return String(value ?? '').trim();
}
