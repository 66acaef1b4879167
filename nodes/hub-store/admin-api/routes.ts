import type { NodeAPI } from 'node-red';
import { serveActs } from './acts.ts';
import { serveAlerts } from './alerts.ts';
import { serveAudit } from './audit.ts';
import { serveBackup } from './backup.ts';
import { serveChannels } from './channels.ts';
import { serveCounts } from './counts.ts';
import { serveDeliveries } from './deliveries.ts';
import { serveHealth } from './health.ts';
import { serveMessages } from './messages.ts';
import { serveMetrics } from './metrics.ts';
import { serveOrders } from './orders.ts';
import { serveShares } from './shares.ts';
import { serveStock } from './stock.ts';
import { serveSubscribers } from './subscribers.ts';
import { serveWeights } from './weights.ts';

/** The admin API: below Node-RED's admin root, `order-hub/v1/…`. Once a runtime. */
export function serveAdminApi(RED: NodeAPI): void {
  serveHealth(RED);
  serveOrders(RED);
  serveStock(RED);
  serveCounts(RED);
  serveShares(RED);
  serveChannels(RED);
  serveDeliveries(RED);
  serveSubscribers(RED);
  serveAlerts(RED);
  serveAudit(RED);
  serveWeights(RED);
  serveBackup(RED);
  serveActs(RED);
  serveMetrics(RED);
  serveMessages(RED);
}
