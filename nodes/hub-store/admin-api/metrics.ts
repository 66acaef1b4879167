import type { NodeAPI } from 'node-red';
import {
  counter,
  gauge,
  hubMetrics,
  type Metric,
  prometheusText,
  type Sample,
} from '../../../core/insight/metrics.ts';
import { lastDeliveries } from '../../channel-webhook/last-delivery.ts';
import { type Call, serve } from './request.ts';

/** `GET metrics`: figures for Prometheus. While the store is down they say only that. */
export function serveMetrics(RED: NodeAPI): void {
  serve(RED, 'get', 'metrics', 'order-hub.read', async (call) => {
    const text = prometheusText([...(await figures(call)), webhookResults(RED)]);
    return { respond: (response) => response.type('text/plain; version=0.0.4; charset=utf-8').send(text) };
  });
}

async function figures({ store }: Call): Promise<Metric[]> {
  const { hub } = store().connection;
  if (hub) return hubMetrics(hub);
  const down: Sample[] = [{ labels: {}, value: 0 }];
  return [gauge('order_hub_store_up', 'Whether the last write to the store got through.', down)];
}

function webhookResults(RED: NodeAPI): Metric {
  const samples = [...lastDeliveries()].flatMap(([id, { counts }]) => {
    const node = RED.nodes.getNode(id) as { name?: string } | null;
    return Object.entries(counts).map(([code, value]) => ({
      labels: { node: id, name: node?.name ?? '', code },
      value,
    }));
  });
  return counter(
    'order_hub_webhook_requests_total',
    'Calls at the webhook addresses since their nodes were started, by the HTTP status they were answered with.',
    samples,
  );
}
