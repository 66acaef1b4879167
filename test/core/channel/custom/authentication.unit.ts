import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import type { CallRequest } from '../../../../core/channel/connection/http-call.ts';
import { connectCustom } from '../../../../core/channel/custom/connection.ts';
import { type Answer, type Answering, answeringChannel, faultOf, idle } from '../answering-channel.ts';
import { configWith, idsOf, nothing, ordersIn, pagings, span } from './paged-shop.ts';

const credentials = { appKey: 'the-key', appSecret: 'the-secret', accessToken: 'the-token' };

/** Each way to prove who asks: what is configured, and how a shop checks it. */
const proofs: Record<string, { authentication: unknown; isProved(url: URL, request: CallRequest): boolean }> =
  {
    'no proof': { authentication: { kind: 'none' }, isProved: () => true },
    basic: {
      authentication: { kind: 'basic' },
      isProved: (_, { headers }) =>
        headers?.authorization === `Basic ${Buffer.from('the-key:the-secret').toString('base64')}`,
    },
    bearer: {
      authentication: { kind: 'bearer' },
      isProved: (_, { headers }) => headers?.authorization === 'Bearer the-token',
    },
    'a key in a header': {
      authentication: { kind: 'api-key', in: 'header', name: 'X-Api-Key', prefix: 'Token ' },
      isProved: (_, { headers }) => headers?.['X-Api-Key'] === 'Token the-token',
    },
    'a key in the query': {
      authentication: { kind: 'api-key', in: 'query', name: 'api_key' },
      isProved: (url) => url.searchParams.get('api_key') === 'the-token',
    },
    'HMAC in the query': {
      authentication: {
        kind: 'hmac',
        hash: 'md5',
        parts: ['query-sorted', 'body'],
        signature: { in: 'query', name: 'sign' },
        key: { in: 'query', name: 'key' },
        timestamp: { in: 'query', name: 'at', format: 'unix-ms' },
      },
      isProved(url, request) {
        const sent = url.search.slice(1).split('&');
        const sorted = sent.filter((pair) => !pair.startsWith('sign=')).sort();
        const signed = sorted.join('&') + (request.body ?? '');
        return url.searchParams.get('sign') === createHmac('md5', 'the-secret').update(signed).digest('hex');
      },
    },
    'HMAC in headers': {
      authentication: {
        kind: 'hmac',
        hash: 'sha256',
        encoding: 'base64',
        parts: ['method', 'path', 'query', 'timestamp', 'nonce', 'key'],
        separator: '\n',
        signature: { in: 'header', name: 'x-sign' },
        timestamp: { in: 'header', name: 'x-at' },
        nonce: { in: 'header', name: 'x-nonce' },
      },
      isProved(url, { method, headers = {} }) {
        const at = String(Date.parse('2026-09-01T08:00:00Z') / 1_000);
        const parts = [method, url.pathname, url.search.slice(1), at, headers['x-nonce'], 'the-key'];
        const expected = createHmac('sha256', 'the-secret').update(parts.join('\n')).digest('base64');
        return headers['x-at'] === at && headers['x-sign'] === expected;
      },
    },
    'OAuth 2': {
      authentication: { kind: 'oauth2', tokenUrl: '/token', scope: 'orders' },
      isProved: (_, { headers }) => headers?.authorization === 'Bearer issued-1',
    },
  };

const issued: Answer = { body: { access_token: 'issued-1', token_type: 'bearer', expires_in: 3600 } };

describe('a custom channel', () => {
  for (const [way, { authentication, isProved }] of Object.entries(proofs))
    for (const [kind, { orders, shop }] of Object.entries(pagings))
      it(`reads ${kind} with ${way}`, async () => {
        const all = ordersIn(35);
        const page = shop(all);
        const answer: Answering = (url, request) => {
          if (url.pathname === '/token') return issued;
          return isProved(url, request) ? page(url, request) : { status: 401, body: '' };
        };
        const { connection } = answeringChannel(connectCustom, answer, {
          credentials,
          settings: { custom: configWith(orders, { authentication }) },
        });
        assert.deepEqual(
          await idsOf(connection.orders!),
          all.map(({ id }) => id),
        );
      });

  it('signs the next page anew where its address echoes the proof, and asks for all that it names twice', async () => {
    const { authentication, isProved } = proofs['HMAC in the query']!;
    const all = ordersIn(4);
    const answer: Answering = (url, request) => {
      if (!isProved(url, request)) return { status: 401, body: '' };
      const page = Number(url.searchParams.get('p') ?? 1);
      if (page > 1) assert.deepEqual(url.searchParams.getAll('state'), ['paid', 'sent']);
      assert.equal(url.searchParams.getAll('sign').length, 1);
      url.searchParams.set('p', String(page + 1));
      url.searchParams.delete('state');
      for (const state of ['paid', 'sent']) url.searchParams.append('state', state);
      return {
        body: { orders: all.slice(page * 2 - 2, page * 2) },
        ...(page < 2 && { headers: { link: `<${url.href}>; rel="next"` } }),
      };
    };
    const { connection } = answeringChannel(connectCustom, answer, {
      credentials,
      settings: {
        custom: configWith({ request: { path: '/orders' }, paging: { kind: 'link' } }, { authentication }),
      },
    });
    assert.deepEqual(
      await idsOf(connection.orders!),
      all.map(({ id }) => id),
    );
  });

  for (const [way, { authentication }] of Object.entries(proofs).filter(([way]) => way !== 'no proof'))
    it(`says which credential is missing for ${way}`, () => {
      assert.throws(
        () =>
          answeringChannel(connectCustom, () => nothing, {
            settings: { custom: configWith(pagings['no pages']!.orders, { authentication }) },
          }),
        { code: 'channel.credential-missing', kind: 'credentials' },
      );
    });
});

describe('the token of a custom channel', () => {
  let now: number;
  let issuedTokens: number;
  /** Tokens that the shop takes; all that it issued while empty. */
  let taken: Set<string>;

  beforeEach(() => {
    now = Date.parse('2026-09-01T08:00:00Z');
    issuedTokens = 0;
    taken = new Set();
  });

  function open(client: 'basic' | 'form' = 'basic', token?: Answering) {
    return answeringChannel(
      connectCustom,
      (url, request) => {
        if (url.pathname !== '/token') {
          const given = request.headers!.authorization!.slice('Bearer '.length);
          return taken.size === 0 || taken.has(given) ? nothing : { status: 401, body: { given } };
        }
        issuedTokens += 1;
        const fresh = { access_token: `issued-${issuedTokens}`, expires_in: 600 };
        return token?.(url, request) ?? { body: fresh };
      },
      {
        credentials,
        now: () => now,
        settings: {
          custom: configWith(pagings['no pages']!.orders, {
            authentication: { kind: 'oauth2', tokenUrl: '/token', scope: 'a b', client },
          }),
        },
      },
    );
  }

  it('is asked for as RFC 6749 has it, with the client in the header or in the form', async () => {
    const header = open('basic');
    await idsOf(header.connection.orders!);
    assert.equal(header.asked[0]!.body, 'grant_type=client_credentials&scope=a%20b');
    assert.equal(
      header.asked[0]!.headers!.authorization,
      `Basic ${Buffer.from('the-key:the-secret').toString('base64')}`,
    );
    const form = open('form');
    await idsOf(form.connection.orders!);
    assert.match(form.asked[0]!.body!, /client_id=the-key&client_secret=the-secret/);
    assert.equal(form.asked[0]!.headers!.authorization, undefined);
  });

  it('is kept, and renewed a minute before it ends', async () => {
    const { connection } = open();
    await idsOf(connection.orders!);
    now += 539_000;
    await idsOf(connection.orders!);
    assert.equal(issuedTokens, 1);
    now += 2_000;
    await idsOf(connection.orders!);
    assert.equal(issuedTokens, 2);
  });

  it('is asked for once by all who need it at the same time', async () => {
    const { connection } = open();
    await Promise.all(Array.from({ length: 8 }, () => idsOf(connection.orders!)));
    assert.equal(issuedTokens, 1);
  });

  it('is renewed once when the shop refuses it, and not again', async () => {
    const { connection, asked } = open();
    await idsOf(connection.orders!);
    taken = new Set(['issued-2']);
    await idsOf(connection.orders!);
    assert.equal(issuedTokens, 2);
    taken = new Set(['none']);
    const before = asked.length;
    const fault = await faultOf(idsOf(connection.orders!));
    assert.equal(fault.kind, 'credentials');
    assert.equal(asked.length - before, 3);
  });

  it('never stands in a fault', async () => {
    taken = new Set(['none']);
    const fault = await faultOf(idsOf(open().connection.orders!));
    assert.doesNotMatch(JSON.stringify([fault.message, fault.params]), /issued-\d|the-secret/);
  });

  for (const [what, answer, kind, code] of [
    [
      'a wrong client',
      { status: 400, body: { error: 'invalid_client' } },
      'credentials',
      'channel.credentials-refused',
    ],
    ['a server in trouble', { status: 503, body: '' }, 'platform', 'channel.platform-trouble'],
    ['an answer without token', { body: {} }, 'platform', 'channel.answer-unexpected'],
    ['a login page', { body: '<html>Sign in' }, 'platform', 'channel.answer-not-json'],
  ] as const)
    it(`says that it was not given, for ${what}`, async () => {
      const fault = await faultOf(idsOf(open('form', () => answer).connection.orders!));
      assert.deepEqual([fault.kind, fault.code], [kind, code]);
    });

  it('is not taken from others by one who gives up', async () => {
    const { connection } = open();
    const gone = AbortSignal.abort();
    const first = connection.orders!.changed(span, gone)[Symbol.asyncIterator]().next();
    const [fault, ids] = await Promise.all([faultOf(first), idsOf(connection.orders!)]);
    assert.equal(fault.code, 'channel.stopped');
    assert.deepEqual(ids, []);
    assert.equal(issuedTokens, 1);
    assert.equal(idle.aborted, false);
  });
});
