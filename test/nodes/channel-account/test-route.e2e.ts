import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bearerToken } from '../../support/embedded-runtime.ts';
import { type SourceRuntime, startSources } from '../channel-webhook/support/source-runtime.ts';

const secret = 'cs_very-secret';
const kept = '__PWRD__';
const id = 'f0e2000000000abc';
/** How a field names an environment variable. */
const variable = (name: string): string => `\${${name}}`;

describe('the test of a channel account', function () {
  this.timeout(30_000);
  let shop: Server;
  let address: string;
  let runtime: SourceRuntime;
  /** What the shop answers next. */
  let answer: { status: number; body: string };
  let proofs: string[];

  before(async () => {
    shop = createServer((request, response) => {
      proofs.push(request.url ?? '');
      response.statusCode = answer.status;
      response.setHeader('content-type', 'application/json');
      response.end(answer.body);
    }).listen(0, '127.0.0.1');
    await once(shop, 'listening');
    address = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
    runtime = await startSources(
      ['hub-store', 'channel-account'],
      [
        {
          id,
          type: 'channel-account',
          platform: 'woocommerce',
          path: 'woo-main',
          shop: 'main',
          currency: 'EUR',
          zone: 'Europe/Berlin',
          address,
          version: 2,
          credentials: { appKey: 'ck_1', appSecret: secret },
        },
      ],
      {
        adminAuth: [
          { username: 'editor', password: 'x', permissions: '*' },
          { username: 'clerk', password: 'x', permissions: ['order-hub.write'] },
        ],
      },
    );
  });
  after(async () => {
    await runtime?.stop();
    shop.closeAllConnections();
    await new Promise((resolve) => shop.close(resolve));
  });
  beforeEach(() => {
    proofs = [];
    answer = { status: 200, body: '[{"id":1}]' };
  });

  async function test(
    changes: object = {},
    { user = 'editor', language = 'en-US', credentials = { appKey: 'ck_1', appSecret: kept } } = {},
  ) {
    const config = {
      platform: 'woocommerce',
      path: 'woo-main',
      shop: 'main',
      currency: 'EUR',
      zone: 'UTC',
      address,
    };
    const response = await fetch(`${runtime.adminUrl}/order-hub/v1/channel-accounts/${id}/test`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${bearerToken(user)}`,
        'content-type': 'application/json',
        'accept-language': language,
      },
      body: JSON.stringify({
        config: { ...config, ...changes },
        credentials,
      }),
    });
    const text = await response.text();
    assert.doesNotMatch(text, /very-secret/);
    return { status: response.status, text };
  }

  it('takes the value of a variable that a field names, as the running account does', async () => {
    process.env.ORDER_HUB_TEST_ADDRESS = address;
    process.env.ORDER_HUB_TEST_KEY = 'ck_of_the_environment';
    try {
      const credentials = { appKey: variable('ORDER_HUB_TEST_KEY'), appSecret: kept };
      const answered = await test({ address: variable('ORDER_HUB_TEST_ADDRESS') }, { credentials });
      assert.match(answered.text, /"works":true/);
      assert.match(proofs.join(), /ck_of_the_environment/);
      const unset = await test({ address: variable('ORDER_HUB_TEST_UNSET') });
      assert.match(unset.text, /"works":false.*ORDER_HUB_TEST_UNSET/);
    } finally {
      delete process.env.ORDER_HUB_TEST_ADDRESS;
      delete process.env.ORDER_HUB_TEST_KEY;
    }
  });

  it('asks the platform once with what is kept, and says which shop answered', async () => {
    const { status, text } = await test();
    assert.equal(status, 200);
    assert.match(text, /"works":true.*WooCommerce accepts the account\. Shop: 127\.0\.0\.1/);
    assert.equal(proofs.length, 1);
    assert.match(proofs[0]!, /oauth_consumer_key=ck_1.*oauth_signature=/);
  });

  it('says what is wrong, in the language of who asks', async () => {
    answer = {
      status: 401,
      body: JSON.stringify({
        code: 'woocommerce_rest_authentication_error',
        message: `Consumer key ${secret} is invalid.`,
      }),
    };
    const { text } = await test({}, { language: 'zh-CN' });
    assert.match(text, /"works":false.*不接受该账号的凭证/);
  });

  it('names an address where nobody answers, and one that is none', async () => {
    assert.match((await test({ address: 'http://127.0.0.1:1' })).text, /cannot be reached: ECONNREFUSED/);
    assert.match((await test({ address: 'shop.example.test' })).text, /not the address of an interface/);
  });

  it('finds wrong what the running node finds wrong', async () => {
    for (const [changes, sentence] of [
      [{ timeoutSeconds: '601' }, /"601\\" is not a number from 1 to 600/],
      [{ callsPerSecond: '0' }, /is not a number from 0\.01 to 1000/],
      [{ currency: 'yuan' }, /is no currency/],
      [{ path: 'a/b' }, /address \\"a\/b\\" of the account/],
      [{ channel: 'a\nb' }, /contains control characters/],
    ] as const) {
      const { text } = await test(changes);
      assert.match(text, sentence);
      assert.match(text, /"works":false/);
    }
    assert.deepEqual(proofs, []);
  });

  const custom = JSON.stringify({
    authentication: { kind: 'basic' },
    orders: { request: { path: '/orders' }, id: 'id', modified: 'at', paging: { kind: 'none' } },
  });

  it('shows of a custom channel what it asked and the first order it found', async () => {
    const at = new Date(Date.now() - 3_600_000).toISOString();
    answer = { status: 200, body: JSON.stringify([{ id: 7, at, receiver: 'Somebody' }]) };
    const { text } = await test({ platform: 'custom', custom });
    assert.match(text, /"works":true.*page: 1\. The first: 7, changed at .*It has: id, at, receiver\./);
    assert.match(text, /Asked: GET http:\/\/127\.0\.0\.1:\d+\/orders \| authorization: \*\*\*/);
    assert.doesNotMatch(text, /Somebody/);
    assert.deepEqual(proofs, ['/orders']);
  });

  it('says where the configuration of a custom channel is wrong, in the language of who asks', async () => {
    const { text } = await test({ platform: 'custom', custom: '{"orders":1}' }, { language: 'zh-CN' });
    assert.match(text, /"works":false.*自定义渠道的配置缺少“authentication”/);
    assert.deepEqual(proofs, []);
  });

  it('is for people who may deploy such settings', async () => {
    assert.equal((await test({}, { user: 'clerk' })).status, 401);
    assert.deepEqual(proofs, []);
  });
});
