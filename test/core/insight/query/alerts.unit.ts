import assert from 'node:assert/strict';
import { deliveryError } from '../../../../core/delivery/failure.ts';
import { DeliveryQueue } from '../../../../core/delivery/queue.ts';
import type { Hub } from '../../../../core/hub.ts';
import { Alerts, alertSubscriber } from '../../../../core/insight/alert/alerts.ts';
import { alertFor } from '../../../../core/insight/alert/for-target.ts';
import { askAlerts } from '../../../../core/insight/query/alerts.ts';
import type { Asking } from '../../../../core/insight/query/asking.ts';
import { openStock, type StockFixture } from '../../stock/stock-fixture.ts';
import { onEachStore } from '../../store/each-store.ts';

const key = 'web/main/1001';
const secrets = /张三丰|13812340000|示例路/;
const context = {
  order: {
    channelOrderId: '1001',
    receiver: { name: '张三丰', phone: '13812340000', address: '示例路 1 号' },
    lines: [],
  },
  now: 0,
} as never;

onEachStore('alerts that are asked for', (makePlace) => {
  let fixture: StockFixture;
  let alerts: Alerts;
  let asking: Asking;

  beforeEach(async () => {
    fixture = await openStock(makePlace);
    alerts = new Alerts(fixture.store);
    asking = { hub: { store: fixture.store } as Hub, language: 'en-US', personal: false };
  });
  afterEach(() => fixture.close());

  async function raise(showPersonal: boolean, event = '1'): Promise<void> {
    const wording = {
      title: 'Order {{order.channelOrderId}} of {{order.receiver.name}}',
      text: 'Call {{order.receiver.name}} {{order.receiver.phone}}, {{order.receiver.address}}',
      markdown: false,
    };
    const variables = [{ name: 'who', template: '{{order.receiver.phone}}' }];
    const reader = { name: 'desk', kind: 'sms-aliyun', language: 'en-US', showPersonal, variables } as const;
    const message = alertFor(reader, wording, context);
    await alerts.raise({ rule: 'late', orderKey: key, event, targets: [{ id: 'desk', message }] });
  }

  async function sent(): Promise<string> {
    const { deliveries } = await new DeliveryQueue(fixture.store).claim({
      subscriber: alertSubscriber('desk'),
      limit: 1,
      leaseMs: 1_000,
    });
    const { title, text, variables } = deliveries[0]!.alert!.message as Record<string, unknown>;
    return JSON.stringify([title, text, variables]);
  }

  it('are masked, though their target is told everything', async () => {
    await raise(true);
    for (const asked of [{}, { key }]) {
      const answer = await askAlerts(asked, asking);
      assert.doesNotMatch(JSON.stringify(answer), secrets);
      const { title, text } = answer.alerts[0]!.message;
      assert.equal(title, 'Order 1001 of 张**');
      assert.match(text, /Call 张\*\* 138\*\*\*\*0000/);
    }
    assert.doesNotMatch(JSON.stringify(await alerts.list()), secrets);
    const full = await askAlerts({}, { ...asking, personal: true });
    assert.match(full.alerts[0]!.message.text, /张三丰 13812340000, 示例路 1 号/);
    assert.match(await sent(), /张三丰 13812340000, 示例路 1 号.*"13812340000"/);
  });

  it('say the same to everybody where the target is told no more', async () => {
    await raise(false);
    const [masked] = (await askAlerts({}, asking)).alerts;
    const [full] = (await askAlerts({}, { ...asking, personal: true })).alerts;
    assert.deepEqual(masked, full);
    assert.doesNotMatch(await sent(), secrets);
  });

  it('say how their sending stands, also of one order', async () => {
    for (const event of ['1', '2', '3']) await raise(false, event);
    const queue = new DeliveryQueue(fixture.store);
    const next = async () =>
      (await queue.claim({ subscriber: alertSubscriber('desk'), limit: 1, leaseMs: 1_000 })).deliveries[0]!;
    await queue.finish(await next(), 'done');
    await queue.finish(await next(), { dead: deliveryError('alert.webhook-gone', { host: 'example.com' }) });
    for (const asked of [{}, { key }]) {
      const answer = (await askAlerts(asked, asking)).alerts;
      assert.deepEqual(
        answer.map(({ event, state, attempts }) => [event, state, attempts]),
        [
          ['3', 'waiting', 0],
          ['2', 'failed', 1],
          ['1', 'sent', 1],
        ],
      );
      assert.match(answer[1]?.reason?.sentence ?? '', /example\.com/);
      assert.match(answer[2]?.sentAt ?? '', /Z$/);
      assert.equal(answer[2]?.reason, null);
    }
    assert.deepEqual((await askAlerts({ key: 'other' }, asking)).alerts, []);
    const page = await askAlerts({ key, limit: 2 }, asking);
    const rest = await askAlerts({ key, limit: 2, after: page.next }, asking);
    assert.deepEqual(
      rest.alerts.map(({ event }) => event),
      ['1'],
    );
  });
});
