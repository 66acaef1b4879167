import type { NodeAPI } from 'node-red';
import { isoTime } from '../../../core/insight/query/asking.ts';
import { writeDown } from './acts.ts';
import { serve } from './request.ts';

/** `POST backup`: copies the store while it runs; answers where to. */
export function serveBackup(RED: NodeAPI): void {
  serve(RED, 'post', 'backup', 'order-hub.write', async (call) => {
    const { store } = call.hub();
    const path = await store.backup();
    const act = { actor: call.actor, act: 'store.backup', object: path, detail: {} };
    const written = await writeDown(call, act);
    const { bytes, lastBackup } = await store.usage();
    return {
      path,
      bytes,
      lastBackup: lastBackup && { ...lastBackup, at: isoTime(lastBackup.at) },
      ...written,
    };
  });
}
