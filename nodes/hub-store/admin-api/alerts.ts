import type { NodeAPI } from 'node-red';
import { askAlerts } from '../../../core/insight/query/alerts.ts';
import { serve } from './request.ts';

/** `GET alerts?key=&limit=&after=` */
export function serveAlerts(RED: NodeAPI): void {
  serve(RED, 'get', 'alerts', 'order-hub.read', ({ asked, asking }) => askAlerts(asked, asking()));
}
