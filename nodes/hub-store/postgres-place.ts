import { openPostgres } from '../../core/store/postgres/postgres-store.ts';
import {
  databaseFault,
  defaultHost,
  defaultPort,
  defaultSchema,
  hostFault,
  type PostgresFields,
  portFault,
  schemaFault,
  urlFault,
  userFault,
} from './postgres-fields.ts';
import type { StorePlace } from './shared-connections.ts';

/** What the flow file never holds. */
export interface PostgresSecrets {
  password?: string;
  /** Stands for all fields but the schema. */
  url?: string;
}

/**
 * A schema of a PostgreSQL database that the dialog describes by fields.
 *
 * @param backupFolder where copies go that are made from here
 * @throws HubError hub-store.bad-host, bad-port, no-database, no-user, bad-schema
 */
export function postgresPlace(
  fields: PostgresFields,
  { password = '' }: PostgresSecrets,
  backupFolder: string,
): StorePlace {
  const { host, port, database, user, schema, tls } = fields;
  const fault =
    hostFault(host) ?? portFault(port) ?? databaseFault(database) ?? userFault(user) ?? schemaFault(schema);
  if (fault) throw fault;
  const url = new URL('postgres://localhost');
  url.hostname = hostInUrl(host?.trim() || defaultHost);
  url.port = String(port || defaultPort);
  url.pathname = `/${encodeURIComponent(database.trim())}`;
  url.username = encodeURIComponent(user.trim());
  url.password = encodeURIComponent(password);
  if (tls === 'verify') url.searchParams.set('sslmode', 'verify-full');
  if (tls === 'no-verify') url.searchParams.set('sslmode', 'no-verify');
  return placeAt(url, schema, backupFolder);
}

/**
 * A schema of a PostgreSQL database that a connection URL names.
 *
 * @throws HubError hub-store.no-url, bad-url, bad-schema
 */
export function postgresPlaceAt(
  schema: string,
  { url = '' }: PostgresSecrets,
  backupFolder: string,
): StorePlace {
  const fault = urlFault(url) ?? schemaFault(schema);
  if (fault) throw fault;
  return placeAt(new URL(url.trim()), schema, backupFolder);
}

function placeAt(url: URL, schema: string | undefined, backupFolder: string): StorePlace {
  const name = schema?.trim() || defaultSchema;
  const database = `${url.hostname.toLowerCase()}:${url.port || defaultPort}${url.pathname}`;
  return {
    key: `postgres:${database}#${name}`,
    location: `postgres://${database}?schema=${name}`,
    open: () => openPostgres({ connectionString: url.href, schema: name, backupFolder }),
  };
}

/** An IPv6 address stands in brackets there. */
function hostInUrl(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}
