import type { NodeAPI } from 'node-red';
import { askHealth } from '../../../core/insight/health.ts';
import { runningStores } from '../store-directory.ts';
import { serve } from './request.ts';

/**
 * `GET health`: the store, the backlog, the orders, and what a person should look at. 503 while the store cannot
 * be written. `GET stores`: the stores of the running flows.
 */
export function serveHealth(RED: NodeAPI): void {
  serve(RED, 'get', 'health', 'order-hub.read', async ({ hub, language }) => {
    const health = await askHealth({ hub: hub(), language });
    const failing = health.findings.find((finding) => finding.level === 'failing');
    if (!failing) return health;
    const { code, params, sentence } = failing;
    return {
      respond: (response) => response.status(503).json({ code, params, sentence, ...health }),
    };
  });
  serve(RED, 'get', 'stores', 'order-hub.read', ({ language }) => ({
    stores: runningStores().map(({ id, name, location, connection }) => ({
      id,
      name,
      location,
      state: connection.hub?.store.health().state ?? 'closed',
      sentence: connection.hub ? null : connection.failure.told(language),
    })),
  }));
}
