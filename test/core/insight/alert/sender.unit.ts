import assert from 'node:assert/strict';
import type { ClaimedDelivery } from '../../../../core/delivery/delivery.ts';
import { deliveryError, type Failure } from '../../../../core/delivery/failure.ts';
import type { HandlerResult } from '../../../../core/delivery/source.ts';
import { HubError } from '../../../../core/errors.ts';
import type { AlertChannel, AlertKind, SendReceipt } from '../../../../core/insight/alert/channel.ts';
import { AlertSender } from '../../../../core/insight/alert/sender.ts';

const message = { id: 'late|web/main/1|7', title: 'late', text: 'late', to: 'desk', markdown: false };

/** A sender with a channel that does as told and a clock that stands until it is moved. */
class Bench {
  now = 1_000_000;
  sent: { settings: object; secrets: object; stopped: boolean }[] = [];
  outcomes: string[] = [];
  timers: { at: number; act: () => void }[] = [];
  answer: () => Promise<SendReceipt> = async () => receipt;
  readonly sender: AlertSender;

  constructor(kind: AlertKind = 'dingtalk') {
    const channel: AlertChannel = {
      kind,
      label: { 'en-US': kind, 'zh-CN': kind },
      validate: () => [],
      prepare: () => assert.fail('not asked for'),
      send: (_message, settings, secrets, { signal }) => {
        this.sent.push({ settings, secrets, stopped: signal?.aborted ?? false });
        return this.answer();
      },
    };
    this.sender = new AlertSender({
      kind,
      channel,
      settings: (markdown) => ({ format: markdown ? 'markdown' : 'text' }),
      secrets: { webhook: 'token' },
      now: () => this.now,
      http: async () => ({ request: () => assert.fail('nothing is posted') }) as never,
      onOutcome: (outcome) => this.outcomes.push('failure' in outcome ? outcome.failure.code : 'sent'),
      timers: {
        after: (ms, act) => {
          const timer = { at: this.now + ms, act };
          this.timers.push(timer);
          return () => {
            this.timers = this.timers.filter((other) => other !== timer);
          };
        },
      },
    });
  }

  fails(code: string, options: { retryable?: boolean; retryAfterMs?: number } = {}): void {
    this.answer = () => Promise.reject(new HubError(code, { host: 'example.com', seconds: 60 }, options));
  }

  advance(ms: number): void {
    this.now += ms;
    for (const timer of [...this.timers]) if (timer.at <= this.now) timer.act();
  }
}

const receipt: SendReceipt = { kind: 'dingtalk', at: 0, providerId: null, cut: false, refused: [] };

function delivery(more: Partial<ClaimedDelivery> = {}, content: unknown = message): ClaimedDelivery {
  return {
    id: 1,
    token: 1,
    ref: 1,
    topic: 'alert',
    subscriber: 'alert:desk',
    key: 'web/main/1',
    attempt: 1,
    createdAt: 0,
    leaseUntil: 0,
    lastError: null,
    edited: false,
    inbox: null,
    event: null,
    alert: {
      id: 1,
      alertKey: message.id,
      target: 'desk',
      rule: 'late',
      orderKey: 'web/main/1',
      event: '7',
      message: content,
      at: 0,
    },
    ...more,
  };
}

/** The failure a delivery ended with. */
function failureIn(result: HandlerResult): Failure {
  if (typeof result === 'string') assert.fail(`ended as ${result}`);
  return result;
}

/** Lets what waits for nothing but promises go on. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the sender of a target', () => {
  it('is done with what was sent, and tells so', async () => {
    const bench = new Bench();
    assert.equal(await bench.sender.handle(delivery()), 'done');
    assert.deepEqual(bench.sent, [
      { settings: { format: 'text' }, secrets: { webhook: 'token' }, stopped: false },
    ]);
    assert.deepEqual(bench.outcomes, ['sent']);
  });

  it('asks the channel for Markdown when the text is Markdown', async () => {
    const bench = new Bench();
    await bench.sender.handle(delivery({}, { ...message, markdown: true }));
    assert.deepEqual(bench.sent[0]?.settings, { format: 'markdown' });
  });

  it('tries again what may pass, and gives up at once what cannot', async () => {
    const bench = new Bench();
    bench.fails('alert.server-error', { retryable: true });
    const passing = failureIn(await bench.sender.handle(delivery()));
    assert.ok(!passing.permanent);
    assert.equal(passing.error.code, 'alert.server-error');
    bench.fails('alert.robot-token');
    const final = failureIn(await bench.sender.handle(delivery()));
    assert.equal(final.permanent, true);
    assert.deepEqual(bench.outcomes, ['alert.server-error', 'alert.robot-token']);
  });

  it('does not hide a fault of its own', async () => {
    const bench = new Bench();
    bench.answer = () => Promise.reject(new TypeError('a slip'));
    await assert.rejects(bench.sender.handle(delivery()), TypeError);
  });

  it('holds every alert for as long as the target asks to wait', async () => {
    const bench = new Bench();
    bench.fails('alert.throttled', { retryable: true, retryAfterMs: 60_000 });
    const first = failureIn(await bench.sender.handle(delivery()));
    assert.equal(first.retryAfterMs, 60_000);
    bench.answer = async () => receipt;
    const second = bench.sender.handle(delivery({ id: 2 }));
    await turn();
    bench.advance(59_000);
    await turn();
    assert.equal(bench.sent.length, 1);
    bench.advance(1_000);
    assert.equal(await second, 'done');
  });

  it('holds a target for a quarter of an hour at most', async () => {
    const bench = new Bench();
    bench.fails('alert.sms-limited', { retryable: true, retryAfterMs: 24 * 3_600_000 });
    await bench.sender.handle(delivery());
    bench.answer = async () => receipt;
    const second = bench.sender.handle(delivery({ id: 2 }));
    await turn();
    bench.advance(15 * 60_000);
    assert.equal(await second, 'done');
  });

  it('gives back what is held when it is closed, and begins nothing more', async () => {
    const bench = new Bench();
    bench.fails('alert.throttled', { retryable: true, retryAfterMs: 60_000 });
    await bench.sender.handle(delivery());
    const held = bench.sender.handle(delivery({ id: 2 }));
    await turn();
    bench.sender.close();
    assert.equal(await held, 'give-back');
    assert.equal(await bench.sender.handle(delivery({ id: 3 })), 'give-back');
    assert.deepEqual([bench.sent.length, bench.timers], [1, []]);
  });

  it('gives back what it breaks off, without telling of a failure', async () => {
    const bench = new Bench();
    bench.fails('alert.stopped', { retryable: true });
    bench.sender.breakOff();
    assert.equal(await bench.sender.handle(delivery()), 'give-back');
    assert.deepEqual([bench.sent[0]?.stopped, bench.outcomes], [true, []]);
  });

  for (const code of ['delivery.process-stopped', 'delivery.lapsed'])
    it(`never sends an SMS again whose sending ended with ${code}`, async () => {
      const bench = new Bench('sms-aliyun');
      const result = failureIn(
        await bench.sender.handle(delivery({ attempt: 2, lastError: deliveryError(code, { attempt: 1 }) })),
      );
      assert.equal(result.permanent, true);
      assert.equal(result.error.code, 'alert.sms-unknown-outcome');
      assert.deepEqual([bench.sent.length, bench.outcomes], [0, ['alert.sms-unknown-outcome']]);
    });

  it('sends an SMS again that surely was not sent, and a chat message in any case', async () => {
    const sms = new Bench('sms-tencent');
    const failed = deliveryError('alert.sms-limited', { host: 'x', minutes: 1 });
    assert.equal(await sms.sender.handle(delivery({ attempt: 2, lastError: failed })), 'done');
    const robot = new Bench();
    const stopped = deliveryError('delivery.process-stopped', { attempt: 1 });
    assert.equal(await robot.sender.handle(delivery({ attempt: 2, lastError: stopped })), 'done');
  });

  for (const content of [null, 'text', {}, { ...message, text: 7 }])
    it(`gives up a message that was edited to ${JSON.stringify(content)}`, async () => {
      const bench = new Bench();
      const result = failureIn(await bench.sender.handle(delivery({ edited: true }, content)));
      assert.equal(result.permanent, true);
      assert.equal(result.error.code, 'alert.message-invalid');
      assert.equal(bench.sent.length, 0);
    });
});
