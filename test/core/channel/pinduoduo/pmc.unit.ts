import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { pddOf } from '../../../../core/channel/pinduoduo/call.ts';
import { connectPinduoduo } from '../../../../core/channel/pinduoduo/connection.ts';
import { messagesOf } from '../../../../core/channel/pinduoduo/pmc.ts';
import { pmcAddress } from '../../../../core/channel/pinduoduo/pmc-address.ts';
import { platformNamed } from '../../../../core/channel/platform.ts';
import { parseJson } from '../../../../core/json.ts';
import { answeringChannel, faultOf, idle } from '../answering-channel.ts';
import { sampleText } from '../open-platform.ts';
import { Listening, permitted, promptly } from './pmc-line.ts';

/** The frames of the sample as they go over the wire, all digits kept. */
const [first, acknowledged, second] = sampleText('pdd/pmc_frames')
  .split(/"frame":/)
  .slice(1)
  .map((text) => {
    const frame = text.slice(0, text.lastIndexOf('}', text.lastIndexOf('direction'))).trim();
    return frame.replace(/\s*\n\s*/g, '').replace(/":\s+/g, '":');
  }) as [string, string, string];

describe('messages of Pinduoduo', () => {
  it('are acknowledged once they are durable, by the digits of their ids', async () => {
    const listening = new Listening();
    const events: string[] = [];
    listening.keep = async () => {
      await Promise.resolve();
      events.push('durable');
    };
    const ended = listening.listen();
    const line = await listening.line();
    line.opens();
    line.addEventListener('sent', () => events.push('acknowledged'));
    line.gives(first);
    await once(line, 'sent');
    assert.deepEqual(events, ['durable', 'acknowledged']);
    const [ack] = line.answers();
    assert.equal(ack!.replace(/"time":\d+/, ''), acknowledged.replace(/"time":\d+/, ''));
    line.gives(second);
    await once(line, 'sent');
    listening.stop();
    await ended;
    assert.deepEqual(listening.states, ['connecting', 'open']);
    assert.ok(line.isClosed);
    assert.deepEqual(
      listening.taken.map(({ id, topic, channelOrderId }) => [id, topic, channelOrderId]),
      [
        ['7300000000000000001', 'pdd_trade_TradeConfirmed', '260901-100000000000001'],
        ['7300000000000000002', 'pdd_refund_RefundCreated', '260901-100000000000004'],
      ],
    );
    assert.equal(listening.taken[0]!.body, first, 'not as it came');
  });

  it('that came together are kept together, and each is acknowledged', async () => {
    const listening = new Listening();
    const batches: number[] = [];
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    listening.keep = async (messages) => {
      batches.push(messages.length);
      await held;
    };
    const ended = listening.listen();
    const line = await listening.line();
    line.opens();
    const frames = Array.from({ length: 251 }, (_, index) =>
      first.replace('7300000000000000001', String(7_300_000_000_000_000_000n + BigInt(index))),
    );
    line.gives(...frames);
    const all = new Promise<void>((resolve) => {
      line.addEventListener('sent', () => line.sent.length === 251 && resolve());
    });
    release();
    await all;
    listening.stop();
    await ended;
    assert.equal(Math.max(...batches), 100);
    assert.deepEqual(
      line.sent.map((text) => /"id":(\d+)/.exec(text)![1]),
      frames.map((text) => /"id":(\d+)/.exec(text)![1]),
    );
  });

  it('that could not be kept have failed, and come again over another connection', async () => {
    const listening = new Listening();
    let tries = 0;
    listening.keep = async () => {
      tries += 1;
      if (tries === 1) throw new Error('disk full');
    };
    const ended = listening.listen();
    const line = await listening.line();
    line.opens();
    const next = listening.line();
    line.gives(first);
    const again = await next;
    assert.match(line.sent[0]!, /^\{"commandType":"Fail","time":\d+,"id":7300000000000000001,/);
    assert.ok(line.isClosed);
    again.opens();
    again.gives(first);
    await once(again, 'sent');
    listening.stop();
    await ended;
    assert.match(again.sent[0]!, /"Ack"/);
    assert.deepEqual(listening.states, ['connecting', 'open', 'disk full', 'connecting', 'open']);
  });

  it('of no order, in no known form, or no messages at all do no harm', async () => {
    const listening = new Listening();
    const ended = listening.listen();
    const line = await listening.line();
    line.opens();
    line.gives(
      'pong',
      '[]',
      '{"commandType":"HeartBeat","time":1}',
      '{"commandType":"Common","message":{"type":"without-id"}}',
      '{"id":7,"commandType":"Common","message":{"type":"pdd_goods_Change","mallID":1,"content":"not JSON"}}',
      '{"id":"007","commandType":"Common","message":{"type":"pdd_goods_Change","mallID":1,"content":""}}',
    );
    while (line.sent.length < 2) await once(line, 'sent');
    listening.stop();
    await ended;
    assert.deepEqual(
      listening.taken.map(({ id, topic, channelOrderId }) => [id, topic, channelOrderId]),
      [
        ['7', 'pdd_goods_Change', null],
        ['007', 'pdd_goods_Change', null],
      ],
    );
    assert.match(line.sent[1]!, /"Ack".*"id":"007"/);
    assert.match(line.sent[0]!, /"Ack".*"id":7,"type":"pdd_goods_Change","mallID":1/);
  });

  it('are asked for again when the connection is cut', async () => {
    const listening = new Listening();
    const ended = listening.listen();
    const line = await listening.line();
    line.opens();
    const next = listening.line();
    line.isCut(1001);
    (await next).opens();
    listening.stop();
    await ended;
    assert.equal(listening.states.length, 5);
    assert.match(listening.states[2]!, /message-api\.pinduoduo\.com.*1001/);
  });

  it('show that somebody listens, and are asked for anew when nothing comes for long', async () => {
    const beating = new Listening({ waits: { heartbeat: 1 } });
    let ended = beating.listen();
    const line = await beating.line();
    line.opens();
    await once(line, 'sent');
    beating.stop();
    await ended;
    assert.deepEqual(parseJson(line.sent[0]!), { commandType: 'HeartBeat', time: 1_788_249_600_000 });

    const quiet = new Listening({ waits: { heartbeat: 1, quiet: 3 } });
    ended = quiet.listen();
    const dead = await quiet.line();
    const next = quiet.line();
    dead.opens();
    const alive = await next;
    assert.ok(dead.isClosed);
    alive.opens();
    quiet.stop();
    await ended;
    assert.deepEqual(quiet.states, ['connecting', 'open', 'connecting', 'open'], 'that is no trouble');
  });

  it('end with what a person must mend', async () => {
    const listening = new Listening({
      answer: () => ({ body: { error_response: { error_code: 10019, error_msg: 'access_token已过期' } } }),
    });
    assert.equal((await faultOf(listening.listen())).kind, 'credentials');
    assert.deepEqual(listening.states, ['connecting']);
  });

  it('cannot come without a WebSocket, and say so', async () => {
    const { WebSocket: known } = globalThis;
    let source: ReturnType<typeof connectPinduoduo>['messages'];
    try {
      Object.assign(globalThis, { WebSocket: undefined });
      source = answeringChannel(connectPinduoduo, () => permitted).connection.messages;
    } finally {
      Object.assign(globalThis, { WebSocket: known });
    }
    const events = { onMessages: () => Promise.resolve(), onState: () => undefined };
    const fault = await faultOf(source!.listen(events, idle));
    assert.equal(fault.code, 'pinduoduo.no-websocket');
    assert.equal(fault.retryable, false);
    assert.ok(fault.message.includes(process.version));
  });

  it('hint at the order they are about', () => {
    const { hintOf } = platformNamed('pinduoduo');
    assert.equal(hintOf!({ topic: '', body: parseJson(first) }), '260901-100000000000001');
    for (const content of [null, '{', '{"tid":"x"}', '{"tid":0}', { tid: '' }])
      assert.equal(hintOf!({ topic: '', body: { message: { content } } }), null, JSON.stringify(content));
    for (const body of [null, 'text', {}, { message: [] }]) assert.equal(hintOf!({ topic: '', body }), null);
  });
});

describe('the message service of Pinduoduo', () => {
  const access = { credentials: { appKey: 'app', appSecret: 'secret' }, now: () => 1_700_000_000_000 };
  const digest = 'OTgxODMwNDI2NWZiN2NiNzA2NzIxOTI0ZjJlMDMxMjE%3D';

  it('is asked where the account asks', () => {
    for (const [address, expected] of [
      ['', 'wss://message-api.pinduoduo.com/message'],
      ['https://gw-api.pinduoduo.com/api/router', 'wss://message-api.pinduoduo.com/message'],
      ['https://relay.example.test/pdd/api/router', 'wss://relay.example.test/pdd/message'],
      ['https://relay.example.test/', 'wss://relay.example.test/message'],
      ['http://127.0.0.1:8080/pdd/', 'ws://127.0.0.1:8080/pdd/message'],
    ] as const)
      assert.equal(pmcAddress({ ...access, address }), `${expected}/app/1700000000000/${digest}`);
  });

  for (const [how, code, connect, upgrade] of [
    [
      'refuses the connection',
      'pinduoduo.messages-refused',
      promptly.connect,
      (socket: Socket) => socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n'),
    ],
    ['never answers', 'pinduoduo.messages-silent', 20, () => undefined],
  ] as const)
    it(`that ${how} is tried again, and what it said is told without what proves who asks`, async () => {
      const sockets = new Set<Socket>();
      const server = createServer();
      server.on('upgrade', (_request, socket: Socket) => {
        sockets.add(socket);
        socket.on('error', () => socket.destroy());
        upgrade(socket);
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const stop = new AbortController();
      const reasons: unknown[] = [];
      const { connection } = answeringChannel(
        (given) => ({
          ...connectPinduoduo(given),
          messages: messagesOf(pddOf(given), given, { ...promptly, connect }),
        }),
        () => permitted,
        { credentials: access.credentials, address: `http://127.0.0.1:${port}/api/router` },
      );
      try {
        await connection.messages!.listen(
          {
            onMessages: () => Promise.resolve(),
            onState(state) {
              if (state.kind !== 'waiting') return;
              reasons.push(state.reason);
              if (reasons.length === 2) stop.abort();
            },
          },
          stop.signal,
        );
      } finally {
        for (const socket of sockets) socket.destroy();
        server.close();
      }
      for (const reason of reasons) {
        const fault = await faultOf(Promise.reject(reason));
        assert.equal(fault.code, code);
        assert.ok(fault.retryable);
        assert.ok(fault.message.includes(`127.0.0.1:${port}`));
        assert.doesNotMatch(fault.message, /message\/app/);
      }
    });
});
