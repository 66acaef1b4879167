import assert from 'node:assert/strict';
import axios from 'axios';
import type {
  AlertChannel,
  AlertMessage,
  AlertSecrets,
  PreparedRequest,
} from '../../../../../core/insight/alert/channel.ts';
import { dingtalk, dingtalkSignature } from '../../../../../core/insight/alert/targets/dingtalk.ts';
import { feishu, feishuSignature } from '../../../../../core/insight/alert/targets/feishu.ts';
import { wecom } from '../../../../../core/insight/alert/targets/wecom.ts';
import { type Answer, accepting, answering, assertWithout, failure, nobody } from '../listening.ts';

const now = 1_700_000_000_123;
const token = 'tok-3f9c1e7a-robot';
const secret = 'SECa1b2c3/+signing=';
const message: AlertMessage = {
  id: 'late|shopify/main/1001|paid',
  title: 'Order 1001 is late',
  text: 'Order 1001 ™ 已超时 🚚\n2 × SKU-A',
};

interface Robot {
  channel: AlertChannel;
  /** What the platform answers to a message it took. */
  ok: object;
  secrets: AlertSecrets;
  failures: [name: string, answer: Answer, code: string, retryable: boolean, waitMs?: number][];
}

const robots: Robot[] = [
  {
    channel: dingtalk,
    ok: { errcode: 0, errmsg: 'ok' },
    secrets: { webhook: `https://oapi.dingtalk.com/robot/send?access_token=${token}`, secret },
    failures: [
      [
        'a wrong signature',
        { body: { errcode: 310000, errmsg: 'sign not match' } },
        'alert.robot-sign',
        false,
      ],
      [
        'an old timestamp',
        { body: { errcode: 310000, errmsg: 'invalid timestamp' } },
        'alert.robot-sign',
        false,
      ],
      [
        'no keyword',
        { body: { errcode: 310000, errmsg: 'keywords not in content' } },
        'alert.robot-keyword',
        false,
      ],
      [
        'a foreign IP',
        { body: { errcode: 310000, errmsg: 'ip 192.0.2.1 not in whitelist' } },
        'alert.robot-ip',
        false,
      ],
      [
        'an unknown robot',
        { body: { errcode: 300005, errmsg: 'token is not exist' } },
        'alert.robot-token',
        false,
      ],
      [
        'an unknown code',
        { body: { errcode: 400013, errmsg: 'group dismissed' } },
        'alert.robot-other',
        false,
      ],
      ['too many', { body: { errcode: 130101, errmsg: 'send too fast' } }, 'alert.throttled', true, 600_000],
      [
        'a penalty with its end',
        { body: { status: 1111, wait: 5, punish: 'x' } },
        'alert.throttled',
        true,
        5000,
      ],
      ['a busy system', { body: { errcode: -1, errmsg: 'system busy' } }, 'alert.robot-busy', true],
    ],
  },
  {
    channel: wecom,
    ok: { errcode: 0, errmsg: 'ok' },
    secrets: { webhook: token },
    failures: [
      [
        'too many',
        { body: { errcode: 45009, errmsg: 'api freq out of limit' } },
        'alert.throttled',
        true,
        60_000,
      ],
      [
        'an unknown robot',
        { body: { errcode: 93000, errmsg: 'invalid webhook url' } },
        'alert.robot-token',
        false,
      ],
      [
        'an unknown code',
        { body: { errcode: 40008, errmsg: 'invalid message type' } },
        'alert.robot-other',
        false,
      ],
      ['a busy system', { body: { errcode: -1, errmsg: 'system busy' } }, 'alert.robot-busy', true],
    ],
  },
  {
    channel: feishu,
    ok: { code: 0, msg: 'success', data: {}, StatusCode: 0, StatusMessage: 'success' },
    secrets: { webhook: `https://open.feishu.cn/open-apis/bot/v2/hook/${token}`, secret },
    failures: [
      ['a wrong signature', { body: { code: 19021, msg: 'sign match fail' } }, 'alert.robot-sign', false],
      ['a foreign IP', { body: { code: 19022, msg: 'Ip Not Allowed' } }, 'alert.robot-ip', false],
      ['no keyword', { body: { code: 19024, msg: 'Key Words Not Found' } }, 'alert.robot-keyword', false],
      ['a bad request', { body: { code: 9499, msg: 'Bad Request' } }, 'alert.robot-other', false],
      ['too many', { body: { code: 11232, msg: 'frequency limited' } }, 'alert.throttled', true, 60_000],
      [
        'a failure with HTTP 400',
        { status: 400, body: { code: 19021, msg: 'x' } },
        'alert.robot-sign',
        false,
      ],
    ],
  },
];

/** What any of them may meet on the way. */
const commonFailures: Robot['failures'] = [
  [
    'an HTML page',
    { body: '<html><title>Sign in</title><body>portal</body></html>' },
    'alert.answer-unreadable',
    true,
  ],
  ['an empty answer', { body: '' }, 'alert.answer-unreadable', true],
  ['JSON of another kind', { body: '[1]' }, 'alert.answer-unreadable', true],
  ['a JSON object without a code', { body: { hello: 1 } }, 'alert.answer-unreadable', true],
  ['HTTP 500', { status: 500, body: 'oops' }, 'alert.server-error', true],
  [
    'HTTP 503 with a wait',
    { status: 503, headers: { 'retry-after': '7' } },
    'alert.server-error',
    true,
    7000,
  ],
  ['HTTP 429', { status: 429, headers: { 'retry-after': '12' } }, 'alert.throttled', true, 12_000],
  ['HTTP 429 without a wait', { status: 429 }, 'alert.throttled', true, 60_000],
  ['HTTP 403', { status: 403, body: 'no' }, 'alert.refused', false],
  ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 'alert.redirected', false],
  ['a flood', { body: 'x'.repeat(300_000) }, 'alert.answer-unreadable', true],
  [
    'its token and secret said back',
    { status: 400, body: `bad: ${token} ${secret} ${encodeURIComponent(secret)} access_token=${token}` },
    'alert.refused',
    false,
  ],
];

for (const { channel, ok, secrets, failures } of robots) {
  describe(`the ${channel.kind} robot`, () => {
    const hidden = secrets.secret ? [token, secret] : [token];

    it('takes a message and gives a receipt', async () => {
      const server = await answering({ body: ok });
      try {
        const receipt = await channel.send(message, { baseUrl: server.origin }, secrets, {
          http: axios,
          now,
        });
        assert.deepEqual(receipt, { kind: channel.kind, at: now, providerId: null, cut: false, refused: [] });
        const [request, ...others] = server.received;
        assert.equal(others.length, 0);
        assert.equal(request!.method, 'POST');
        assert.equal(request!.headers['content-type'], 'application/json; charset=utf-8');
        assertWithout(receipt, hidden);
      } finally {
        await server.close();
      }
    });

    for (const [name, answer, code, retryable, waitMs] of [...failures, ...commonFailures]) {
      it(`tells ${name} as ${code}`, async () => {
        const server = await answering({ ...answer });
        try {
          const sending = channel.send(message, { baseUrl: server.origin }, secrets, { http: axios, now });
          const error = await failure(sending, hidden);
          assert.deepEqual([error.code, error.retryable, error.retryAfterMs], [code, retryable, waitMs]);
          assert.equal(server.received.length, 1);
        } finally {
          await server.close();
        }
      });
    }

    it('gives up on a server that accepts and never answers', async () => {
      const server = await accepting();
      try {
        const tools = { http: axios, now, timeoutMs: 150 };
        const error = await failure(
          channel.send(message, { baseUrl: server.origin }, secrets, tools),
          hidden,
        );
        assert.deepEqual([error.code, error.retryable, error.params.seconds], ['alert.timeout', true, 0.15]);
      } finally {
        await server.close();
      }
    });

    it('gives up on an answer that never ends', async () => {
      const server = await accepting((socket) => {
        socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"errcode"'));
      });
      try {
        const tools = { http: axios, now, timeoutMs: 150 };
        const error = await failure(
          channel.send(message, { baseUrl: server.origin }, secrets, tools),
          hidden,
        );
        assert.deepEqual([error.code, error.retryable], ['alert.answer-unreadable', true]);
      } finally {
        await server.close();
      }
    });

    it('tells a connection that breaks as one to try again', async () => {
      const server = await accepting((socket) => socket.once('data', () => socket.destroy()));
      try {
        const sending = channel.send(message, { baseUrl: server.origin }, secrets, { http: axios, now });
        const error = await failure(sending, hidden);
        assert.deepEqual([error.code, error.retryable], ['alert.unreachable', true]);
      } finally {
        await server.close();
      }
    });

    it('tells a machine that is not there as one to try again', async () => {
      const sending = channel.send(message, { baseUrl: await nobody() }, secrets, { http: axios, now });
      const error = await failure(sending, hidden);
      assert.deepEqual([error.code, error.retryable], ['alert.unreachable', true]);
    });

    it('stops at once when the node closes', async () => {
      const stop = new AbortController();
      const server = await accepting((socket) => socket.once('data', () => stop.abort()));
      try {
        const tools = { http: axios, now, signal: stop.signal };
        const error = await failure(
          channel.send(message, { baseUrl: server.origin }, secrets, tools),
          hidden,
        );
        assert.deepEqual([error.code, error.retryable], ['alert.stopped', true]);
      } finally {
        await server.close();
      }
    });

    it('goes directly, whatever proxy the environment names', async () => {
      const server = await answering({ body: ok });
      const { http_proxy: before, no_proxy: exceptions } = process.env;
      process.env.http_proxy = await nobody();
      process.env.no_proxy = '';
      try {
        await channel.send(message, { baseUrl: server.origin }, secrets, { http: axios, now });
        assert.equal(server.received.length, 1);
      } finally {
        restore('http_proxy', before);
        restore('no_proxy', exceptions);
        await server.close();
      }
    });

    it('goes through a proxy that is set', async () => {
      const proxy = await answering({ body: ok });
      try {
        const port = Number(new URL(proxy.origin).port);
        const tools = { http: axios, now, proxy: { protocol: 'http', host: '127.0.0.1', port } };
        await channel.send(message, { baseUrl: await nobody() }, secrets, tools);
        assert.equal(proxy.received.length, 1);
      } finally {
        await proxy.close();
      }
    });

    it('finds what is wrong with its settings, without showing them', () => {
      assert.deepEqual(channel.validate({}, secrets), []);
      const missing = channel.validate({}, {});
      assert.deepEqual(
        missing.map(({ field, code }) => [field, code]),
        [['webhook', 'alert.robot-address-missing']],
      );
      for (const webhook of ['https://example.com/nothing', `two words ${token}`, 'ftp://x/?key=1']) {
        const problems = channel.validate({}, { webhook });
        assert.deepEqual(
          problems.map(({ code }) => code),
          ['alert.robot-address-invalid'],
        );
        assertWithout(problems, hidden);
      }
      assert.equal(channel.validate({ baseUrl: 'nowhere' }, secrets)[0]?.code, 'alert.url-invalid');
      assert.equal(channel.validate({ baseUrl: 'http://u:p@h' }, secrets)[0]?.code, 'alert.url-credentials');
      assert.equal(channel.validate({ baseUrl: 'http://relay.example.com' }, secrets)[0]?.level, 'warning');
      assert.equal(channel.validate({ format: 'fax' }, secrets)[0]?.code, 'alert.format-unknown');
    });

    it('does not send with settings that are wrong', async () => {
      const error = await failure(channel.send(message, {}, {}, { http: axios, now }), hidden);
      assert.deepEqual([error.code, error.retryable], ['alert.robot-address-missing', false]);
    });
  });
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

interface RobotBody {
  msgtype?: string;
  msg_type?: string;
  text: { content: string };
  markdown: { content: string };
  card: { header: { title: { content: string } } };
}

async function sent(channel: AlertChannel, config: object, secrets: AlertSecrets, text = message.text) {
  const server = await answering({ body: { errcode: 0, code: 0 } });
  try {
    const receipt = await channel.send({ ...message, text }, { baseUrl: server.origin, ...config }, secrets, {
      http: axios,
      now,
    });
    const request = server.received[0]!;
    return { receipt, request, body: JSON.parse(request.body) as RobotBody };
  } finally {
    await server.close();
  }
}

describe('what goes over the wire', () => {
  it('to DingTalk: token, timestamp and signature in the query, text and mentions in the body', async () => {
    const config = { atMobiles: ['13800000000'], atAll: false };
    const { request, body } = await sent(dingtalk, config, { webhook: token, secret });
    assert.equal(request.url.pathname, '/robot/send');
    assert.deepEqual(Object.fromEntries(request.url.searchParams), {
      access_token: token,
      timestamp: String(now),
      sign: dingtalkSignature(secret, now),
    });
    assert.deepEqual(body, {
      msgtype: 'text',
      text: { content: message.text },
      at: { atMobiles: ['13800000000'], isAtAll: false },
    });
  });

  it('to DingTalk without a secret: the token alone', async () => {
    const { request } = await sent(dingtalk, {}, { webhook: token });
    assert.equal(request.url.search, `?access_token=${token}`);
  });

  it('to DingTalk in Markdown: title, text, and the mentions in it', async () => {
    const { body } = await sent(
      dingtalk,
      { format: 'markdown', atMobiles: ['13800000000'] },
      { webhook: token },
    );
    assert.deepEqual(body, {
      msgtype: 'markdown',
      markdown: { title: message.title, text: `${message.text}\n\n@13800000000` },
      at: { atMobiles: ['13800000000'], isAtAll: false },
    });
  });

  it('puts a keyword in front of a text that lacks it, and not of one that has it', async () => {
    const { body } = await sent(dingtalk, { keyword: '订单' }, { webhook: token });
    assert.equal(body.text.content, `订单 ${message.text}`);
    const again = await sent(wecom, { keyword: 'Order' }, { webhook: token });
    assert.equal(again.body.text.content, message.text);
  });

  it('to WeCom: the key in the query, text and mentions in the body', async () => {
    const { request, body } = await sent(wecom, { mentionedList: ['@all'] }, { webhook: token });
    assert.equal(request.url.pathname + request.url.search, `/cgi-bin/webhook/send?key=${token}`);
    assert.deepEqual(body, {
      msgtype: 'text',
      text: { content: message.text, mentioned_list: ['@all'], mentioned_mobile_list: [] },
    });
  });

  it('to WeCom: at most 2048 bytes of text and 4096 of Markdown, cut between characters', async () => {
    const text = await sent(wecom, {}, { webhook: token }, '超🚚'.repeat(1000));
    const { content } = text.body.text;
    assert.equal(text.receipt.cut, true);
    assert.ok(Buffer.byteLength(content) <= 2048 && Buffer.byteLength(content) > 2040);
    assert.match(content, /^(超🚚)+超?…$/u);
    const markdown = await sent(wecom, { format: 'markdown' }, { webhook: token }, 'é'.repeat(3000));
    const long = markdown.body.markdown;
    assert.equal(Buffer.byteLength(long.content), 4095);
    const exact = await sent(wecom, {}, { webhook: token }, 'x'.repeat(2048));
    assert.deepEqual([exact.receipt.cut, exact.body.text.content.length], [false, 2048]);
  });

  it('to Feishu: the token in the path, timestamp in seconds and signature in the body', async () => {
    const { request, body } = await sent(feishu, {}, { webhook: token, secret });
    assert.equal(request.url.pathname, `/open-apis/bot/v2/hook/${token}`);
    assert.deepEqual(body, {
      timestamp: '1700000000',
      sign: feishuSignature(secret, 1_700_000_000),
      msg_type: 'text',
      content: { text: message.text },
    });
  });

  it('to Feishu as a card, and never beyond 20 KB', async () => {
    const { body, request, receipt } = await sent(
      feishu,
      { format: 'card' },
      { webhook: token },
      '"\n'.repeat(20_000),
    );
    assert.equal(body.msg_type, 'interactive');
    const { card } = body;
    assert.equal(card.header.title.content, message.title);
    assert.ok(Buffer.byteLength(request.body) <= 20 * 1024);
    assert.equal(receipt.cut, true);
  });

  it('to the address that was pasted, Lark’s too', () => {
    const webhook = `https://open.larksuite.com/open-apis/bot/v2/hook/${token}`;
    const { url } = feishu.prepare(message, {}, { webhook }, now, '') as PreparedRequest;
    assert.equal(url, webhook);
  });

  it('under the path of a relay', () => {
    const config = { baseUrl: 'https://relay.example.com/robots/' };
    const { url } = wecom.prepare(message, config, { webhook: token }, now, '') as PreparedRequest;
    assert.equal(url, `https://relay.example.com/robots/cgi-bin/webhook/send?key=${token}`);
  });
});
