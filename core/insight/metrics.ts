import type { Hub } from '../hub.ts';
import { findingCounts, lastRound } from '../store/queries/audit.ts';
import { alertsByTarget, backlogs, ordersByStatus } from '../store/queries/health.ts';
import { countersOf } from './counters.ts';

/** One figure with the names that tell it from its neighbours. */
export interface Sample {
  labels: Readonly<Record<string, string>>;
  value: number;
}

/** A family of figures as Prometheus reads them. */
export interface Metric {
  name: string;
  help: string;
  type: 'counter' | 'gauge';
  samples: readonly Sample[];
}

/**
 * The figures of a hub.
 *
 * @param hub a hub whose store is open; counters of the process are added as they are
 */
export async function hubMetrics(hub: Hub): Promise<Metric[]> {
  const { store } = hub;
  const [orders, waiting, alerts, findings, round] = await Promise.all([
    ordersByStatus(store.read),
    backlogs(store.read),
    alertsByTarget(store.read),
    findingCounts(store.read),
    lastRound(store.read),
  ]);
  const health = store.health();
  const { bytes, lastBackup } = await store.usage();
  const now = store.now();
  const one = (value: number): Sample[] => [{ labels: {}, value }];
  return [
    gauge(
      'order_hub_store_up',
      'Whether the last write to the store got through.',
      one(health.state === 'open' ? 1 : 0),
    ),
    gauge('order_hub_store_bytes', 'Size of the store.', one(bytes)),
    gauge(
      'order_hub_store_last_backup_timestamp_seconds',
      'When the newest copy of the store was made.',
      lastBackup ? one(lastBackup.at / 1_000) : [],
    ),
    counter(
      'order_hub_store_commands_total',
      'Writes committed since the store was opened.',
      one(health.commands),
    ),
    counter('order_hub_store_batches_total', 'Transactions they were committed in.', one(health.batches)),
    gauge(
      'order_hub_store_waiting_commands',
      'Writes that wait for the next transaction.',
      one(health.waiting),
    ),
    gauge(
      'order_hub_store_last_commit_seconds',
      'Time the last flush to disk took.',
      one(health.lastCommitMs / 1_000),
    ),
    gauge(
      'order_hub_orders',
      'Orders by status.',
      orders.map(({ status, count }) => ({ labels: { status }, value: count })),
    ),
    gauge(
      'order_hub_deliveries',
      'Deliveries that wait, are in a flow, or have failed for good, by subscriber.',
      waiting.flatMap(({ subscriber, ready, leased, dead }) =>
        Object.entries({ ready, leased, dead }).map(([state, value]) => ({
          labels: { subscriber, state },
          value,
        })),
      ),
    ),
    gauge(
      'order_hub_delivery_oldest_age_seconds',
      'Age of the oldest waiting delivery, by subscriber.',
      waiting.flatMap(({ subscriber, oldestAt }) =>
        oldestAt === null ? [] : [{ labels: { subscriber }, value: (now - oldestAt) / 1_000 }],
      ),
    ),
    counter(
      'order_hub_alerts_total',
      'Alerts made, by target.',
      alerts.map(({ target, count }) => ({ labels: { target }, value: count })),
    ),
    gauge(
      'order_hub_audit_findings',
      'Open findings of the stock audit, by code.',
      findings.map(({ code, level, count }) => ({ labels: { code, level }, value: count })),
    ),
    gauge(
      'order_hub_audit_last_round_timestamp_seconds',
      'When the stock audit last went through everything.',
      round ? one(round.finished_at / 1_000) : [],
    ),
    counter(
      'order_hub_stock_refusals_total',
      'Acts on stock that were refused since the process started, by reason.',
      countersOf('stock-refusal').map(({ labels, value }) => ({ labels, value })),
    ),
  ];
}

/** Metrics as text in the exposition format of Prometheus, version 0.0.4. */
export function prometheusText(metrics: readonly Metric[]): string {
  return metrics
    .map(({ name, help, type, samples }) =>
      [
        `# HELP ${name} ${help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n')}`,
        `# TYPE ${name} ${type}`,
        ...samples.map(({ labels, value }) => `${name}${labelText(labels)} ${value}`),
        '',
      ].join('\n'),
    )
    .join('');
}

export function gauge(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, help, type: 'gauge', samples };
}

export function counter(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, help, type: 'counter', samples };
}

function labelText(labels: Sample['labels']): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}
