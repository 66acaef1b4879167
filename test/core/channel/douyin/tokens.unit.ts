import assert from 'node:assert/strict';
import { connectDouyin } from '../../../../core/channel/douyin/connection.ts';
import { platformNamed } from '../../../../core/channel/platform.ts';
import { type Answer, answeringChannel, faultOf, idle } from '../answering-channel.ts';
import { sampleText } from '../open-platform.ts';
import { done, douyinShop, refusal } from './shop.ts';

const week = 7 * 86_400;
const empty = done({ total: 0, shop_order_list: [] });

/** A shop of an application of one's own: tokens are numbered as they are made. */
function ownShop(answer: (token: string) => Answer = () => empty, life: unknown = week) {
  const clock = { now: Date.UTC(2026, 8, 1, 8) };
  let made = 0;
  const tokens: string[] = [];
  const grants: object[] = [];
  const { connection, asked } = douyinShop(
    (method, sent, url) => {
      const token = url.searchParams.get('access_token');
      if (method === 'token.create') {
        made += 1;
        grants.push({ ...sent, token });
        return done({ access_token: `made-${made}`, expires_in: life, shop_name: '测试小店' });
      }
      tokens.push(token!);
      return answer(token!);
    },
    {
      now: () => clock.now,
      settings: { shopId: '1000001' },
      credentials: { appKey: '7000000000000000001', appSecret: 'douyin-test-secret' },
    },
  );
  return { connection, asked, clock, tokens, grants, made: () => made };
}

describe('tokens of Douyin', () => {
  it('are made from the shop’s id, once for all who ask', async () => {
    const { connection, tokens, grants } = ownShop();
    const [check] = await Promise.all([connection.check(idle), connection.check(idle)]);
    assert.deepEqual(tokens, ['made-1', 'made-1']);
    assert.deepEqual(grants, [
      { code: '', grant_type: 'authorization_self', shop_id: '1000001', token: null },
    ]);
    assert.deepEqual(check, {
      shop: '测试小店',
      clockAheadMs: null,
      expiresAt: Date.UTC(2026, 8, 8, 8),
    });
  });

  it('are renewed a minute before they end', async () => {
    const { connection, clock, tokens } = ownShop();
    await connection.check(idle);
    clock.now += week * 1_000 - 60_001;
    await connection.check(idle);
    clock.now += 1;
    await connection.check(idle);
    assert.deepEqual(tokens, ['made-1', 'made-1', 'made-2']);
  });

  it('are renewed once when Douyin says that one has expired', async () => {
    const expired = { body: sampleText('douyin/error_response.token_expired') };
    const { connection, tokens } = ownShop((token) => (token === 'made-1' ? expired : empty));
    await connection.check(idle);
    await connection.check(idle);
    assert.deepEqual(tokens, ['made-1', 'made-2', 'made-2']);
    const never = ownShop(() => expired);
    const fault = await faultOf(never.connection.check(idle));
    assert.equal(fault.kind, 'credentials');
    assert.deepEqual(never.tokens, ['made-1', 'made-2']);
  });

  it('are not renewed for a wrong signature, which no token mends', async () => {
    const { connection, made } = ownShop(() => ({ body: sampleText('douyin/error_response.sign') }));
    assert.equal((await faultOf(connection.check(idle))).kind, 'credentials');
    assert.equal(made(), 1);
  });

  it('that were entered are used as they are, and not asked for again', async () => {
    const { connection, asked } = douyinShop(() => refusal(40_003, 'isv.access-token-expired', '已过期'));
    assert.equal((await faultOf(connection.check(idle))).kind, 'credentials');
    assert.equal(asked.length, 1);
  });

  it('do not stand in what is said of a refusal', async () => {
    const { connection } = ownShop((token) => refusal(50_002, 'isv.business-failed:1', `bad ${token}`));
    const fault = await faultOf(connection.check(idle));
    assert.doesNotMatch(JSON.stringify([fault.message, fault.params]), /made-1/);
  });

  it('without an end are kept; an answer without a token is none', async () => {
    const { connection, clock, tokens } = ownShop(undefined, 'soon');
    await connection.check(idle);
    clock.now += 10 * week * 1_000;
    const { expiresAt } = await connection.check(idle);
    assert.deepEqual([tokens, expiresAt], [['made-1', 'made-1'], null]);
    const { connection: without } = douyinShop(() => done({}), { settings: { shopId: '1' } });
    assert.equal((await faultOf(without.check(idle))).code, 'channel.answer-unexpected');
  });

  it('need either the shop’s id or a token', () => {
    assert.throws(
      () => answeringChannel(connectDouyin, () => empty),
      (error: Error) => /shop_id/.test(error.message) && error.message.includes('Douyin'),
    );
    assert.equal(platformNamed('douyin').connect, connectDouyin);
  });

  it('are asked for no more once the connection is closed', async () => {
    const { connection } = ownShop();
    connection.close!();
    await assert.rejects(connection.check(idle));
  });
});
