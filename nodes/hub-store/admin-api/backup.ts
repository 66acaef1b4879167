import type { NodeAPI } from 'node-red';
import { recordAct } from '../../../core/insight/acts.ts';
import { isoTime } from '../../../core/insight/query/asking.ts';
import { serve } from './request.ts';

/** `POST backup`: copies the store while it runs; answers where to. */
export function serveBackup(RED: NodeAPI): void {
  serve(RED, 'post', 'backup', 'order-hub.write', async ({ hub, actor }) => {
    const { store } = hub();
    const path = await store.backup();
    await recordAct(store, { actor, act: 'store.backup', object: path, detail: {} });
    const { bytes, lastBackup } = await store.usage();
    return { path, bytes, lastBackup: lastBackup && { ...lastBackup, at: isoTime(lastBackup.at) } };
  });
}
