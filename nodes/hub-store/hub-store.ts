import { isAbsolute, join } from 'node:path';
import { openSqlite } from '../../core/store/sqlite/sqlite-store.ts';
import { type BaseConfig, defineNode } from '../shared/define-node.ts';
import type { HubStoreApi } from '../shared/hub-lease.ts';
import { StoreConnection } from './store-connection.ts';

export interface HubStoreConfig extends BaseConfig {
  /** Path of the SQLite file; a relative one starts in the Node-RED user directory. */
  path: string;
}

/** The file's place when the dialog names none. */
const defaultPath = 'order-hub/hub.sqlite';

export default defineNode<HubStoreConfig>({
  type: 'hub-store',
  version: 1,
  setup({ RED, node, config }) {
    const settings = RED.settings as { userDir?: string; orderHubDir?: string };
    const path = config.path?.trim() || defaultPath;
    const folder = settings.orderHubDir ?? settings.userDir ?? process.cwd();
    const location = isAbsolute(path) ? path : join(folder, path);
    const connection = new StoreConnection({
      open: () => openSqlite({ location }),
      onFailure: (error) => node.error(error.message),
    });
    const api: HubStoreApi = {
      id: node.id,
      name: config.name ?? '',
      acquire: (user) => connection.acquire(user),
      current: () => connection.hub,
    };
    return { api, close: () => connection.close(1_200) };
  },
});
