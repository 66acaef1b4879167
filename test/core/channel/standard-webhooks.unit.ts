import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import {
  signStandardWebhook,
  standardWebhooks,
} from '../../../core/channel/standard-webhooks/standard-webhooks.ts';
import { HubError } from '../../../core/errors.ts';
import { input, receivedAt, request, rules, vector } from './requests.ts';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const now = receivedAt / 1000;
const body = '{"type":"order.paid","data":{"id":1}}';

/** Raw keys of a pair, as the standard writes them. */
function keyPair(): { publicKey: string; seed: Buffer; raw: Buffer; signText: (text: string) => string } {
  const pair = generateKeyPairSync('ed25519');
  const { x, d } = pair.privateKey.export({ format: 'jwk' });
  assert.ok(x && d);
  const raw = Buffer.from(x, 'base64url');
  return {
    publicKey: `whpk_${raw.toString('base64')}`,
    seed: Buffer.from(d, 'base64url'),
    raw,
    signText: (text) => `v1a,${sign(null, Buffer.from(text), pair.privateKey).toString('base64')}`,
  };
}

function judge(
  headers: Record<string, string | undefined>,
  secrets = [secret],
  at = receivedAt,
  text = body,
) {
  return standardWebhooks.judge(request(headers, text, at), rules(secrets, { contentRepeats: false }));
}

function codeOf(
  headers: Record<string, string | undefined>,
  secrets = [secret],
  at = receivedAt,
  text = body,
) {
  const verdict = judge(headers, secrets, at, text);
  assert.equal(verdict.kind, 'refuse');
  assert.equal(verdict.status, 401);
  return verdict.code;
}

function thrownBy(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    assert.ok(HubError.is(error));
    return error.code;
  }
  return 'nothing was thrown';
}

describe('Standard Webhooks', () => {
  it('sign and verify the published vector bit for bit', () => {
    const known = vector('standard-webhooks.v1');
    const [id = '', timestamp = '', ...rest] = known.stringToSign.split('.');
    const text = rest.join('.');
    const headers = signStandardWebhook(input(known, 'secret'), id, Number(timestamp), text);
    assert.deepEqual(headers, {
      'content-type': 'application/json',
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': known.expected,
    });
    assert.deepEqual(judge(headers, [input(known, 'secret')], 1_614_265_330_000, text), {
      kind: 'accept',
      topic: '',
      deliveryKey: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      contentKey: null,
    });
  });

  it('give the id as delivery key, the type as topic, and a content key when asked', () => {
    const headers = signStandardWebhook(secret, 'msg_1', now, body);
    assert.deepEqual(judge(headers), {
      kind: 'accept',
      topic: 'order.paid',
      deliveryKey: 'msg_1',
      contentKey: null,
    });
    assert.deepEqual(
      standardWebhooks.judge(request(headers, body), rules([secret], { contentRepeats: true })),
      {
        kind: 'accept',
        topic: 'order.paid',
        deliveryKey: 'msg_1',
        contentKey: createHash('sha256').update(`order.paid\0${body}`).digest('hex'),
      },
    );
    assert.equal(standardWebhooks.contentRepeats, false);
  });

  it('accept inside the replay window on both sides, edges included, and refuse beyond', () => {
    const headers = signStandardWebhook(secret, 'msg_1', now, body);
    for (const offset of [-300_000, -1, 0, 1, 300_000]) {
      assert.equal(judge(headers, [secret], receivedAt + offset).kind, 'accept', `${offset}`);
    }
    assert.equal(codeOf(headers, [secret], receivedAt + 300_001), 'standard-webhooks.too-old');
    assert.equal(codeOf(headers, [secret], receivedAt - 300_001), 'standard-webhooks.too-new');
    const narrow = rules([secret], { replayWindowMs: 10_000 });
    assert.equal(standardWebhooks.judge(request(headers, body, receivedAt + 10_000), narrow).kind, 'accept');
    const late = standardWebhooks.judge(request(headers, body, receivedAt + 12_000), narrow);
    assert.equal(late.kind, 'refuse');
    assert.deepEqual(late.params, { seconds: 12, allowed: 10 });
  });

  it('say the signature is wrong, not the time, of a stranger with an old time', () => {
    const headers = signStandardWebhook(secret, 'msg_1', now - 3600, body);
    assert.equal(
      codeOf(headers, [`whsec_${Buffer.alloc(32, 8).toString('base64')}`]),
      'channel.signature-wrong',
    );
    assert.equal(codeOf(headers), 'standard-webhooks.too-old');
  });

  it('sign id and time as well as the body', () => {
    const headers = signStandardWebhook(secret, 'msg_1', now, body);
    assert.equal(codeOf({ ...headers, 'webhook-id': 'msg_2' }), 'channel.signature-wrong');
    assert.equal(codeOf({ ...headers, 'webhook-timestamp': String(now + 1) }), 'channel.signature-wrong');
    assert.equal(codeOf({ ...headers, 'webhook-timestamp': `0${now}` }), 'channel.signature-wrong');
    assert.equal(codeOf(headers, [secret], receivedAt, `${body} `), 'channel.signature-wrong');
  });

  it('refuse a message cut at another dot', () => {
    const headers = signStandardWebhook(secret, 'msg_1', now, `${now}.{}`);
    const moved = { ...headers, 'webhook-id': `msg_1.${now}`, 'webhook-timestamp': String(now) };
    assert.equal(codeOf(moved, [secret], receivedAt, '{}'), 'standard-webhooks.id-dotted');
  });

  it('accept any of several signatures, and pass over what it does not know', () => {
    const right = signStandardWebhook(secret, 'msg_1', now, body);
    const other = signStandardWebhook(`whsec_${Buffer.alloc(24, 9).toString('base64')}`, 'msg_1', now, body);
    const good = right['webhook-signature'] ?? '';
    const bad = other['webhook-signature'] ?? '';
    for (const list of [
      `${bad} ${good}`,
      `${good} ${bad}`,
      `v2,abc v1,zzz ${good}`,
      `  ${good}  `,
      `v1 , ${good}`,
    ]) {
      assert.equal(judge({ ...right, 'webhook-signature': list }).kind, 'accept', list);
    }
    assert.equal(codeOf({ ...right, 'webhook-signature': `${bad} ${bad}` }), 'channel.signature-wrong');
  });

  it('refuse lists without a well-formed signature, and lists without end', () => {
    const headers = signStandardWebhook(secret, 'msg_1', now, body);
    const good = headers['webhook-signature'] ?? '';
    const malformed = 'channel.signature-malformed';
    for (const [list, code] of [
      [undefined, 'channel.signature-missing'],
      ['', 'channel.signature-missing'],
      [' ', malformed],
      ['v1', malformed],
      ['v1,', malformed],
      [good.slice(3), malformed],
      [`${good},`, malformed],
      [good.replace('v1', 'V1'), malformed],
      [good.replace('v1', 'v1a'), malformed],
      [good.replace('v1', 'v2'), malformed],
      [good.replace(',', ', '), malformed],
      [Array(11).fill(good).join(' '), 'standard-webhooks.signatures-many'],
    ] as const) {
      assert.equal(codeOf({ ...headers, 'webhook-signature': list }), code, `${list}`);
    }
    assert.equal(judge({ ...headers, 'webhook-signature': Array(10).fill(good).join(' ') }).kind, 'accept');
  });

  it('refuse a missing id and a time that is none', () => {
    const headers = signStandardWebhook(secret, 'msg_1', now, body);
    for (const id of [undefined, '']) {
      assert.equal(codeOf({ ...headers, 'webhook-id': id }), 'standard-webhooks.id-missing');
    }
    for (const time of [undefined, '', 'soon', '-1', '1.5', '1e9', ' 1', '0x1', '1'.repeat(13), 'NaN']) {
      assert.equal(codeOf({ ...headers, 'webhook-timestamp': time }), 'standard-webhooks.time-malformed');
    }
  });

  it('accept either secret while one replaces the other, and pass over unusable ones', () => {
    const next = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;
    for (const current of [secret, next]) {
      const headers = signStandardWebhook(current, 'msg_1', now, body);
      assert.equal(judge(headers, [secret, next]).kind, 'accept');
      assert.equal(judge(headers, ['', 'rubbish', 'whsec_', 'whpk_AAAA', secret, next]).kind, 'accept');
    }
    const headers = signStandardWebhook(secret, 'msg_1', now, body);
    assert.equal(codeOf(headers, [next]), 'channel.signature-wrong');
    assert.equal(codeOf(headers, ['', 'rubbish', 'whsec_']), 'channel.secret-none');
    assert.equal(codeOf(headers, []), 'channel.secret-none');
  });

  it('take a secret with and without its prefix', () => {
    const bare = secret.slice('whsec_'.length);
    assert.deepEqual(
      signStandardWebhook(bare, 'msg_1', now, body),
      signStandardWebhook(secret, 'msg_1', now, body),
    );
    assert.equal(judge(signStandardWebhook(secret, 'msg_1', now, body), [bare]).kind, 'accept');
  });

  it('verify ed25519 signatures made by Node.js itself', () => {
    const { publicKey, signText } = keyPair();
    const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(now) };
    const signature = signText(`msg_1.${now}.${body}`);
    assert.equal(judge({ ...headers, 'webhook-signature': signature }, [publicKey]).kind, 'accept');
    assert.equal(
      codeOf({ ...headers, 'webhook-signature': signature }, [keyPair().publicKey]),
      'channel.signature-wrong',
    );
    assert.equal(
      codeOf({ ...headers, 'webhook-signature': signText(`msg_1.${now}.{}`) }, [publicKey]),
      'channel.signature-wrong',
    );
    assert.equal(
      codeOf({ ...headers, 'webhook-signature': signature }, [publicKey], receivedAt + 300_001),
      'standard-webhooks.too-old',
    );
  });

  it('verify the ed25519 test vector of RFC 8032 as a key, and sign with it', () => {
    const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
    const raw = Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex');
    const headers = signStandardWebhook(`whsk_${seed.toString('base64')}`, 'msg_1', now, body);
    assert.match(headers['webhook-signature'] ?? '', /^v1a,[A-Za-z0-9+/]{86}==$/);
    assert.equal(judge(headers, [`whpk_${raw.toString('base64')}`]).kind, 'accept');
  });

  it('sign with a private key of 32 and of 64 bytes alike', () => {
    const { publicKey, seed, raw } = keyPair();
    const short = signStandardWebhook(`whsk_${seed.toString('base64')}`, 'msg_1', now, body);
    const long = signStandardWebhook(
      `whsk_${Buffer.concat([seed, raw]).toString('base64')}`,
      'msg_1',
      now,
      body,
    );
    assert.deepEqual(short, long);
    assert.equal(judge(short, [publicKey]).kind, 'accept');
  });

  it('accept both schemes side by side, and say when an account has only the other', () => {
    const { publicKey, seed } = keyPair();
    const shared = signStandardWebhook(secret, 'msg_1', now, body);
    const paired = signStandardWebhook(`whsk_${seed.toString('base64')}`, 'msg_1', now, body);
    const both = `${shared['webhook-signature']} ${paired['webhook-signature']}`;
    assert.equal(judge({ ...shared, 'webhook-signature': both }, [publicKey]).kind, 'accept');
    assert.equal(judge({ ...shared, 'webhook-signature': both }, [secret]).kind, 'accept');
    assert.equal(judge(shared, [publicKey, secret]).kind, 'accept');
    assert.equal(codeOf(shared, [publicKey]), 'standard-webhooks.scheme-differs');
    assert.equal(codeOf(paired, [secret]), 'standard-webhooks.scheme-differs');
  });

  it('never take the public key for a shared secret', () => {
    const { publicKey, raw } = keyPair();
    const forged = signStandardWebhook(`whsec_${raw.toString('base64')}`, 'msg_1', now, body);
    assert.equal(codeOf(forged, [publicKey]), 'standard-webhooks.scheme-differs');
  });

  it('find the topic in any body, and none where there is none to store', () => {
    for (const [text, topic] of [
      ['{"type":"订单.已付款"}', '订单.已付款'],
      ['{"data":{"type":"inner"},"type":"outer"}', 'outer'],
      ['{"type":1}', ''],
      ['{"type":""}', ''],
      ['{"type":"a\\u0000b"}', ''],
      ['{"type":"\\ud800"}', ''],
      ['{"type":"🎁"}', '🎁'],
      [`{"type":"${'x'.repeat(200)}"}`, 'x'.repeat(200)],
      [`{"type":"${'x'.repeat(201)}"}`, ''],
      ['{"type":', ''],
      ['not json', ''],
      ['null', ''],
      ['[{"type":"a"}]', ''],
      ['"type"', ''],
      ['['.repeat(100_000), ''],
      [`{"type":"a","pad":"${'x'.repeat(1024 * 1024)}"}`, ''],
    ] as const) {
      const verdict = judge(signStandardWebhook(secret, 'msg_1', now, text), [secret], receivedAt, text);
      assert.equal(verdict.kind, 'accept', text.slice(0, 40));
      assert.equal(verdict.topic, topic, text.slice(0, 40));
    }
  });

  it('ignore a signed body with nothing in it', () => {
    const headers = signStandardWebhook(secret, 'msg_1', now, ' \n');
    assert.equal(judge(headers, [secret], receivedAt, ' \n').kind, 'ignore');
  });

  it('refuse another form before looking at the signature', () => {
    for (const headers of [{ 'content-type': 'text/plain' }, { 'content-encoding': 'gzip' }]) {
      const verdict = judge(headers);
      assert.equal(verdict.kind, 'refuse');
      assert.equal(verdict.status, 415);
    }
  });

  it('tell the owner which secret is none', () => {
    const base64 = (length: number) => Buffer.alloc(length, 1).toString('base64');
    for (const [text, code] of [
      ['', 'channel.secret-empty'],
      [`${secret} `, 'channel.secret-spaces'],
      ['whsec_', 'standard-webhooks.secret-not-base64'],
      ['whsec_not base64', 'standard-webhooks.secret-not-base64'],
      [secret.replace('=', ''), 'standard-webhooks.secret-not-base64'],
      [`whsec_${base64(23)}`, 'standard-webhooks.secret-length'],
      [`whsec_${base64(65)}`, 'standard-webhooks.secret-length'],
      [`whpk_${base64(31)}`, 'standard-webhooks.secret-length'],
      [`whpk_${base64(64)}`, 'standard-webhooks.secret-length'],
      [`whsk_${base64(32)}`, 'standard-webhooks.secret-private'],
    ] as const) {
      assert.equal(standardWebhooks.validateSecret(text)?.code, code, text);
    }
    for (const text of [
      secret,
      `whsec_${base64(24)}`,
      `whsec_${base64(64)}`,
      base64(24),
      keyPair().publicKey,
    ]) {
      assert.equal(standardWebhooks.validateSecret(text), undefined, text);
    }
  });

  it('refuse to sign what nobody may accept', () => {
    for (const [act, code] of [
      [() => signStandardWebhook('rubbish!', 'a', now, ''), 'standard-webhooks.secret-not-base64'],
      [() => signStandardWebhook('', 'a', now, ''), 'channel.secret-empty'],
      [() => signStandardWebhook(keyPair().publicKey, 'a', now, ''), 'standard-webhooks.secret-public'],
      [() => signStandardWebhook('whsk_AAAA', 'a', now, ''), 'standard-webhooks.secret-length'],
      [() => signStandardWebhook(secret, '', now, ''), 'standard-webhooks.id-missing'],
      [() => signStandardWebhook(secret, 'a.b', now, ''), 'standard-webhooks.id-dotted'],
      [() => signStandardWebhook(secret, 'a', now + 0.5, ''), 'standard-webhooks.time-malformed'],
      [() => signStandardWebhook(secret, 'a', -1, ''), 'standard-webhooks.time-malformed'],
    ] as const) {
      assert.equal(thrownBy(act), code);
    }
  });
});
