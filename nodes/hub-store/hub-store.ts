import { isAbsolute, join } from 'node:path';
import { openSqlite } from '../../core/store/sqlite/sqlite-store.ts';
import { type BaseConfig, defineNode } from '../shared/define-node.ts';
import type { HubStoreApi } from '../shared/hub-lease.ts';
import { serveAdminApi } from './admin-api/routes.ts';
import { shareConnection } from './shared-connections.ts';
import { listStore } from './store-directory.ts';

export interface HubStoreConfig extends BaseConfig {
  /**
   * Path of the SQLite file. A relative one starts in the folder of the Node-RED setting `orderHubDir`, else in
   * the user directory; empty is `order-hub/hub.sqlite`.
   */
  path: string;
}

/** The file's place when the dialog names none. */
const defaultPath = 'order-hub/hub.sqlite';
/** What a closing store waits for its users; less than a node may take to close. */
const closePatienceMs = 1_200;

export default defineNode<HubStoreConfig>({
  type: 'hub-store',
  version: 1,
  load: serveAdminApi,
  setup({ RED, node, config }) {
    const settings = RED.settings as { userDir?: string; orderHubDir?: string };
    const path = config.path?.trim() || defaultPath;
    const folder = settings.orderHubDir ?? settings.userDir ?? process.cwd();
    const location = isAbsolute(path) ? path : join(folder, path);
    const share = shareConnection(
      location,
      (file) => openSqlite({ location: file }),
      (error) => node.error(error.message),
    );
    const { connection } = share;
    const unlist = listStore({ id: node.id, name: config.name ?? '', location, connection });
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
