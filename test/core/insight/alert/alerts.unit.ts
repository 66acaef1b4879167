import assert from 'node:assert/strict';
import { DeadLetters } from '../../../../core/delivery/dead-letters.ts';
import { deliveryError } from '../../../../core/delivery/failure.ts';
import { DeliveryQueue } from '../../../../core/delivery/queue.ts';
import { Alerts, type AlertTarget, alertSubscriber } from '../../../../core/insight/alert/alerts.ts';
import { openStock, type StockFixture } from '../../stock/stock-fixture.ts';
import { onEachStore } from '../../store/each-store.ts';

const order = 'web/main/1001';

onEachStore('the alerts of a store', (makePlace) => {
  let fixture: StockFixture;
  let alerts: Alerts;

  beforeEach(async () => {
    fixture = await openStock(makePlace);
    alerts = new Alerts(fixture.store);
  });
  afterEach(() => fixture.close());

  const target = (id: string): AlertTarget => ({
    id,
    message: { title: 'late', text: `order is late`, to: `name of ${id}`, markdown: false },
  });
  const raise = (event: string, targets = ['desk', 'boss'], rule = 'late', orderKey: string | null = order) =>
    alerts.raise({ rule, orderKey, event, targets: targets.map(target) });
  const states = async (raised: ReturnType<typeof raise>) => (await raised).map(({ state }) => state);
  const deliveries = () => fixture.store.read.selectFrom('deliveries').selectAll().orderBy('id').execute();

  it('are queued for every target at once, in the order of the order', async () => {
    assert.deepEqual(await states(raise('7')), ['queued', 'queued']);
    assert.deepEqual(
      (await deliveries()).map(({ topic, subscriber, key, state }) => [topic, subscriber, key, state]),
      [
        ['alert', 'alert:desk', order, 'ready'],
        ['alert', 'alert:boss', order, 'ready'],
      ],
    );
  });

  it('are queued once per rule, order and event', async () => {
    await raise('7');
    assert.deepEqual(await states(raise('7')), ['repeated', 'repeated']);
    assert.deepEqual(await states(raise('8')), ['queued', 'queued']);
    assert.deepEqual(await states(raise('7', ['desk'], 'blocked')), ['queued']);
    assert.deepEqual(await states(raise('7', ['desk'], 'late', 'web/main/1002')), ['queued']);
    assert.equal((await deliveries()).length, 6);
  });

  it('are queued once though asked for a hundred times together', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => raise('7')));
    assert.equal(answers.flat().filter(({ state }) => state === 'queued').length, 2);
    assert.equal((await deliveries()).length, 2);
  });

  it('reach a target that was added later, and only that one', async () => {
    await raise('7', ['desk']);
    assert.deepEqual(await states(raise('7', ['desk', 'boss'])), ['repeated', 'queued']);
  });

  it('are known after the store was closed and opened again', async () => {
    await raise('7');
    const again = await new Alerts(await fixture.reopen()).raise({
      rule: 'late',
      orderKey: order,
      event: '7',
      targets: [target('desk')],
    });
    assert.deepEqual(again, [{ target: 'desk', state: 'repeated', alertId: null }]);
  });

  it('without an order stand in nobody’s way', async () => {
    await raise('died#1', ['desk'], 'dead', null);
    await raise('died#2', ['desk'], 'dead', null);
    const [first, second] = await deliveries();
    assert.notEqual(first?.key, second?.key);
  });

  it('carry the message and its key to whoever sends them', async () => {
    await raise('7', ['desk']);
    const { deliveries: claimed } = await claim('desk');
    assert.deepEqual(claimed[0]?.alert?.message, {
      id: `late|${order}|7`,
      title: 'late',
      text: 'order is late',
      to: 'name of desk',
      markdown: false,
    });
  });

  describe('as boards list them', () => {
    it('say what became of them', async () => {
      await raise('1', ['desk']);
      await raise('2', ['boss']);
      await raise('3', ['team']);
      await raise('4', ['other']);
      const queue = new DeliveryQueue(fixture.store);
      const [sent] = (await claim('desk')).deliveries;
      await queue.finish(sent!, 'done');
      const [failed] = (await claim('boss')).deliveries;
      await queue.finish(failed!, { dead: deliveryError('alert.webhook-gone', { host: 'example.com' }) });
      await claim('team');
      const shown = await alerts.list();
      assert.deepEqual(
        shown.map(({ to, state }) => [to, state]),
        [
          ['name of other', 'waiting'],
          ['name of team', 'sending'],
          ['name of boss', 'failed'],
          ['name of desk', 'sent'],
        ],
      );
      assert.match(shown[2]?.reason?.sentence ?? '', /example\.com/);
      assert.equal(shown[3]?.sentAt, fixture.clock.now);
    });

    it('tell of the retry instead of the dead delivery, and of a dismissal', async () => {
      const dead = new DeadLetters(fixture.store);
      const queue = new DeliveryQueue(fixture.store);
      for (const event of ['1', '2']) {
        await raise(event, [`target${event}`]);
        const [claimed] = (await claim(`target${event}`)).deliveries;
        await queue.finish(claimed!, { dead: deliveryError('alert.webhook-gone', { host: 'example.com' }) });
      }
      const letters = await dead.list();
      await dead.dismiss(letters[0]!.id, { actor: 'wang', reason: 'told by phone' });
      await dead.retryOne(letters[1]!.id, { actor: 'wang' });
      assert.deepEqual(
        (await alerts.list()).map(({ state }) => state),
        ['dismissed', 'waiting'],
      );
    });

    it('come in pages', async () => {
      for (const event of ['1', '2', '3']) await raise(event, ['desk']);
      const first = await alerts.list(2);
      const second = await alerts.list(2, first.at(-1)!.id);
      assert.deepEqual(
        [...first, ...second].map(({ event }) => event),
        ['3', '2', '1'],
      );
    });
  });

  async function claim(id: string) {
    const queue = new DeliveryQueue(fixture.store);
    return await queue.claim({ subscriber: alertSubscriber(id), limit: 10, leaseMs: 30_000 });
  }
});
