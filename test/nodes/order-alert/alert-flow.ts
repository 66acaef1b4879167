import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FlowNode } from '../../support/embedded-runtime.ts';

export const ids = {
  tab: '9b6f20c41d7e5a01',
  store: '9b6f20c41d7e5a02',
  alert: '9b6f20c41d7e5a03',
  queued: '9b6f20c41d7e5a04',
  repeated: '9b6f20c41d7e5a05',
  caught: '9b6f20c41d7e5a06',
  catcher: '9b6f20c41d7e5a07',
  desk: '9b6f20c41d7e5a08',
  boss: '9b6f20c41d7e5a09',
} as const;

/** Types that every flow here is made of. */
export const types = ['hub-store', 'alert-target', 'order-alert'];

export const webhookSecret = `whsec_${Buffer.alloc(32, 11).toString('base64')}`;
export const robotToken = 'robot-token-Zx81q';
export const robotSecret = 'SEC-sign-4471-abcdef';

export const order = {
  channel: 'web',
  shop: 'main',
  channelOrderId: 'A-1',
  scenario: 'normal',
  status: 'paid' as const,
  refundStatus: 'none' as const,
  times: {},
  currency: 'CNY',
  money: { total: 13_800 },
  lines: [{ lineId: '1', sku: 'TEA-250', quantity: 2 }],
  receiver: { name: '张三丰', phone: '13812340000' },
};

export const webhookTarget = (origin: string, more: object = {}): FlowNode => ({
  id: ids.desk,
  type: 'alert-target',
  name: 'desk',
  store: ids.store,
  kind: 'webhook',
  url: `${origin}/hook`,
  perMinute: '6000',
  version: 1,
  credentials: { webhookSecret },
  ...more,
});

export const robotTarget = (origin: string, more: object = {}): FlowNode => ({
  id: ids.boss,
  type: 'alert-target',
  name: 'boss',
  store: ids.store,
  kind: 'dingtalk',
  baseUrl: origin,
  perMinute: '6000',
  version: 1,
  credentials: { dingtalkWebhook: robotToken, dingtalkSecret: robotSecret },
  ...more,
});

/** A flow with one order-alert, recorders behind its outputs, and the targets given. */
export function alertFlow(targets: readonly FlowNode[], more: object = {}): FlowNode[] {
  const at = (x: number, y: number) => ({ z: ids.tab, x, y });
  const recorder = (id: string, y: number) => ({ id, type: 'test-recorder', ...at(400, y), wires: [] });
  const [first, second] = targets;
  return [
    { id: ids.tab, type: 'tab', label: 'alerts' },
    { id: ids.store, type: 'hub-store', name: 'store', path: '', version: 1 },
    ...targets,
    {
      id: ids.alert,
      type: 'order-alert',
      ...at(100, 100),
      store: ids.store,
      rule: 'late',
      target: first?.id ?? '',
      target2: second?.id ?? '',
      title: 'Order {{order.channelOrderId}} is late',
      text: '{{order.money.total}}\n{{order.receiver.name}} {{order.receiver.phone}}',
      markdown: false,
      order: 'payload',
      orderType: 'msg',
      event: 'event.id',
      eventType: 'msg',
      version: 1,
      wires: [[ids.queued], [ids.repeated]],
      ...more,
    },
    recorder(ids.queued, 80),
    recorder(ids.repeated, 120),
    { id: ids.caught, type: 'catch', ...at(100, 200), scope: null, wires: [[ids.catcher]] },
    recorder(ids.catcher, 200),
  ];
}

export interface Posted {
  path: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
  /** Epoch milliseconds. */
  at: number;
}

/** A server on this machine that keeps what is posted to it. */
export interface Receiver {
  origin: string;
  posted: Posted[];
  /** HTTP status to answer with; 200 unless set. */
  status: number;
  answer: object;
  /** While set, requests get no answer. */
  silent: boolean;
  /** Resolves once so many were posted. */
  count(many: number): Promise<Posted[]>;
  close(): Promise<void>;
}

export async function startReceiver(answer: object = { errcode: 0, errmsg: 'ok' }): Promise<Receiver> {
  const waiting = new Set<() => void>();
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    receiver.posted.push({
      path: request.url ?? '',
      headers: request.headers,
      body: JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>,
      at: Date.now(),
    });
    for (const check of waiting) check();
    if (receiver.silent) return;
    response.writeHead(receiver.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(receiver.answer));
  });
  const receiver: Receiver = {
    origin: '',
    posted: [],
    status: 200,
    answer,
    silent: false,
    count(many) {
      return new Promise((resolve) => {
        const check = () => {
          if (receiver.posted.length < many) return;
          waiting.delete(check);
          resolve(receiver.posted);
        };
        waiting.add(check);
        check();
      });
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  receiver.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return receiver;
}
