import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { Hub } from '../../../core/hub.ts';
import type { ShownAlert } from '../../../core/insight/alert/alerts.ts';
import { type FlowNode, makeTemporaryDir, removeTemporaryDir } from '../../support/runtime-options.ts';
import { eventually } from '../channel-webhook/support/eventually.ts';
import { recorderOf } from '../channel-webhook/support/recorder.ts';
import { type SourceRuntime, startSources } from '../channel-webhook/support/source-runtime.ts';
import {
  alertFlow,
  ids,
  order,
  type Receiver,
  robotSecret,
  robotTarget,
  robotToken,
  startReceiver,
  types,
  webhookSecret,
  webhookTarget,
} from './alert-flow.ts';

interface Status {
  fill?: string;
  text?: string;
}

interface AlertResult {
  rule: string;
  event: string;
  targets: { name: string; state: string; sentence?: string }[];
}

describe('order-alert', function () {
  this.timeout(30_000);
  const queued = recorderOf(ids.queued);
  const repeated = recorderOf(ids.repeated);
  const caught = recorderOf(ids.catcher);
  let desk: Receiver;
  let boss: Receiver;
  let runtime: SourceRuntime;
  let userDir: string;
  let hub: Hub;
  /** Each test has a store of its own. */
  let stores = 0;
  let linesBefore = 0;
  const statuses: Status[] = [];

  before(async () => {
    userDir = await makeTemporaryDir();
    await launch();
  });
  after(async () => {
    await runtime.stop();
    await removeTemporaryDir(userDir);
  });
  beforeEach(async () => {
    for (const recorder of [queued, repeated, caught]) recorder.clear();
    stores += 1;
    [desk, boss] = await Promise.all([startReceiver(), startReceiver()]);
  });
  afterEach(() => Promise.all([desk.close(), boss.close()]));

  async function launch(): Promise<void> {
    runtime = await startSources(types, [], { userDir });
    runtime.RED.events.on('node-status', keepStatus);
  }

  function keepStatus({ id, status }: { id: string; status: Status }): void {
    if (id === ids.alert) statuses.push(status);
  }

  /** Deploys a flow, whose store stays the same within a test. */
  async function deploy(flows: readonly FlowNode[]): Promise<void> {
    statuses.length = 0;
    linesBefore = runtime.logs.length;
    await runtime.setFlows(
      flows.map((node) => (node.id === ids.store ? { ...node, path: `store-${stores}.sqlite` } : node)),
    );
    hub = await runtime.hub(ids.store);
  }

  const logged = () =>
    runtime.logs
      .slice(linesBefore)
      .map(({ message }) => message)
      .join('\n');

  const both = () => alertFlow([webhookTarget(desk.origin), robotTarget(boss.origin)]);

  /** Sends an order's message into the node. */
  function raise(event: string | number | undefined, more: object = {}): void {
    runtime.receive(ids.alert, {
      order: { key: 'web/main/A-1', version: 1 },
      payload: order,
      ...(event !== undefined && { event: { id: event, type: 'paid' } }),
      ...more,
    });
  }

  /** The newest alert to somebody, once it is in a state. */
  function shown(to: string, state: ShownAlert['state']): Promise<ShownAlert> {
    return eventually(async () =>
      (await hub.alerts.list()).find((alert) => alert.to === to && alert.state === state),
    );
  }

  const assertNoSecrets = (text: string) => {
    for (const secret of [webhookSecret, robotToken, robotSecret, order.receiver.phone]) {
      assert.ok(!text.includes(secret), `a secret is in ${text}`);
    }
  };

  it('tells every target once, with the order filled in and personal data masked', async () => {
    await deploy(both());
    raise(7);
    const [message] = await queued.count(1);
    assert.deepEqual(message!.alert as AlertResult, {
      rule: 'late',
      event: '7',
      targets: [
        { target: ids.desk, name: 'desk', state: 'queued' },
        { target: ids.boss, name: 'boss', state: 'queued' },
      ],
    });
    const [[hook], [robot]] = await Promise.all([desk.count(1), boss.count(1)]);
    const { title, text, rule, order: key } = hook!.body.data as Record<string, string>;
    assert.deepEqual([title, rule, key], ['Order A-1 is late', 'late', 'web/main/A-1']);
    assert.match(text!, /138\.00.*\n张\*\* 138\*\*\*\*0000$/s);
    for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature'])
      assert.ok(hook!.headers[name], name);
    assert.match(robot!.path, /access_token=robot-token-Zx81q&timestamp=\d+&sign=/);
    assert.match((robot!.body.text as { content: string }).content, /张\*\*/);
    await Promise.all([shown('desk', 'sent'), shown('boss', 'sent')]);
  });

  it('tells of the same event once, also after Node-RED started again', async () => {
    await deploy(both());
    raise(7);
    raise(7);
    await Promise.all([queued.count(1), repeated.count(1), shown('desk', 'sent'), shown('boss', 'sent')]);
    runtime.RED.events.off('node-status', keepStatus);
    await runtime.stop();
    await launch();
    await deploy(both());
    raise(7);
    const [, again] = await repeated.count(2);
    assert.deepEqual(
      (again!.alert as AlertResult).targets.map(({ state }) => state),
      ['repeated', 'repeated'],
    );
    raise(8);
    await Promise.all([queued.count(2), desk.count(2), boss.count(2)]);
    await Promise.all([shown('desk', 'sent'), shown('boss', 'sent')]);
    assert.deepEqual([desk.posted.length, boss.posted.length], [2, 2]);
  });

  it('goes on sending to the others when one fails, and gives up for the dead letters', async () => {
    desk.status = 500;
    await deploy(alertFlow([webhookTarget(desk.origin, { attempts: '1' }), robotTarget(boss.origin)]));
    raise(1);
    raise(2);
    await Promise.all([boss.count(2), desk.count(2)]);
    const failed = await shown('desk', 'failed');
    assert.equal(failed.reason?.code, 'alert.server-error');
    await shown('boss', 'sent');
    await eventually(async () => ((await hub.deadLetters.count()) === 2 ? true : undefined));
    assert.deepEqual(
      await eventually(async () => statuses.find(({ text }) => text === 'order-alert.status.failing')),
      {
        fill: 'red',
        shape: 'ring',
        text: 'order-alert.status.failing',
      },
    );
    // Put right and retried, it arrives, and the node is green again.
    desk.status = 200;
    const [letter] = await hub.deadLetters.list();
    await hub.deadLetters.retryOne(letter!.id, { actor: 'wang' });
    await desk.count(3);
    await eventually(async () => (statuses.at(-1)?.fill === 'green' ? true : undefined));
    assert.equal(
      desk.posted[2]?.headers['webhook-id'],
      desk.posted.find(({ body }) => (body.data as { event: string }).event === '2')?.headers['webhook-id'],
    );
  });

  it('gives up at once what waiting cannot mend', async () => {
    boss.answer = { errcode: 310000, errmsg: 'sign not match' };
    await deploy(alertFlow([robotTarget(boss.origin)]));
    raise(1);
    const failed = await shown('boss', 'failed');
    assert.deepEqual([failed.reason?.code, failed.attempts, boss.posted.length], ['alert.robot-sign', 1, 1]);
    assertNoSecrets(JSON.stringify(await hub.deadLetters.list()));
  });

  it('tries again after a while what may pass', async () => {
    desk.status = 503;
    await deploy(alertFlow([webhookTarget(desk.origin)]));
    raise(1);
    await desk.count(1);
    desk.status = 200;
    const sent = await shown('desk', 'sent');
    assert.equal(sent.attempts, desk.posted.length);
    assert.equal(new Set(desk.posted.map(({ headers }) => headers['webhook-id'])).size, 1);
  });

  it('sends no faster than the rate of the target', async () => {
    await deploy(alertFlow([webhookTarget(desk.origin, { perMinute: '120' })]));
    const began = Date.now();
    for (const event of [1, 2, 3]) raise(event, { order: { key: `web/main/A-${event}` } });
    const posted = await desk.count(3);
    // Two a second, the first at once, and a fifth of one saved up. Since they were raised: the first may come late.
    const ms = posted[2]!.at - began;
    assert.ok(ms >= 890, `${ms} ms for three`);
  });

  it('closes in time while a target does not answer, and sends again afterwards', async () => {
    desk.silent = true;
    const flows = alertFlow([webhookTarget(desk.origin)]);
    await deploy(flows);
    raise(1);
    await desk.count(1);
    const began = Date.now();
    desk.silent = false;
    await deploy(flows.map((node) => (node.id === ids.desk ? { ...node, name: 'shipping' } : node)));
    assert.ok(Date.now() - began < 2_500);
    await desk.count(2);
    const sent = await shown('desk', 'sent');
    assert.equal(sent.attempts, 1);
  });

  it('keeps alerts until the settings of a target are put right', async () => {
    const wrong = webhookTarget(desk.origin, { credentials: { webhookSecret: '' } });
    await deploy(alertFlow([wrong]));
    assert.match(logged(), /Enter the secret/);
    raise(1);
    await queued.count(1);
    assert.equal(statuses.at(-1)?.text, 'order-alert.status.failing');
    assert.equal((await shown('desk', 'waiting')).attempts, 0);
    await deploy(alertFlow([webhookTarget(desk.origin)]));
    await shown('desk', 'sent');
    await eventually(async () => (statuses.at(-1)?.fill === 'green' ? true : undefined));
  });

  it('sends mail', async () => {
    const mails: string[] = [];
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      logger: false,
      onData(stream, _session, done) {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          mails.push(Buffer.concat(chunks).toString('utf8'));
          server.emit('mail');
          done();
        });
      },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    try {
      const { port } = server.server.address() as AddressInfo;
      const mail = { kind: 'smtp', host: '127.0.0.1', port: String(port), security: 'none', user: '' };
      const people = { from: 'Shop <shop@example.com>', to: 'desk@example.com, boss@example.com' };
      await deploy(alertFlow([webhookTarget('', { ...mail, ...people, url: '', credentials: {} })]));
      const arrived = once(server, 'mail');
      raise(1);
      await arrived;
      assert.match(mails[0]!, /Subject: Order A-1 is late/);
      assert.match(mails[0]!, /To: desk@example\.com, boss@example\.com/);
      await shown('desk', 'sent');
    } finally {
      await new Promise<void>((resolve) => server.close(() => resolve()));
    }
  });

  it('uses the kept order when the message has none, and its version when there is no event', async () => {
    await deploy(alertFlow([webhookTarget(desk.origin)]));
    await hub.orders.save({ order, inboxId: null, arrivedAt: Date.now() });
    raise(undefined, { payload: '1.25 kg' });
    raise(undefined, { payload: '1.25 kg' });
    raise(undefined, { payload: null, order: { key: 'web/main/A-1', version: 2 } });
    const [first, second] = await queued.count(2);
    await repeated.count(1);
    assert.deepEqual(
      [first, second].map((message) => (message!.alert as AlertResult).event),
      ['order#1', 'order#2'],
    );
    const posted = await desk.count(2);
    assert.equal((posted[0]!.body.data as { title: string }).title, 'Order A-1 is late');
  });

  it('tells of what is about no order by its event', async () => {
    await deploy(
      alertFlow([webhookTarget(desk.origin)], {
        event: 'payload.deliveryId',
        title: 'Died: {{msg.payload.key}}',
        text: '',
      }),
    );
    runtime.receive(ids.alert, { payload: { deliveryId: 12, key: 'x' } });
    runtime.receive(ids.alert, { payload: { deliveryId: 12, key: 'x' } });
    await Promise.all([queued.count(1), repeated.count(1)]);
    const [posted] = await desk.count(1);
    assert.equal((posted!.body.data as { title: string }).title, 'Died: x');
  });

  it('refuses a message that nothing tells from the next', async () => {
    await deploy(alertFlow([webhookTarget(desk.origin)]));
    runtime.receive(ids.alert, { payload: 'hello' });
    const [message] = await caught.count(1);
    assert.equal((message!.error as { code: string }).code, 'order-alert.nothing');
  });

  it('keeps alerts for targets that are disabled, deleted or of another store, tells the others, and is red', async () => {
    const store = { type: 'hub-store', name: 'other', path: 'other.sqlite', version: 1 };
    const other = { id: '9b6f20c41d7e5a10', ...store };
    const stray = robotTarget(boss.origin, { store: other.id });
    const off = webhookTarget(desk.origin, { id: '9b6f20c41d7e5a11', name: 'off', d: true });
    const gone = '9b6f20c41d7e5aff';
    const chosen = { target3: off.id, target4: gone };
    await deploy([...alertFlow([webhookTarget(desk.origin), stray], chosen), off, other]);
    raise(1);
    const [message] = await queued.count(1);
    assert.deepEqual(
      (message!.alert as AlertResult).targets.map(({ name, state, sentence }) => [name, state, !sentence]),
      [
        ['desk', 'queued', true],
        ['boss', 'queued', false],
        ['off', 'queued', false],
        [gone, 'queued', false],
      ],
    );
    assert.match(String(statuses.at(-1)?.text), /^boss sends nothing/);
    assert.equal(statuses.at(-1)?.fill, 'red');
    await desk.count(1);
    for (const to of ['boss', 'off', gone]) assert.doesNotMatch((await shown(to, 'waiting')).text, /张三丰/);
    raise(1);
    await repeated.count(1);
    // Put right, what waited goes out.
    const right = [webhookTarget(desk.origin), robotTarget(boss.origin)] as const;
    await deploy([...alertFlow(right, chosen), { ...off, d: false }]);
    await Promise.all([shown('boss', 'sent'), shown('off', 'sent')]);
    assert.deepEqual([desk.posted.length, boss.posted.length], [2, 1]);
  });

  it('warns of a wording with unknown fields', async () => {
    await deploy(alertFlow([webhookTarget(desk.origin)], { title: 'Order {{order.chanelOrderId}}' }));
    assert.match(logged(), /Did you mean "order\.channelOrderId"/);
  });

  it('never writes a secret or a phone number into the log', async () => {
    desk.status = 400;
    desk.answer = { echo: webhookSecret };
    boss.answer = { errcode: 300001, errmsg: `token ${robotToken} is not exist ${robotSecret}` };
    await deploy(both());
    raise(1);
    await Promise.all([shown('desk', 'failed'), shown('boss', 'failed')]);
    const log = logged();
    assert.match(log, /The alert to "boss" was not sent/);
    assertNoSecrets(log);
    assertNoSecrets(JSON.stringify(await hub.alerts.list()));
  });
});
