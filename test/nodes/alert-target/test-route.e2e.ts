import assert from 'node:assert/strict';
import { bearerToken } from '../../support/embedded-runtime.ts';
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
} from '../order-alert/alert-flow.ts';

/** What the editor sends for a secret that is kept. */
const kept = '__PWRD__';

interface Outcome {
  sent: boolean;
  code: string;
  sentence: string;
  warnings: string[];
  fields: string[];
}

describe('the test of an alert target', function () {
  this.timeout(30_000);
  let desk: Receiver;
  let boss: Receiver;
  let runtime: SourceRuntime;
  const users = [
    { username: 'editor', password: 'x', permissions: '*' },
    { username: 'clerk', password: 'x', permissions: ['order-hub.write'] },
    { username: 'guest', password: 'x', permissions: ['order-hub.read'] },
  ];

  before(async () => {
    [desk, boss] = await Promise.all([startReceiver(), startReceiver()]);
    const flows = alertFlow([webhookTarget(desk.origin), robotTarget(boss.origin, { language: 'zh-CN' })]);
    runtime = await startSources(types, flows, { adminAuth: users });
  });
  after(async () => {
    await runtime?.stop();
    await Promise.all([desk.close(), boss.close()]);
  });
  beforeEach(() => {
    for (const receiver of [desk, boss]) {
      receiver.posted.length = 0;
      receiver.answer = { errcode: 0, errmsg: 'ok' };
    }
  });

  async function test(
    id: string,
    body: object = {},
    { user = 'editor', language = 'en-US' } = {},
  ): Promise<{ status: number; outcome: Outcome; text: string }> {
    const response = await fetch(`${runtime.adminUrl}/order-hub/v1/alert-targets/${id}/test`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${bearerToken(user)}`,
        'content-type': 'application/json',
        'accept-language': language,
      },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = (response.headers.get('content-type') ?? '').includes('json');
    return { status: response.status, text, outcome: (isJson ? JSON.parse(text) : {}) as Outcome };
  }

  it('sends with the deployed settings, in the language of the target, and tells it in that of the viewer', async () => {
    const { status, outcome } = await test(ids.boss, {}, { user: 'clerk' });
    assert.equal(status, 200);
    assert.deepEqual([outcome.sent, outcome.code], [true, 'alert-target.test-sent']);
    assert.match(outcome.sentence, /^Sent/);
    assert.match((boss.posted[0]!.body.text as { content: string }).content, /测试/);
  });

  it('tells what went wrong, without a secret', async () => {
    boss.answer = { errcode: 310000, errmsg: `sign not match ${robotSecret}` };
    const { outcome, text } = await test(ids.boss, {}, { language: 'zh-CN' });
    assert.deepEqual([outcome.sent, outcome.code], [false, 'alert.robot-sign']);
    assert.match(outcome.sentence, /加签/);
    for (const secret of [robotSecret, robotToken]) assert.ok(!text.includes(secret));
  });

  it('sends with settings that are not deployed, and the secrets that are kept', async () => {
    const config = { kind: 'webhook', url: `${boss.origin}/other` };
    const { outcome } = await test(ids.desk, { config, credentials: { webhookSecret: kept } });
    assert.equal(outcome.sent, true);
    assert.deepEqual([boss.posted[0]?.path, desk.posted.length], ['/other', 0]);
  });

  it('sends for a target that was never deployed', async () => {
    const config = { kind: 'webhook', url: `${desk.origin}/new` };
    const { outcome } = await test('0123456789abcdef', { config, credentials: { webhookSecret } });
    assert.equal(outcome.sent, true);
    assert.equal(desk.posted[0]?.path, '/new');
  });

  it('says which settings are missing', async () => {
    const config = { kind: 'sms-aliyun', recipients: '', signName: '', templateCode: 'SMS_1' };
    const { outcome } = await test('0123456789abcdef', { config, credentials: {} });
    assert.equal(outcome.sent, false);
    assert.deepEqual([...outcome.fields].sort(), [
      'accessKeyId',
      'accessKeySecret',
      'recipients',
      'signName',
    ]);
  });

  it('lets only people who may edit flows send kept secrets elsewhere', async () => {
    const config = { kind: 'webhook', url: `${boss.origin}/theft` };
    const { status } = await test(
      ids.desk,
      { config, credentials: { webhookSecret: kept } },
      { user: 'clerk' },
    );
    assert.equal(status, 401);
    assert.equal(boss.posted.length, 0);
  });

  it('is refused to those who may only read', async () => {
    assert.equal((await test(ids.desk, {}, { user: 'guest' })).status, 401);
    assert.equal(desk.posted.length, 0);
  });

  it('answers 404 for a target that nobody deployed, and 400 for a kind that does not exist', async () => {
    const unknown = await test('0123456789abcdef');
    assert.deepEqual([unknown.status, unknown.outcome.code], [404, 'alert-target.not-deployed']);
    const fax = await test(ids.desk, { config: { kind: 'fax' } });
    assert.deepEqual([fax.status, fax.outcome.code], [400, 'alert-target.bad-kind']);
  });

  it('is written down with who did it', async () => {
    await test(ids.desk, {}, { user: 'clerk' });
    const hub = await runtime.hub(ids.store);
    const acts = await hub.store.read
      .selectFrom('acts')
      .selectAll()
      .where('act', '=', 'alert-target.test')
      .orderBy('id', 'desc')
      .execute();
    assert.deepEqual([acts[0]?.actor, acts[0]?.object], ['clerk', ids.desk]);
    assert.ok(!JSON.stringify(acts).includes(webhookSecret));
  });

  describe('and the preview of an alert', () => {
    interface Preview {
      order: string | null;
      problems: { title: { sentence: string }[]; text: { sentence: string }[] };
      previews: { to: string; kind: string; title: string; text: string; variables: object[] }[];
    }

    async function call<A>(method: string, path: string, body?: object, user = 'guest', language = 'en-US') {
      const response = await fetch(`${runtime.adminUrl}/order-hub/v1/alerts/${path}`, {
        method,
        headers: {
          authorization: `Bearer ${bearerToken(user)}`,
          'content-type': 'application/json',
          'accept-language': language,
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      return { status: response.status, answer: (response.ok ? await response.json() : undefined) as A };
    }

    const wording = {
      store: ids.store,
      title: 'Order {{order.channelOrderId}}',
      text: '{{order.receiver.name}} {{order.receiver.phone}}\n{{weight.explanation.sentence}}',
    };

    it('fills in a sample order until there is a real one, masked', async () => {
      const { answer } = await call<Preview>('POST', 'preview', wording);
      assert.deepEqual([answer.order, answer.previews[0]?.title], [null, 'Order 1001']);
      assert.match(answer.previews[0]!.text, /^张\*\* 138\*\*\*\*0000\n182 g over/);
      assert.deepEqual(answer.problems, { title: [], text: [] });
    });

    it('fills in the last order of the store', async () => {
      const hub = await runtime.hub(ids.store);
      await hub.orders.save({ order, inboxId: null, arrivedAt: Date.now() });
      const { answer } = await call<Preview>('POST', 'preview', wording);
      assert.deepEqual([answer.order, answer.previews[0]?.title], ['web/main/A-1', 'Order A-1']);
      assert.ok(!answer.previews[0]!.text.includes(order.receiver.phone));
    });

    it('shows each target its own, and SMS by their variables', async () => {
      const targets = [
        { name: 'group', kind: 'dingtalk', language: 'zh-CN' },
        {
          name: 'phone',
          kind: 'sms-aliyun',
          language: 'en-US',
          variables: [{ name: 'no', template: '{{order.channelOrderId}}' }],
        },
      ];
      const { answer } = await call<Preview>('POST', 'preview', { ...wording, targets });
      assert.deepEqual(
        answer.previews.map(({ to, kind, variables }) => [to, kind, variables]),
        [
          ['group', 'dingtalk', []],
          ['phone', 'sms-aliyun', [{ name: 'no', value: 'A-1' }]],
        ],
      );
    });

    it('tells errors field by field, in the language of the viewer', async () => {
      const wrong = { title: '{{order.chanelOrderId}}', text: 'fine' };
      const { answer } = await call<Preview>('POST', 'preview', wrong, 'guest', 'zh-CN');
      assert.match(answer.problems.title[0]!.sentence, /是否想用“order\.channelOrderId”/);
      assert.deepEqual(answer.problems.text, []);
    });

    it('offers only fields that can be inserted without an error', async () => {
      for (const language of ['en-US', 'zh-CN']) {
        const { answer } = await call<{ fields: { insert: string; label: string }[] }>(
          'GET',
          'fields',
          undefined,
          'guest',
          language,
        );
        assert.ok(answer.fields.length > 40);
        const text = answer.fields.map(({ insert }) => insert).join('\n');
        const { answer: preview } = await call<Preview>('POST', 'preview', { title: '', text });
        assert.deepEqual(preview.problems.text, []);
        for (const { label } of answer.fields) assert.doesNotMatch(label, /^order-alert\./);
      }
    });

    it('is for people who may read orders', async () => {
      const nobody = await fetch(`${runtime.adminUrl}/order-hub/v1/alerts/preview`, { method: 'POST' });
      assert.equal(nobody.status, 401);
    });
  });
});
