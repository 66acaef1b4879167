import assert from 'node:assert/strict';
import channelAccount, { type ChannelAccountApi } from '../../../nodes/channel-account/channel-account.ts';
import { apiOf } from '../../../nodes/shared/node-api.ts';
import { helper, loggedErrors } from '../shared/helper.ts';

const account = {
  id: 'f0e2000000000001',
  type: 'channel-account',
  platform: 'shopify',
  path: 'shopify-main',
  channel: '',
  shop: ' main ',
  currency: 'CNY',
  zone: 'Asia/Shanghai',
  repeats: 'platform',
  replayMinutes: '',
  maxMegabytes: '',
  version: 1,
};

describe('channel-account', () => {
  before(() => helper.startServer());
  after(() => helper.stopServer());
  afterEach(() => helper.unload());

  async function apiFor(
    changes: Record<string, unknown> = {},
    credentials: Record<string, string> = { secret: 'a-client-secret' },
  ): Promise<ChannelAccountApi> {
    await helper.load([channelAccount], [{ ...account, ...changes }], { [account.id]: credentials });
    const RED = { nodes: { getNode: (id: string) => helper.getNode(id) } };
    return apiOf<ChannelAccountApi>(RED as never, account.id, 'channel-account');
  }

  const warnings = () =>
    helper
      .log()
      .args.map(([entry]) => entry)
      .filter(({ level, id }) => level === 30 && id === account.id)
      .map(({ msg }) => String(msg));

  it('offers what travels with each message, and the usual rules', async () => {
    const api = await apiFor();
    assert.deepEqual(api.channel, {
      account: 'shopify-main',
      platform: 'shopify',
      channel: 'shopify',
      shop: 'main',
      currency: 'CNY',
      zone: 'Asia/Shanghai',
    });
    assert.deepEqual(api.rules, {
      secrets: ['a-client-secret'],
      replayWindowMs: 5 * 60_000,
      contentRepeats: true,
    });
    assert.equal(api.maxBodyBytes, 5 * 1024 * 1024);
    assert.deepEqual(warnings(), []);
  });

  it('takes what the dialog says instead, and both secrets', async () => {
    const api = await apiFor(
      { channel: '商城', repeats: 'no', replayMinutes: '1.5', maxMegabytes: '0.5' },
      { secret: 'new-one', previousSecret: 'old-one' },
    );
    assert.equal(api.channel.channel, '商城');
    assert.deepEqual(api.rules, {
      secrets: ['new-one', 'old-one'],
      replayWindowMs: 90_000,
      contentRepeats: false,
    });
    assert.equal(api.maxBodyBytes, 512 * 1024);
  });

  it('warns without a secret and about one that cannot be right, and never shows one', async () => {
    await apiFor({}, {});
    assert.match(warnings().join('\n'), /neither keys nor a secret/);
    await helper.unload();
    await apiFor({}, { secret: 'shpat_0123456789abcdef' });
    assert.match(warnings().join('\n'), /access token/);
    assert.doesNotMatch(warnings().join('\n'), /0123456789abcdef/);
  });

  for (const [what, changes, sentence] of [
    ['an unknown platform', { platform: 'ebay' }, /no platform "ebay"/],
    ['an address with a slash', { path: 'a/b' }, /address "a\/b"/],
    ['no shop', { shop: '' }, /has no shop/],
    ['a currency in words', { currency: 'yuan' }, /"yuan" is no currency/],
    ['an unknown zone', { zone: 'Mars' }, /"Mars" is no time zone/],
    ['an API address that is none', { address: 'shop.example.com' }, /not the address of an interface/],
    ['an API address with a user', { address: 'https://me:pw@shop.example.com' }, /not the address/],
    ['a rate below zero', { callsPerSecond: '-1' }, /"-1" is not a number from 0\.01 to 1000/],
    ['a time limit of an hour', { timeoutSeconds: '3600' }, /"3600" is not a number from 1 to 600/],
    ['a configuration that is none', { platform: 'custom', custom: '{' }, /custom channel is not JSON/],
    ['a size of zero', { maxMegabytes: '0' }, /"0" is not a number from 0\.01 to 100/],
  ] as const) {
    it(`is red and offers nothing with ${what}`, async () => {
      await assert.rejects(apiFor(changes), { code: 'node.config-missing' });
      assert.match(loggedErrors().join('\n'), sentence);
    });
  }

  it('asks for no secret of webhooks when it is only called', async () => {
    await apiFor({ platform: 'woocommerce' }, { appKey: 'ck_1', appSecret: 'cs_1' });
    assert.deepEqual(warnings(), []);
  });

  it('asks for no credentials of a custom channel that says it needs none', async () => {
    const orders = { request: { path: '/orders' }, id: 'id', paging: { kind: 'none' } };
    const custom = JSON.stringify({ authentication: { kind: 'none' }, orders });
    const api = await apiFor({ platform: 'custom', custom, address: 'http://127.0.0.1:8080' }, {});
    assert.deepEqual(warnings(), []);
    const connection = await api.connection();
    assert.deepEqual([Boolean(connection.orders), Boolean(connection.stock)], [true, false]);
  });

  it('warns of an API address that is called without encryption over a network', async () => {
    await apiFor({ address: 'http://shop.example.com' });
    assert.match(warnings().join('\n'), /shop\.example\.com without encryption/);
    await helper.unload();
    await apiFor({ address: 'http://127.0.0.1:8080' });
    assert.deepEqual(warnings(), []);
  });

  it('says of a platform that only sends that it cannot be called', async () => {
    const api = await apiFor({ platform: 'standard-webhooks' }, { secret: `whsec_${'A'.repeat(32)}` });
    await assert.rejects(api.connection(), { code: 'channel.no-interface' });
  });

  it('carries an account of the first version over: it only receives', async () => {
    const { version: _, ...first } = account;
    const api = await apiFor(first);
    assert.equal(api.path, 'shopify-main');
  });
});
