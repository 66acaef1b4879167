import { shopifyMapping } from '../../core/order/mapping/presets/shopify.ts';
import { woocommerceMapping } from '../../core/order/mapping/presets/woocommerce.ts';
import type { FlowNode } from './runtime-options.ts';

/** Secrets of the accounts in {@link hubFlow}; those of the samples. */
export const secrets = { shopify: 'shopify-test-client-secret', woocommerce: 'woo-test-secret' } as const;

export interface HubFlowOptions {
  /** Settings of every source node, such as how much is in flight. */
  source?: Record<string, unknown>;
  /** Tells somebody of every order that was paid, whether its stock could be locked or not. */
  alerts?: { url: string; secret: string };
  /** A PostgreSQL database to keep the store in, which several runtimes may share; default a SQLite file. */
  postgres?: { connectionString: string; schema: string };
}

/** The tab where orders come in, and the one where stock follows what happens to them. */
export const tabs = { orders: 'hubflow000tab', stock: 'hubflow00tab2' } as const;
export const storeId = 'hubflow00store';
/** The store's file, below the user directory. */
export const storeFile = 'order-hub/hub.sqlite';

const at = (x: number, y: number) => ({ z: tabs.orders, x, y });
const onStock = (x: number, y: number) => ({ z: tabs.stock, x, y });

/**
 * A whole hub as a merchant would wire it: two shops in, orders saved, stock locked when they are paid and let go
 * when they are cancelled.
 */
export function hubFlow(options: HubFlowOptions = {}): FlowNode[] {
  const { source = {}, alerts, postgres } = options;
  return [
    ...(alerts ? telling(alerts) : []),
    { id: tabs.orders, type: 'tab', label: 'orders' },
    { id: tabs.stock, type: 'tab', label: 'stock' },
    storeNode(postgres),
    ...shop('shopify', 'CNY', shopifyMapping, 100, source),
    ...shop('woocommerce', 'USD', woocommerceMapping, 200, source),
    {
      id: 'hubflow000save',
      type: 'order-save',
      ...at(500, 150),
      store: storeId,
      order: 'payload',
      orderType: 'msg',
      version: 1,
      wires: [[], [], []],
    },
    {
      id: 'hubflow000paid',
      type: 'order-event',
      ...onStock(120, 300),
      store: storeId,
      types: ['paid'],
      channels: [],
      ...source,
      version: 1,
      wires: [['hubflow000lock']],
    },
    {
      id: 'hubflow000lock',
      type: 'stock-lock',
      ...onStock(320, 300),
      store: storeId,
      pool: 'main',
      lines: 'payload.lines',
      linesType: 'msg',
      scenario: 'normal',
      bucket: 'committed',
      minutes: '',
      partial: 'all-or-none',
      version: 1,
      wires: alerts ? [['hubflow00alert'], ['hubflow00alert']] : [[], []],
    },
    {
      id: 'hubflow0cancel',
      type: 'order-event',
      ...onStock(120, 360),
      store: storeId,
      types: ['cancelled'],
      channels: [],
      ...source,
      version: 1,
      wires: [['hubflow00free0']],
    },
    {
      id: 'hubflow00free0',
      type: 'stock-release',
      ...onStock(320, 360),
      store: storeId,
      pool: 'main',
      what: 'all',
      lines: 'payload.lines',
      linesType: 'msg',
      version: 1,
      wires: [[], []],
    },
    {
      id: 'hubflow00stock',
      type: 'http in',
      ...at(120, 400),
      url: '/test/receive',
      method: 'post',
      wires: [['hubflow0adjust']],
    },
    {
      id: 'hubflow0adjust',
      type: 'stock-adjust',
      ...at(320, 400),
      store: storeId,
      action: 'receive',
      pool: 'main',
      bucket: 'available',
      lines: 'payload',
      linesType: 'msg',
      once: '',
      onceType: 'str',
      reason: 'reason',
      reasonType: 'msg',
      version: 1,
      wires: [['hubflow0answer'], ['hubflow0answer']],
    },
    { id: 'hubflow0answer', type: 'http response', ...at(520, 400), wires: [] },
  ];
}

function storeNode(postgres: HubFlowOptions['postgres']): FlowNode {
  const node = { id: storeId, type: 'hub-store', name: 'store', path: storeFile };
  if (!postgres) return { ...node, version: 1 };
  const { connectionString, schema } = postgres;
  return { ...node, kind: 'postgres-url', schema, version: 2, credentials: { url: connectionString } };
}

function telling({ url, secret }: { url: string; secret: string }): FlowNode[] {
  return [
    {
      id: 'hubflow0target',
      type: 'alert-target',
      name: 'the office',
      store: storeId,
      kind: 'webhook',
      url,
      perMinute: '6000',
      attempts: '',
      version: 1,
      credentials: { webhookSecret: secret },
    },
    {
      id: 'hubflow00alert',
      type: 'order-alert',
      ...onStock(520, 300),
      store: storeId,
      rule: 'order paid',
      target: 'hubflow0target',
      title: 'Paid: {{order.channelOrderId}}',
      text: '{{order.channel}} {{order.money.total}}',
      markdown: false,
      order: 'payload',
      orderType: 'msg',
      event: 'event.id',
      eventType: 'msg',
      version: 1,
      wires: [[], []],
    },
  ];
}

function shop(
  platform: keyof typeof secrets,
  currency: string,
  mapping: object,
  y: number,
  source: Record<string, unknown>,
): FlowNode[] {
  const account = `hubflow0${platform.slice(0, 6)}`;
  return [
    {
      id: account,
      type: 'channel-account',
      name: platform,
      platform,
      path: platform,
      channel: platform,
      shop: 'main',
      currency,
      zone: 'Asia/Shanghai',
      repeats: 'platform',
      version: 1,
      credentials: { secret: secrets[platform] },
    },
    {
      id: `${account}hook`,
      type: 'channel-webhook',
      ...at(120, y),
      store: storeId,
      account,
      ...source,
      version: 1,
      wires: [[`${account}map0`]],
    },
    {
      id: `${account}map0`,
      type: 'order-map',
      ...at(320, y),
      record: 'payload',
      recordType: 'msg',
      account: '',
      mapping,
      version: 1,
      wires: [['hubflow000save'], []],
    },
  ];
}
