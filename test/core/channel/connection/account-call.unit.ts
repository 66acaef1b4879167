import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  AccountCall,
  type AccountCallOptions,
} from '../../../../core/channel/connection/call/account-call.ts';
import { AccountPacing } from '../../../../core/channel/connection/call/account-pacing.ts';
import { openCall } from '../../../../core/channel/connection/call/open-call.ts';
import { ChannelFault, callerFault, throttledFault } from '../../../../core/channel/connection/fault.ts';
import type { CallAnswer, CallRequest } from '../../../../core/channel/connection/http-call.ts';

type Answering = (request: IncomingMessage, response: ServerResponse, count: number) => void;

describe('Requests of a channel account', () => {
  const open: (() => void)[] = [];
  afterEach(() => {
    for (const close of open.splice(0)) close();
  });

  async function gateway(answering: Answering): Promise<{ url: string; server: Server; asked(): number }> {
    let count = 0;
    const server = createServer((request, response) => {
      count += 1;
      request.resume();
      answering(request, response, count);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.push(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}/api?token=SECRET`, server, asked: () => count };
  }

  function account(options: Partial<AccountCallOptions> = {}): AccountCall {
    const made = new AccountCall({
      platform: 'Shop',
      pacing: new AccountPacing(10_000),
      firstWaitMs: 1,
      longestWaitMs: 50,
      ...options,
    });
    open.push(() => made.close());
    return made;
  }

  const idle = new AbortController().signal;

  function ask<T = unknown>(
    { call }: AccountCall,
    url: string,
    {
      judge = (answer: CallAnswer) => answer.json() as T,
      signal = idle,
      ...request
    }: Partial<CallRequest> & {
      judge?: (answer: CallAnswer) => T;
      signal?: AbortSignal;
    } = {},
  ): Promise<T> {
    return call(
      () => ({ name: 'shop.orders', method: 'POST', url, repeatable: true, body: '{}', ...request }),
      judge,
      signal,
    );
  }

  async function faultOf(promised: Promise<unknown>): Promise<ChannelFault> {
    const error = await promised.then(
      () => assert.fail('It went through'),
      (reason: unknown) => reason,
    );
    assert.ok(ChannelFault.is(error), `not a channel's fault: ${String(error)}`);
    assert.doesNotMatch(error.message, /SECRET/, 'the address was told');
    return error;
  }

  it('hands over JSON with all digits of its numbers', async () => {
    const { url } = await gateway((_request, response) =>
      response.end('{"tid":2100000000000000001,"a":1.5}'),
    );
    assert.deepEqual(await ask(account(), url), { tid: '2100000000000000001', a: 1.5 });
  });

  it('reads text in the charset that the answer names', async () => {
    const gbk = Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xb2, 0xe8, 0xd2, 0xb6, 0x22, 0x7d]);
    const { url } = await gateway((_request, response) => {
      response.setHeader('content-type', 'application/json; charset=GBK');
      response.end(gbk);
    });
    assert.deepEqual(await ask(account(), url), { a: '茶叶' });
  });

  it('tries again what the platform could not do just then, and makes the request anew', async () => {
    const { url, asked } = await gateway((_request, response, count) => {
      response.statusCode = count < 3 ? 503 : 200;
      response.end('{"fine":true}');
    });
    let made = 0;
    const { call } = account();
    const result = await call(
      () => {
        made += 1;
        return { name: 'shop.orders', method: 'GET', url, repeatable: true };
      },
      (answer) => {
        if (answer.status === 503) throw new ChannelFault('platform', 'channel.platform-trouble', {});
        return answer.json();
      },
      idle,
    );
    assert.deepEqual(result, { fine: true });
    assert.equal(asked(), 3);
    assert.ok(made >= 3, 'a request was sent again as it was');
  });

  it('does not repeat what must be done once when its answer was lost', async () => {
    const { url, asked } = await gateway((request) => request.socket.destroy());
    const fault = await faultOf(ask(account(), url, { repeatable: false }));
    assert.equal(fault.code, 'channel.unreachable');
    assert.ok(fault.retryable, 'whoever asked may look and try again');
    assert.equal(asked(), 1);
  });

  it('waits as long as the platform says before the next request of any node', async () => {
    const { url } = await gateway((_request, response) => response.end('{}'));
    const pacing = new AccountPacing(10_000);
    const shared = account({ pacing, longestWaitMs: 1_000 });
    const pauseMs = 500;
    const began = Date.now();
    let refusals = 0;
    const judge = (): string => {
      refusals += 1;
      if (refusals > 1) return 'through';
      throw throttledFault({ platform: 'Shop', call: 'shop.orders', code: '7', said: '' }, pauseMs);
    };
    const first = ask(shared, url, { judge });
    const [held] = await new Promise<number[]>((resolve) => {
      const stop = shared.onState(({ heldUntil }) => {
        stop();
        resolve([heldUntil ?? 0]);
      });
    });
    assert.ok(held! >= began + pauseMs, 'nobody was told that the platform wants a pause');
    assert.equal(await first, 'through');
    assert.ok(Date.now() >= held!, 'a request went while the platform wanted none');
  });

  it('leaves a longer wait than it may take to whoever asked', async () => {
    const { url, asked } = await gateway((_request, response) => response.end('{}'));
    const fault = await faultOf(
      ask(account(), url, {
        judge: () => {
          throw throttledFault({ platform: 'Shop', call: 'shop.orders', code: '7', said: '' }, 3_600_000);
        },
      }),
    );
    assert.equal(fault.retryAfterMs, 3_600_000);
    assert.equal(asked(), 1);
  });

  it('leaves a platform alone that failed again and again, and lets one request through later', async () => {
    let down = true;
    const { url, asked } = await gateway((request, response) => {
      if (down) request.socket.destroy();
      else response.end('{}');
    });
    const made = account({ attempts: 1, breakAfter: 3, restMs: 30 });
    for (let index = 0; index < 3; index += 1) await faultOf(ask(made, url));
    assert.equal(made.state().circuit, 'open');
    const fault = await faultOf(ask(made, url));
    assert.equal(fault.code, 'channel.circuit-open');
    assert.match(fault.message, /3 failures in a row/);
    assert.equal(asked(), 3, 'it was asked while left alone');
    down = false;
    for (;;) {
      const result = await ask(made, url).catch((error: unknown) => error);
      if (!ChannelFault.is(result)) break;
      assert.equal(result.code, 'channel.circuit-open');
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.deepEqual(made.state(), { circuit: 'closed', heldUntil: null, fault: null });
  });

  it('does not count wrong credentials or refusals as trouble of the platform', async () => {
    const { url } = await gateway((_request, response) => response.end('{}'));
    const made = account({ attempts: 1, breakAfter: 2 });
    for (let index = 0; index < 5; index += 1) {
      const fault = await faultOf(
        ask(made, url, {
          judge: () => {
            throw new ChannelFault('credentials', 'channel.credentials-refused', {});
          },
        }),
      );
      assert.equal(fault.kind, 'credentials');
    }
    assert.equal(made.state().circuit, 'closed');
    assert.equal(made.state().fault?.kind, 'credentials');
  });

  for (const [what, body, code] of [
    [
      'an HTML page with status 200',
      '<html><title>Log in</title><body>Please log in',
      'channel.answer-not-json',
    ],
    ['JSON without its end', '{"orders":[{"id":1', 'channel.answer-truncated'],
    ['nothing', '', 'channel.answer-not-json'],
  ] as const)
    it(`names ${what} for what it is`, async () => {
      const { url } = await gateway((_request, response) => response.end(body));
      const fault = await faultOf(ask(account({ attempts: 1 }), url));
      assert.equal(fault.code, code);
      if (body.startsWith('<')) assert.match(fault.message, /Log in Please log in/);
    });

  it('names an answer that broke off in its middle', async () => {
    const { url } = await gateway((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"orders":[');
      setImmediate(() => response.destroy());
    });
    const fault = await faultOf(ask(account({ attempts: 1 }), url));
    assert.equal(fault.code, 'channel.answer-cut');
    assert.match(fault.message, /was cut while its answer/);
  });

  it('names an address that sends requests elsewhere, and does not follow', async () => {
    const { url, asked } = await gateway((_request, response) => {
      response.writeHead(301, { location: '/elsewhere' });
      response.end();
    });
    assert.equal((await faultOf(ask(account(), url))).code, 'channel.redirected');
    assert.equal(asked(), 1);
  });

  it('gives up a request that takes too long', async () => {
    const { url } = await gateway(() => undefined);
    const fault = await faultOf(ask(account({ attempts: 1, timeoutMs: 30 }), url));
    assert.equal(fault.code, 'channel.timeout');
  });

  it('tells a limit of whoever asked as a lack of time, and not as a node that closes', async () => {
    const { url } = await gateway(() => undefined);
    const made = account();
    const began = Date.now();
    const fault = await faultOf(ask(made, url, { signal: AbortSignal.timeout(30) }));
    const waited = (Date.now() - began) / 1_000;
    assert.equal(fault.code, 'channel.timeout');
    const told = /127\.0\.0\.1:\d+ did not answer within (\d+\.\d) seconds \(shop\.orders\)/.exec(
      fault.message,
    );
    assert.ok(Number(told?.[1]) <= waited + 0.1, `${fault.message} It was ${waited} seconds.`);
    assert.ok(fault.retryable, 'it may be asked again');
    const late = AbortSignal.abort(new DOMException('', 'TimeoutError'));
    assert.equal((await faultOf(ask(made, url, { signal: late }))).code, 'channel.timeout');
  });

  it('tells a limit as such where only its turn was waited for', async () => {
    const { url, asked } = await gateway((_request, response) => response.end('{}'));
    const pacing = new AccountPacing(10_000);
    pacing.hold(60_000);
    const fault = await faultOf(
      ask(account({ pacing, longestWaitMs: 60_000 }), url, { signal: AbortSignal.timeout(30) }),
    );
    assert.equal(fault.code, 'channel.timeout');
    assert.equal(asked(), 0);
  });

  it('ends at once, waits included, when the node closes', async () => {
    const { url } = await gateway((request) => request.socket.destroy());
    const made = account({ attempts: 3, firstWaitMs: 60_000, longestWaitMs: 60_000 });
    const asking = faultOf(ask(made, url));
    await new Promise<void>((resolve) => {
      const stop = made.onState(() => {
        stop();
        resolve();
      });
    });
    made.close();
    assert.equal((await asking).code, 'channel.stopped');
  });

  it('keeps its connections for the next request', async () => {
    const sockets = new Set<unknown>();
    const { url } = await gateway((request, response) => {
      sockets.add(request.socket);
      response.end('{}');
    });
    const made = account();
    for (let index = 0; index < 5; index += 1) await ask(made, url);
    assert.equal(sockets.size, 1);
  });

  it('names the package that is missing', async () => {
    await assert.rejects(
      openCall({ platform: 'Shop', pacing: new AccountPacing(1) }, () =>
        Promise.reject(new Error("Cannot find package 'cockatiel'")),
      ),
      /npm install cockatiel/,
    );
  });

  it('keeps secrets out of what the platform writes back', async () => {
    const { url } = await gateway((_request, response) => response.end('{}'));
    const judge = (): never => {
      throw callerFault({ platform: 'Shop', call: 'shop.orders', code: '40', said: 'token T0KEN/+= is odd' });
    };
    const fault = await faultOf(ask(account({ secrets: ['T0KEN/+='] }), url, { judge }));
    assert.match(fault.message, /token \*\*\* is odd/);
    assert.deepEqual({ ...fault.params }.said, 'token *** is odd');
  });

  it('lets no more through than its rate', async () => {
    let now = 0;
    const waiting: { at: number; act: () => void }[] = [];
    const timers = {
      after(ms: number, act: () => void) {
        waiting.push({ at: now + ms, act });
        return () => undefined;
      },
    };
    const pacing = new AccountPacing(10, { timers, now: () => now });
    const went: number[] = [];
    const all = Promise.all(
      Array.from({ length: 30 }, () => pacing.take(1, idle, 0).then(() => went.push(now))),
    );
    let ended = false;
    void all.then(() => {
      ended = true;
    });
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (ended) break;
      const next = waiting.shift();
      assert.ok(next, 'nobody waits, and not all went');
      now = next.at;
      next.act();
    }
    const inFirstSecond = went.filter((at) => at < 1_000).length;
    assert.ok(inFirstSecond <= 12, `${inFirstSecond} went in the first second, at 10 a second`);
    assert.ok(now >= 2_700 && now <= 3_000, `30 at 10 a second took ${now} ms`);
  });
});
