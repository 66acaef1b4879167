import { join } from 'node:path';
import { HubError } from '../../core/errors.ts';
import type { ConfigMigration } from '../shared/config-migration.ts';
import { type BaseConfig, defineNode } from '../shared/define-node.ts';
import type { HubStoreApi } from '../shared/hub-lease.ts';
import { serveAdminApi } from './admin-api/routes.ts';
import './messages.ts';
import type { PostgresFields } from './postgres-fields.ts';
import { type PostgresSecrets, postgresPlace, postgresPlaceAt } from './postgres-place.ts';
import { type StorePlace, shareConnection } from './shared-connections.ts';
import { sqlitePlace } from './sqlite-place.ts';
import { listStore } from './store-directory.ts';

export interface HubStoreConfig extends BaseConfig, PostgresFields {
  /** A file of this machine, or a database that several Node-RED may share: by fields, or by a connection URL. */
  kind: 'sqlite' | 'postgres' | 'postgres-url';
  /**
   * Path of the SQLite file. A relative one starts in the folder of the Node-RED setting `orderHubDir`, else in
   * the user directory; empty is `order-hub/hub.sqlite`.
   */
  path: string;
}

/** The first version knew files only. */
const withDatabases: ConfigMigration = {
  version: 2,
  up: (config) => ({
    kind: 'sqlite',
    host: '',
    port: '',
    database: '',
    user: '',
    schema: '',
    tls: 'off',
    // The last word: a flow that somebody wrote by hand may name a database without naming a version.
    ...config,
  }),
};

/** What a closing store waits for its users; less than a node may take to close. */
const closePatienceMs = 1_200;

export default defineNode<HubStoreConfig>({
  type: 'hub-store',
  version: 2,
  migrations: [withDatabases],
  credentials: { password: { type: 'password' }, url: { type: 'password' } },
  load: serveAdminApi,
  setup({ RED, node, config, credentials }) {
    const settings = RED.settings as { userDir?: string; orderHubDir?: string };
    const folder = settings.orderHubDir ?? settings.userDir ?? process.cwd();
    const place = placeOf(config, credentials, folder);
    const share = shareConnection(place, (error) => node.error(error.message));
    const { connection } = share;
    const unlist = listStore({
      id: node.id,
      name: config.name ?? '',
      location: place.location,
      connection,
    });
    const api: HubStoreApi = {
      id: node.id,
      name: config.name ?? '',
      acquire: (user) => connection.acquire(user),
      current: () => connection.hub,
    };
    return {
      api,
      async close() {
        unlist();
        await share.release(closePatienceMs);
      },
    };
  },
});

/** Copies of a database; those of a file lie beside it, which by default is the same folder. */
const backups = 'order-hub/backups';

function placeOf(config: HubStoreConfig, secrets: PostgresSecrets, folder: string): StorePlace {
  switch (config.kind) {
    case 'sqlite':
      return sqlitePlace(config.path, folder);
    case 'postgres':
      return postgresPlace(config, secrets, join(folder, backups));
    case 'postgres-url':
      return postgresPlaceAt(config.schema, secrets, join(folder, backups));
    default:
      throw new HubError('hub-store.bad-kind', { kind: String(config.kind) });
  }
}
