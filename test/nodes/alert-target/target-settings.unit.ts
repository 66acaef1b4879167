import assert from 'node:assert/strict';
import { alertKinds } from '../../../core/insight/alert/channel.ts';
import {
  attemptsFault,
  credentialNames,
  credentialsOfKind,
  fieldsOfKind,
  rateFault,
} from '../../../nodes/alert-target/target-fields.ts';
import {
  type AlertTargetConfig,
  channelSecrets,
  channelSettings,
  kindOf,
  rateOf,
  readerOf,
  targetProblems,
} from '../../../nodes/alert-target/target-settings.ts';

const base = { id: '1' };
const whsec = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** Complete settings of each kind, as the dialog saves them. */
const complete: Record<(typeof alertKinds)[number], { config: object; credentials: Record<string, string> }> =
  {
    smtp: {
      config: {
        host: ' mail.example.com ',
        port: '587',
        security: 'starttls',
        user: 'u',
        from: 'Shop <s@example.com>',
        to: 'a@example.com，b@example.com\nc@example.com',
      },
      credentials: { password: 'p' },
    },
    webhook: { config: { url: 'https://example.com/hook' }, credentials: { webhookSecret: whsec } },
    dingtalk: {
      config: { keyword: '订单', atMobiles: '13800000000、13900000000', atAll: true },
      credentials: {
        dingtalkWebhook: 'https://oapi.dingtalk.com/robot/send?access_token=abc',
        dingtalkSecret: 'SEC1',
      },
    },
    wecom: {
      config: { mentionedList: '@all', mentionedMobileList: '13800000000' },
      credentials: { wecomWebhook: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc' },
    },
    feishu: {
      config: {},
      credentials: { feishuWebhook: 'https://open.feishu.cn/open-apis/bot/v2/hook/abc' },
    },
    'sms-aliyun': {
      config: {
        recipients: '13800000000',
        signName: '店铺',
        templateCode: 'SMS_1',
        variables: [{ name: 'no', template: '{{order.channelOrderId}}' }],
      },
      credentials: { aliyunKeyId: 'id', aliyunKeySecret: 'secret' },
    },
    'sms-tencent': {
      config: {
        recipients: '13800000000',
        signName: '店铺',
        templateId: '1',
        sdkAppId: '1400',
        region: 'ap-guangzhou',
      },
      credentials: { tencentKeyId: 'id', tencentKeySecret: 'secret' },
    },
  };

describe('the settings of an alert target', () => {
  for (const kind of alertKinds) {
    const config = { ...base, kind, ...complete[kind].config } as AlertTargetConfig;

    it(`are understood by the channel ${kind} when complete`, () => {
      assert.deepEqual(targetProblems(config, channelSecrets(kind, complete[kind].credentials)), []);
    });

    it(`of ${kind} are found incomplete without its credentials, by a name the dialog knows`, () => {
      const errors = targetProblems(config, channelSecrets(kind, {}));
      assert.ok(errors.length > 0);
      for (const { field } of errors) {
        const inDialog = credentialsOfKind[kind][field] ?? field;
        assert.ok(fieldsOfKind[kind].includes(inDialog), `${field} is no field of the dialog`);
      }
    });

    it(`of ${kind} do not take the credentials of another kind`, () => {
      const others = Object.fromEntries(credentialNames.map((name) => [name, 'x']));
      for (const name of Object.values(credentialsOfKind[kind])) delete others[name];
      assert.deepEqual(Object.values(channelSecrets(kind, others)).filter(Boolean), []);
    });
  }

  it('read lists however they are separated', () => {
    const { to } = channelSettings({ ...base, kind: 'smtp', ...complete.smtp.config }, false) as {
      to: string[];
    };
    assert.deepEqual(to, ['a@example.com', 'b@example.com', 'c@example.com']);
  });

  it('show Markdown in the way of each robot', () => {
    const format = (kind: 'dingtalk' | 'wecom' | 'feishu', markdown: boolean) =>
      (channelSettings({ ...base, kind }, markdown) as { format: string }).format;
    assert.deepEqual(
      [format('dingtalk', true), format('wecom', true), format('feishu', true), format('feishu', false)],
      ['markdown', 'markdown', 'card', 'text'],
    );
  });

  it('have the rate of the kind unless another is entered', () => {
    assert.deepEqual(rateOf({ ...base, kind: 'dingtalk' }), { perMinute: 20 });
    assert.deepEqual(rateOf({ ...base, kind: 'feishu', perMinute: '10' }), { perMinute: 10, perSecond: 5 });
  });

  it('take the language of the server where none is chosen, and are masked', () => {
    const reader = readerOf({ ...base, kind: 'wecom' }, 'zh-CN');
    assert.deepEqual(
      [reader.language, reader.showPersonal, reader.name],
      ['zh-CN', false, '企业微信群机器人'],
    );
    assert.equal(readerOf({ ...base, kind: 'wecom', language: 'en-US', name: 'desk' }, 'zh-CN').name, 'desk');
  });

  it('know no other kind', () => {
    assert.throws(() => kindOf({ kind: 'fax' as never }), { code: 'alert-target.bad-kind' });
  });

  it('bound rate and attempts', () => {
    for (const value of ['', undefined, null, 1, '6000'])
      assert.equal(rateFault(value), undefined, String(value));
    for (const value of ['0', '-1', '1.5', 'many', '6001']) assert.ok(rateFault(value), value);
    assert.equal(attemptsFault('50'), undefined);
    assert.ok(attemptsFault('51'));
  });
});
