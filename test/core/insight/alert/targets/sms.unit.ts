import assert from 'node:assert/strict';
import axios from 'axios';
import type {
  AlertChannel,
  AlertMessage,
  AlertSecrets,
  PreparedRequest,
} from '../../../../../core/insight/alert/channel.ts';
import { signAcs3 } from '../../../../../core/insight/alert/targets/acs3-signature.ts';
import { smsAliyun } from '../../../../../core/insight/alert/targets/sms-aliyun.ts';
import { smsTencent } from '../../../../../core/insight/alert/targets/sms-tencent.ts';
import { signTc3 } from '../../../../../core/insight/alert/targets/tc3-signature.ts';
import {
  type Answer,
  accepting,
  answering,
  assertWithout,
  failure,
  nobody,
  selfSigned,
} from '../listening.ts';

/** 2026-09-01 20:00:00.500 in Shanghai. */
const now = Date.UTC(2026, 8, 1, 12, 0, 0, 500);
const fourHoursMs = 4 * 3_600_000 - 500;
const message: AlertMessage = {
  id: 'late|shopify/main/1001|paid',
  title: 'Late',
  text: 'Order 1001 is late',
  variables: [
    { name: 'order', value: '#1001 ™' },
    { name: 'hours', value: "3'(*)!~ +&=" },
  ],
};
const recipients = ['138 0013 8000', '+852 5123 4567'];

type Failure = [name: string, answer: Answer, code: string, retryable: boolean, waitMs?: number];

interface Provider {
  channel: AlertChannel;
  config: object;
  secrets: AlertSecrets;
  ok: object;
  providerId: string;
  failures: Failure[];
  missing: string[];
}

function aliyun(code: string, text = 'said'): Answer {
  return { status: code.startsWith('isv') ? 200 : 400, body: { Code: code, Message: text, RequestId: 'r' } };
}

function tencent(code: string, text = 'said'): Answer {
  return { body: { Response: { Error: { Code: code, Message: text }, RequestId: 'r' } } };
}

function perNumber(...codes: string[]): object {
  const numbers = ['+8613800138000', '+85251234567'];
  const statuses = codes.map((Code, index) => ({
    SerialNo: `serial-${index}`,
    PhoneNumber: numbers[index],
    Code,
    Message: `about ${numbers[index]}`,
  }));
  return { Response: { SendStatusSet: statuses, RequestId: 'r' } };
}

const providers: Provider[] = [
  {
    channel: smsAliyun,
    config: { recipients, signName: '某某店铺', templateCode: 'SMS_123' },
    secrets: { accessKeyId: 'LTAI-test-key-id', accessKeySecret: 'aliyun-test-key-secret' },
    ok: { Code: 'OK', Message: 'OK', BizId: '9006^0', RequestId: 'r' },
    providerId: '9006^0',
    failures: [
      [
        'a limit by the minute',
        aliyun('isv.BUSINESS_LIMIT_CONTROL', '触发分钟级流控Permits:1'),
        'alert.sms-limited',
        true,
        60_000,
      ],
      [
        'a limit by the hour',
        aliyun('isv.BUSINESS_LIMIT_CONTROL', '触发小时级流控Permits:5'),
        'alert.sms-limited',
        true,
        3_600_000,
      ],
      [
        'a limit by the day',
        aliyun('isv.BUSINESS_LIMIT_CONTROL', '触发天级流控Permits:10'),
        'alert.sms-limited',
        true,
        fourHoursMs,
      ],
      ['throttling', aliyun('Throttling.User'), 'alert.throttled', true, 60_000],
      ['a wrong signature name', aliyun('isv.SMS_SIGNATURE_ILLEGAL'), 'alert.sms-refused', false],
      ['no money', aliyun('isv.AMOUNT_NOT_ENOUGH'), 'alert.sms-refused', false],
      ['a wrong secret', aliyun('SignatureDoesNotMatch'), 'alert.sms-credentials', false],
      ['an unknown key', aliyun('InvalidAccessKeyId.NotFound'), 'alert.sms-credentials', false],
      ['a wrong clock', aliyun('InvalidTimeStamp.Expired'), 'alert.sms-clock', false],
      ['a fault inside', aliyun('isp.SYSTEM_ERROR'), 'alert.sms-unknown-outcome', false],
      ['a nonce already used', aliyun('SignatureNonceUsed'), 'alert.sms-unknown-outcome', false],
      ['an answer without a code', { body: { hello: 1 } }, 'alert.sms-unknown-outcome', false],
    ],
    missing: ['recipients', 'signName', 'templateCode', 'accessKeyId', 'accessKeySecret'],
  },
  {
    channel: smsTencent,
    config: { recipients, signName: '某某店铺', templateId: '449739', sdkAppId: '1400006666' },
    secrets: { secretId: 'AKID-test-key-id', secretKey: 'tencent-test-secret-key' },
    ok: perNumber('Ok', 'Ok'),
    providerId: 'serial-0',
    failures: [
      [
        'too many to a number',
        { body: perNumber('LimitExceeded.PhoneNumberThirtySecondLimit') },
        'alert.sms-limited',
        true,
        60_000,
      ],
      [
        'too many in an hour',
        { body: perNumber('LimitExceeded.PhoneNumberOneHourLimit') },
        'alert.sms-limited',
        true,
        3_600_000,
      ],
      [
        'too many in a day',
        { body: perNumber('LimitExceeded.PhoneNumberDailyLimit') },
        'alert.sms-limited',
        true,
        fourHoursMs,
      ],
      ['too many requests', tencent('RequestLimitExceeded'), 'alert.throttled', true, 60_000],
      [
        'a wrong template',
        { body: perNumber('FailedOperation.TemplateIncorrectOrUnapproved') },
        'alert.sms-refused',
        false,
      ],
      ['a wrong secret', tencent('AuthFailure.SignatureFailure'), 'alert.sms-credentials', false],
      ['no permission', tencent('UnauthorizedOperation'), 'alert.sms-credentials', false],
      ['a wrong clock', tencent('AuthFailure.SignatureExpire'), 'alert.sms-clock', false],
      ['a fault inside', tencent('InternalError.OtherError'), 'alert.sms-unknown-outcome', false],
      ['an answer without statuses', { body: { Response: {} } }, 'alert.sms-unknown-outcome', false],
      ['an answer of another kind', { body: { Response: 7 } }, 'alert.sms-unknown-outcome', false],
    ],
    missing: ['recipients', 'signName', 'templateId', 'sdkAppId', 'secretId', 'secretKey'],
  },
];

/** All that leaves open whether the message went out. */
const unclear: [string, Answer][] = [
  ['HTTP 500', { status: 500, body: 'oops' }],
  ['HTTP 504 of a gateway', { status: 504, body: '<html>Gateway Timeout</html>' }],
  ['an HTML page', { body: '<html>portal</html>' }],
  ['an empty answer', {}],
  ['a redirect', { status: 307, headers: { location: 'http://127.0.0.1:1/' } }],
];

for (const { channel, config, secrets, ok, providerId, failures, missing } of providers) {
  describe(`SMS by ${channel.kind}`, () => {
    const hidden = Object.values(secrets).map(String);
    const phones = ['13800138000', '85251234567'];

    async function sentTo(baseUrl: string, tools: object = {}) {
      return await channel.send(message, { ...config, baseUrl }, secrets, {
        http: axios,
        now,
        nonce: 'n0',
        ...tools,
      });
    }

    it('sends and gives a receipt', async () => {
      const server = await answering({ body: ok });
      try {
        const receipt = await sentTo(server.origin);
        assert.deepEqual(receipt, { kind: channel.kind, at: now, providerId, cut: false, refused: [] });
        assert.equal(server.received.length, 1);
      } finally {
        await server.close();
      }
    });

    for (const [name, answer, code, retryable, waitMs] of failures) {
      it(`tells ${name} as ${code}`, async () => {
        const server = await answering(answer);
        try {
          const error = await failure(sentTo(server.origin), [...hidden, ...phones]);
          assert.deepEqual([error.code, error.retryable, error.retryAfterMs], [code, retryable, waitMs]);
        } finally {
          await server.close();
        }
      });
    }

    for (const [name, answer] of unclear) {
      it(`does not say that ${name} can be tried again`, async () => {
        const server = await answering(answer);
        try {
          const error = await failure(sentTo(server.origin), [...hidden, ...phones]);
          assert.deepEqual([error.code, error.retryable], ['alert.sms-unknown-outcome', false]);
          assert.equal(server.received.length, 1);
        } finally {
          await server.close();
        }
      });
    }

    it('does not say that a lost answer can be tried again', async () => {
      const silent = await accepting();
      const breaking = await accepting((socket) => socket.once('data', () => socket.destroy()));
      try {
        const lost = await failure(sentTo(silent.origin, { timeoutMs: 150 }), [...hidden, ...phones]);
        assert.deepEqual([lost.code, lost.retryable], ['alert.sms-unknown-outcome', false]);
        const broken = await failure(sentTo(breaking.origin), [...hidden, ...phones]);
        assert.deepEqual([broken.code, broken.retryable], ['alert.sms-unknown-outcome', false]);
      } finally {
        await silent.close();
        await breaking.close();
      }
    });

    it('does not say that a sending broken off by a close can be tried again', async () => {
      const stop = new AbortController();
      const server = await accepting((socket) => socket.once('data', () => stop.abort()));
      try {
        const error = await failure(sentTo(server.origin, { signal: stop.signal }), [...hidden, ...phones]);
        assert.deepEqual([error.code, error.retryable], ['alert.sms-unknown-outcome', false]);
      } finally {
        await server.close();
      }
    });

    it('tries again what surely never left', async () => {
      const refused = await failure(sentTo(await nobody()), hidden);
      assert.deepEqual([refused.code, refused.retryable], ['alert.unreachable', true]);
      // A TLS handshake that nobody answers: the request itself was never written.
      const deaf = await accepting();
      try {
        const origin = deaf.origin.replace('http:', 'https:');
        const late = await failure(sentTo(origin, { connectTimeoutMs: 100 }), hidden);
        assert.deepEqual([late.code, late.retryable], ['alert.connect-timeout', true]);
      } finally {
        await deaf.close();
      }
    });

    it('does not trust a certificate that nobody vouches for', async () => {
      const server = await selfSigned();
      try {
        const error = await failure(sentTo(server.origin), hidden);
        assert.deepEqual([error.code, error.retryable], ['alert.certificate', false]);
      } finally {
        await server.close();
      }
    });

    it('keeps secrets and phone numbers out of what the provider says back', async () => {
      const echo = `${hidden.join(' ')} ${phones.join(' ')} +8613800138000`;
      const server = await answering(
        channel === smsAliyun ? aliyun('isv.X', echo) : tencent('FailedOperation.X', echo),
      );
      try {
        const error = await failure(sentTo(server.origin), [...hidden, ...phones]);
        assert.equal(error.code, 'alert.sms-refused');
        assert.match(error.message, /138\*\*\*\*8000/);
      } finally {
        await server.close();
      }
    });

    it('names every setting that is missing', () => {
      assert.deepEqual(
        channel.validate({}, {}).map(({ field }) => field),
        missing,
      );
      assert.deepEqual(channel.validate(config, secrets), []);
      const many = { ...config, recipients: Array.from({ length: 1001 }, () => '13800138000') };
      assert.equal(channel.validate(many, secrets)[0]?.code, 'alert.recipients-many');
      assert.equal(
        channel.validate({ ...config, recipients: ['12'] }, secrets)[0]?.code,
        'alert.phone-invalid',
      );
    });
  });
}

describe('what goes over the wire to SMS providers', () => {
  it('to Alibaba Cloud: the signed query as it is, and no body', async () => {
    const { config, secrets, ok } = providers[0]!;
    const server = await answering({ body: ok });
    try {
      const tools = { http: axios, now, nonce: 'nonce-1' };
      await smsAliyun.send(message, { ...config, baseUrl: server.origin } as never, secrets, tools);
      const [request] = server.received;
      const query = Object.fromEntries(request!.url.searchParams);
      assert.deepEqual(query, {
        PhoneNumbers: '13800138000,85251234567',
        SignName: '某某店铺',
        TemplateCode: 'SMS_123',
        TemplateParam: JSON.stringify({ order: '#1001 ™', hours: "3'(*)!~ +&=" }),
      });
      const signed = signAcs3(
        {
          method: 'POST',
          host: 'dysmsapi.aliyuncs.com',
          action: 'SendSms',
          version: '2017-05-25',
          query,
          body: '',
          now,
          nonce: 'nonce-1',
        },
        secrets.accessKeyId!,
        secrets.accessKeySecret!,
      );
      assert.equal(request!.url.search, `?${signed.query}`);
      for (const [name, value] of Object.entries(signed.headers)) assert.equal(request!.headers[name], value);
      assert.equal(request!.headers['x-acs-date'], '2026-09-01T12:00:00Z');
      assert.equal(request!.headers['content-type'], undefined);
      assert.equal(request!.body, '');
    } finally {
      await server.close();
    }
  });

  it('to Alibaba Cloud: another nonce each time', async () => {
    const { config, secrets, ok } = providers[0]!;
    const server = await answering({ body: ok });
    try {
      for (let attempt = 0; attempt < 2; attempt += 1) {
        await smsAliyun.send(message, { ...config, baseUrl: server.origin } as never, secrets, {
          http: axios,
          now,
        });
      }
      const [first, second] = server.received.map(({ headers }) => headers['x-acs-signature-nonce']);
      assert.notEqual(first, second);
    } finally {
      await server.close();
    }
  });

  it('to Tencent Cloud: numbers in E.164, variables in order, the signature over the very bytes', async () => {
    const { config, secrets, ok } = providers[1]!;
    const server = await answering({ body: ok });
    try {
      await smsTencent.send(message, { ...config, baseUrl: server.origin } as never, secrets, {
        http: axios,
        now,
      });
      const [request] = server.received;
      assert.deepEqual(JSON.parse(request!.body), {
        PhoneNumberSet: ['+8613800138000', '+85251234567'],
        SmsSdkAppId: '1400006666',
        SignName: '某某店铺',
        TemplateId: '449739',
        TemplateParamSet: ['#1001 ™', "3'(*)!~ +&="],
      });
      const contentType = 'application/json; charset=utf-8';
      const timestamp = Math.floor(now / 1000);
      const { authorization } = signTc3(
        { host: 'sms.tencentcloudapi.com', service: 'sms', contentType, body: request!.body, timestamp },
        secrets.secretId!,
        secrets.secretKey!,
      );
      assert.equal(request!.headers.authorization, authorization);
      assert.equal(request!.headers['content-type'], contentType);
      assert.equal(request!.headers['x-tc-action'], 'SendSms');
      assert.equal(request!.headers['x-tc-version'], '2021-01-11');
      assert.equal(request!.headers['x-tc-timestamp'], String(timestamp));
      assert.equal(request!.headers['x-tc-region'], 'ap-guangzhou');
    } finally {
      await server.close();
    }
  });

  it('to their own hosts unless a relay is set', () => {
    for (const { channel, config, secrets } of providers) {
      const { url } = channel.prepare(message, config, secrets, now, 'n') as PreparedRequest;
      assert.ok(['dysmsapi.aliyuncs.com', 'sms.tencentcloudapi.com'].includes(new URL(url).host));
      assert.equal(new URL(url).protocol, 'https:');
    }
  });

  it('from Tencent Cloud: refused for one number and sent to the other is a success that says so', async () => {
    const { config, secrets } = providers[1]!;
    const server = await answering({ body: perNumber('FailedOperation.PhoneNumberInBlacklist', 'Ok') });
    try {
      const tools = { http: axios, now };
      const receipt = await smsTencent.send(
        message,
        { ...config, baseUrl: server.origin } as never,
        secrets,
        tools,
      );
      assert.equal(receipt.providerId, 'serial-1');
      assert.deepEqual(receipt.refused, [
        {
          recipient: '+86138****8000',
          code: 'FailedOperation.PhoneNumberInBlacklist',
          reason: 'about +86138****8000',
        },
      ]);
      assertWithout(receipt, ['13800138000']);
    } finally {
      await server.close();
    }
  });
});
