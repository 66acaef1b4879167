import assert from 'node:assert/strict';
import { connectCustom } from '../../../../core/channel/custom/connection.ts';
import { type Answering, answeringChannel, faultOf, idle } from '../answering-channel.ts';
import { configWith, nothing, ordersIn } from './paged-shop.ts';

const credentials = { appKey: 'the key&1', appSecret: 'the-secret', accessToken: 'the-token' };

function open(authentication: object, answer: Answering, request: object = { path: '/orders' }) {
  return answeringChannel(connectCustom, answer, {
    credentials,
    settings: { custom: configWith({ request, paging: { kind: 'none' } }, { authentication }) },
  }).connection;
}

describe('the dry run of a custom channel', () => {
  for (const authentication of [
    { kind: 'basic' },
    { kind: 'bearer' },
    { kind: 'api-key', in: 'query', name: 'k' },
    { kind: 'api-key', in: 'header', name: 'x-k' },
    { kind: 'hmac', parts: ['key'], signature: { in: 'query', name: 'h' }, key: { in: 'query', name: 'k' } },
    { kind: 'oauth2', tokenUrl: '/token' },
    { kind: 'oauth2', tokenUrl: '/token', client: 'form' },
  ])
    it(`shows what was asked without a secret: ${JSON.stringify(authentication)}`, async () => {
      const connection = open(
        authentication,
        (url) =>
          url.pathname === '/token'
            ? { body: { access_token: 'issued', expires_in: 60 } }
            : { body: { orders: ordersIn(3) } },
        {
          method: 'POST',
          path: '/orders',
          headers: { 'x-other-token': 'by-hand', 'x-shop': 'main' },
          body: { note: 'the-secret' },
        },
      );
      const run = await connection.dryRun!(idle);
      assert.equal(run.fault, null);
      assert.doesNotMatch(
        JSON.stringify(run),
        /the-secret|the-token|the key&1|the%20key%261|dGhlIGtleSYx|issued|by-hand/,
      );
      const last = run.requests.at(-1)!;
      assert.match(last.url, /^https:\/\/shop\.example\.test\/orders/);
      assert.equal(last.headers['x-shop'], 'main');
      assert.deepEqual(JSON.parse(last.body!), { note: '***' });
    });

  it('shows the first order by id, time and the names of its fields, and no person’s data', async () => {
    const orders = [{ id: 'A-1', changed: '2026-09-01T07:00:00Z', receiver: { name: 'Somebody' } }];
    const run = await open({ kind: 'none' }, () => ({ body: { orders } })).dryRun!(idle);
    assert.deepEqual(run.first, {
      channelOrderId: 'A-1',
      modifiedAt: Date.parse('2026-09-01T07:00:00Z'),
      fields: ['id', 'changed', 'receiver'],
    });
    assert.equal(run.found, 1);
    assert.doesNotMatch(JSON.stringify(run), /Somebody/);
  });

  it('reads the first order only, where orders are read one by one', async () => {
    let details = 0;
    const request = { path: '/orders' };
    const { connection } = answeringChannel(
      connectCustom,
      (url) => {
        if (url.pathname === '/orders') return { body: { orders: ordersIn(200) } };
        details += 1;
        return { body: { id: url.pathname.split('/').at(-1), receiver: { name: 'Somebody' } } };
      },
      {
        settings: {
          custom: configWith(
            { request, paging: { kind: 'none' } },
            { order: { request: { path: '/orders/{order}' }, each: true } },
          ),
        },
      },
    );
    const run = await connection.dryRun!(idle);
    assert.deepEqual([run.fault, run.found, details], [null, 200, 1]);
    assert.deepEqual(run.first!.fields, ['id', 'receiver']);
  });

  it('goes back a few windows when the last one is empty', async () => {
    const orders = [{ id: 'A-1', changed: '2026-08-29T07:00:00Z' }];
    const run = await open({ kind: 'none' }, () => ({ body: { orders } })).dryRun!(idle);
    assert.equal(run.first?.channelOrderId, 'A-1');
    assert.equal(run.requests.length, 4);
  });

  it('says that nothing came, and how many records had no id', async () => {
    assert.equal((await open({ kind: 'none' }, () => nothing).dryRun!(idle)).found, null);
    const run = await open({ kind: 'none' }, () => ({ body: { orders: [{}, {}] } })).dryRun!(idle);
    assert.deepEqual([run.found, run.bad, run.first], [0, 2, null]);
  });

  it('says where it went wrong, with what was asked', async () => {
    const connection = open({ kind: 'bearer' }, () => ({ status: 401, body: 'the-token is wrong' }));
    const run = await connection.dryRun!(idle);
    assert.equal(run.fault?.code, 'channel.credentials-refused');
    assert.equal(run.requests.length, 1);
    assert.equal((await faultOf(connection.check(idle))).code, 'channel.credentials-refused');
  });

  it('cannot try a channel that has no list of orders', async () => {
    const custom = JSON.stringify({
      authentication: { kind: 'none' },
      stock: { request: { method: 'PUT', path: '/{listing}', body: '{quantity}' } },
    });
    const { connection } = answeringChannel(connectCustom, () => nothing, { settings: { custom } });
    assert.equal((await connection.dryRun!(idle)).fault?.code, 'custom.not-checked');
  });
});
